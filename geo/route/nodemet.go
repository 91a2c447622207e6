package route

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// neighbour is a vertex next to another.
type neighbour struct {
	key grid
	mm  geo.Millimetre
}

// gather notes the pieces of a way around an end.
func (n *noder) gather(end *looseEnd, _, _ int, part orb.LineString) {
	if end.around == nil {
		end.around = map[grid][]neighbour{}
	}
	box := widen(orb.Bound{Min: end.at, Max: end.at}, detour*n.reach.Metres())
	for v := 1; v < len(part); v++ {
		if !(orb.LineString{part[v-1], part[v]}).Bound().Intersects(box) {
			continue
		}
		a, b, mm := gridOf(part[v-1]), gridOf(part[v]), geo.Round(geo.Distance(part[v-1], part[v]))
		end.around[a] = append(end.around[a], neighbour{b, mm})
		end.around[b] = append(end.around[b], neighbour{a, mm})
	}
}

// met says whether an end is joined to a foot by road already, over no more
// than so many millimetres.
func (n *noder) met(end *looseEnd, f wayFoot, limit geo.Millimetre) bool {
	line, reached := n.ways[f.way].Line, end.within(limit)
	for v := f.foot.Segment; v <= f.foot.Segment+1 && v < len(line); v++ {
		if mm, ok := reached[gridOf(line[v])]; ok && mm+geo.Round(geo.Distance(line[v], f.foot.Point)) <= limit {
			return true
		}
	}
	return false
}

// within gives the distances by road from an end, as far as the limit.
func (e *looseEnd) within(limit geo.Millimetre) map[grid]geo.Millimetre {
	done := map[grid]geo.Millimetre{}
	open := map[grid]geo.Millimetre{e.key: 0}
	for len(open) > 0 {
		at, least := grid{}, geo.Millimetre(math.MaxInt64)
		for key, mm := range open {
			if mm < least {
				at, least = key, mm
			}
		}
		delete(open, at)
		done[at] = least
		for _, next := range e.around[at] {
			mm := least + next.mm
			if _, settled := done[next.key]; settled || mm > limit {
				continue
			}
			if was, seen := open[next.key]; !seen || mm < was {
				open[next.key] = mm
			}
		}
	}
	return done
}
