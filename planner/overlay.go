package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// layered is a piece of a route with what lies over it, in the order in which
// the claims were given.
type layered struct {
	span   chainage.Span
	claims []int // indexes, rising
}

// overlay cuts claims on a route wherever what lies over a place changes.
// Places that no claim has are left out.
func overlay(claims []chainage.Set) []layered {
	type edge struct {
		at    int64
		claim int
		opens bool
	}
	var edges []edge
	for i, set := range claims {
		for _, span := range set {
			edges = append(edges, edge{span.From, i, true}, edge{span.To, i, false})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out []layered
	var over []int
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			place, _ := slices.BinarySearch(over, edges[i].claim)
			if edges[i].opens {
				over = slices.Insert(over, place, edges[i].claim)
			} else {
				over = slices.Delete(over, place, place+1)
			}
		}
		if len(over) == 0 || i == len(edges) {
			continue
		}
		next := chainage.Span{From: at, To: edges[i].at}
		if n := len(out); n > 0 && out[n-1].span.To == at && slices.Equal(out[n-1].claims, over) {
			out[n-1].span.To = next.To
			continue
		}
		out = append(out, layered{next, slices.Clone(over)})
	}
	return out
}
