package sample

import "sort"

// river is a stretch of water from its head, or from a meeting of waters, down
// to where it joins a bigger one or leaves the county.
type river struct {
	cells []int32
	basin float64 // square kilometres at its mouth
}

// riverFrom is the land in square kilometres that makes a brook worth drawing.
const riverFrom = 5.0

// rivers lists the waters of the county, the biggest first. Each follows the
// larger branch upwards at every meeting.
func (p *partition) rivers() []river {
	var heads []int32
	upper := make([]int32, p.cells()) // the bigger branch above a cell
	for c := range upper {
		upper[c] = -1
	}
	for i := len(p.order) - 1; i >= 0; i-- {
		c := p.order[i]
		if d := p.down[c]; d != c && p.basin[c] >= riverFrom && (upper[d] < 0 || p.basin[upper[d]] < p.basin[c]) {
			upper[d] = c
		}
	}
	for _, c := range p.order {
		if p.basin[c] >= riverFrom && (p.down[c] == c || upper[p.down[c]] != c) {
			heads = append(heads, c)
		}
	}
	var out []river
	for _, mouth := range heads {
		out = append(out, p.upstream(mouth, upper)...)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].basin > out[j].basin })
	return out
}

// upstream follows one river up from its mouth and keeps what lies in the county.
func (p *partition) upstream(mouth int32, upper []int32) []river {
	var all []int32
	if p.down[mouth] != mouth {
		all = append(all, p.down[mouth])
	}
	for c := mouth; c >= 0; c = upper[c] {
		all = append(all, c)
	}
	var out []river
	var run []int32
	flush := func() {
		if len(run) >= 4 {
			out = append(out, river{reversed(run), p.basin[run[min(1, len(run)-1)]]})
		}
		run = nil
	}
	for _, c := range all {
		if p.label[c] == outside {
			flush()
			continue
		}
		run = append(run, c)
	}
	flush()
	return out
}

func reversed(cells []int32) []int32 {
	out := make([]int32, len(cells))
	for i, c := range cells {
		out[len(cells)-1-i] = c
	}
	return out
}
