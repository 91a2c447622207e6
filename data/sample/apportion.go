package sample

import (
	"math"
	"sort"
)

// apportion splits a total over shares in proportion to weights, none below
// least, by largest remainder: the parts add up to the total exactly.
func apportion(total int64, weights []float64, least int64) []int64 {
	out := make([]int64, len(weights))
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	rest := total - least*int64(len(weights))
	type remainder struct {
		i int
		r float64
	}
	left := rest
	remainders := make([]remainder, len(weights))
	for i, w := range weights {
		exact := float64(rest) * w / sum
		part := int64(math.Floor(exact))
		out[i] = least + part
		left -= part
		remainders[i] = remainder{i, exact - float64(part)}
	}
	sort.SliceStable(remainders, func(a, b int) bool { return remainders[a].r > remainders[b].r })
	for k := 0; left > 0; k = (k + 1) % len(out) {
		out[remainders[k].i]++
		left--
	}
	return out
}

// apportionUpTo is apportion where no part may exceed its limit; what does not
// fit goes to the next parts with room.
func apportionUpTo(total int64, weights []float64, limits []int64) []int64 {
	out := apportion(total, weights, 0)
	over := int64(0)
	for i := range out {
		if out[i] > limits[i] {
			over += out[i] - limits[i]
			out[i] = limits[i]
		}
	}
	for i := range out {
		more := min(over, limits[i]-out[i])
		out[i] += more
		over -= more
	}
	return out
}
