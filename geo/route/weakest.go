package route

import "github.com/qiantu/qiantu/geo"

// Weakest is what keeps a path from being good throughout.
type Weakest struct {
	First   int            // the first step that fails, its place on the path; -1 when none does
	Missing geo.Millimetre // of road that fails
	Failing []int          // every step that fails, in order of travel
}

// Weakest goes along a path and asks of each edge whether it will do: built,
// hardened, open all year, or what the question is.
func (p Path) Weakest(good func(edge int32) bool) Weakest {
	w := Weakest{First: -1}
	for i, step := range p.Steps {
		if good(step.Edge) {
			continue
		}
		if w.First < 0 {
			w.First = i
		}
		w.Missing += max(step.To-step.From, step.From-step.To)
		w.Failing = append(w.Failing, i)
	}
	return w
}
