package sample

import (
	"fmt"
	"math"
)

// random is the splitmix64 generator: small, and the same for ever, which the
// standard library does not promise of its own.
type random struct{ state uint64 }

// newRandom starts a stream of its own for a part of the work, so that a part
// that draws more numbers does not move the others.
func newRandom(seed uint64, part string) *random {
	state := seed*0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019
	for _, c := range []byte(part) {
		state = mix(state ^ uint64(c))
	}
	return &random{state}
}

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (r *random) next() uint64 {
	r.state += 0x9E3779B97F4A7C15
	return mix(r.state)
}

// float is uniform in [0, 1).
func (r *random) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// between is uniform in [low, high).
func (r *random) between(low, high float64) float64 { return low + r.float()*(high-low) }

// below is uniform in 0 .. n-1; 0 when n < 1.
func (r *random) below(n int) int {
	if n < 1 {
		return 0
	}
	return int(r.next() % uint64(n))
}

// whole is uniform in low .. high, both included.
func (r *random) whole(low, high int64) int64 { return low + int64(r.below(int(high-low+1))) }

func (r *random) chance(p float64) bool { return r.float() < p }

// uuid is a random (version 4) UUID.
func (r *random) uuid() string {
	a, b := r.next(), r.next()
	a = a&^0xF000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xFFFF, a&0xFFFF, b>>48, b&0xFFFFFFFFFFFF)
}

// shuffled is 0 .. n-1 in random order.
func (r *random) shuffled(n int) []int {
	order := make([]int, n)
	for i := range order {
		j := r.below(i + 1)
		order[i] = order[j]
		order[j] = i
	}
	return order
}

// pick is one of the items.
func pick[T any](r *random, items []T) T { return items[r.below(len(items))] }

// noise is a smooth random field over the plane, in -1 .. 1, with features of
// size 1.
type noise uint64

func newNoise(seed uint64, part string) noise { return noise(newRandom(seed, part).next()) }

func (n noise) lattice(x, y int64) float64 {
	h := mix(uint64(n) ^ mix(uint64(x)*0x9E3779B97F4A7C15+uint64(y)*0xC2B2AE3D27D4EB4F+1))
	return float64(h>>11)/(1<<52) - 1
}

func (n noise) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := fade(x-fx), fade(y-fy)
	i, j := int64(fx), int64(fy)
	low := lerp(n.lattice(i, j), n.lattice(i+1, j), u)
	high := lerp(n.lattice(i, j+1), n.lattice(i+1, j+1), u)
	return lerp(low, high, v)
}

// octaves adds finer and weaker copies of the field, about -1 .. 1.
func (n noise) octaves(x, y float64, count int) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for o := range count {
		sum += weight * (n+noise(o)*0x9E37).at(x, y)
		total += weight
		x, y, weight = x*2.03+17.3, y*2.03-9.1, weight/2
	}
	return sum / total
}

func fade(t float64) float64 { return t * t * t * (t*(t*6-15) + 10) }

func lerp(a, b, t float64) float64 { return a + (b-a)*t }
