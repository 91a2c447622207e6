package route

import "golang.org/x/sys/cpu"

// The inner loops in vector registers, see hierarchy_lanes_amd64.s. The Go
// around them looks at the lengths that they take on trust.

//go:noescape
func sweep32AVX512(dist, begin, seed, start, from, cost *uint32, nodes int)

//go:noescape
func sweep32AVX2(dist, begin, seed, start, from, cost *uint32, nodes int)

//go:noescape
func sweep64AVX512(dist, begin *uint64, seed, start, from *uint32, cost *uint64, nodes int)

//go:noescape
func collect32AVX512(dist *uint32, feet *footing[uint32], n int, inf uint32, out *uint32, stride int, used uint32)

//go:noescape
func collect32AVX2(dist *uint32, feet *footing[uint32], n int, inf uint32, out *uint32, stride int)

// kernels32 are those that this processor can do, the fastest first.
func kernels32() (out []kernel[uint32]) {
	if cpu.X86.HasAVX512F {
		out = append(out, kernel[uint32]{"AVX-512", sweepBy(sweep32AVX512), func(dist []uint32, feet []footing[uint32], inf uint32, into []uint32, stride, used int) {
			if fits(feet, into, stride, used) {
				collect32AVX512(&dist[0], &feet[0], len(feet), inf, &into[0], stride, 1<<used-1)
			}
		}})
	}
	if cpu.X86.HasAVX2 {
		out = append(out, kernel[uint32]{"AVX2", sweepBy(sweep32AVX2), func(dist []uint32, feet []footing[uint32], inf uint32, into []uint32, stride, used int) {
			if used < lanes {
				collectScalar(dist, feet, inf, into, stride, used)
			} else if fits(feet, into, stride, used) {
				collect32AVX2(&dist[0], &feet[0], len(feet), inf, &into[0], stride)
			}
		}})
	}
	return append(out, scalar[uint32]())
}

func kernels64() (out []kernel[uint64]) {
	if cpu.X86.HasAVX512F {
		out = append(out, kernel[uint64]{"AVX-512", sweepBy(sweep64AVX512), collectScalar[uint64]})
	}
	return append(out, scalar[uint64]())
}

// sweepBy is a sweep that does nothing where there are no nodes. What it takes
// the numbers of, a net sees to: they are below those of the node at hand.
func sweepBy[C packed](loop func(dist, begin *C, seed, start, from *uint32, cost *C, nodes int)) func(dist, begin []C, seed, start, from []uint32, cost []C, inf C) {
	return func(dist, begin []C, seed, start, from []uint32, cost []C, _ C) {
		nodes := len(start) - 1
		if nodes < 1 {
			return
		}
		_, _ = dist[(nodes+1)*lanes-1], seed[nodes-1]
		var none uint32
		var free C
		arcs, costs := &none, &free
		if len(from) > 0 {
			arcs, costs = &from[0], &cost[0]
		}
		loop(&dist[0], &begin[0], &seed[0], &start[0], arcs, costs, nodes)
	}
}

// fits sees to it that rows end within what they are written to; false when
// there is nothing to write.
func fits[C packed](feet []footing[C], into []C, stride, used int) bool {
	if len(feet) == 0 || used == 0 {
		return false
	}
	_ = into[(len(feet)-1)*stride+used-1]
	return true
}
