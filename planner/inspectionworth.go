package planner

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// InspectionWorth is what looking at one thing would tell. The persons of whom
// it is not known whether they are connected make the connected rate an
// interval, from those that are proven to those that may be; IfGood is by how
// much its low end rises if all that is looked at is all-season, IfBad by how
// much its high end falls if it is not. Both are exact, of this thing alone.
type InspectionWorth struct {
	Layer     string // road_segment, road (where no segment lies), village (of which nobody knows whether it has a road)
	ID        ID
	Name      string
	Township  string
	IfGood    int64 // persons
	IfBad     int64
	Narrows   int64   // the greater of the two: by how much the interval shrinks at most
	NarrowsPP float64 // the same in percentage points of all known persons
	Bounds    orb.Bound
}

// Inspections lists what is worth looking at, the most telling first. What
// tells nothing by itself is left out. When ctx ends, so does the list before its
// next sweep, with the error of ctx.
func (a *Assessment) Inspections(ctx context.Context) ([]InspectionWorth, error) {
	out := a.surveyWorths()
	t := a.net.newTrial()
	lax := a.net.newLaxTrial()
	works := a.works(keyOfWork)
	for _, key := range slices.SortedFunc(maps.Keys(works), workKey.compare) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		w := works[key]
		unknown := slices.DeleteFunc(slices.Clone(w.edges), func(e int32) bool { return a.net.piece(e).meets(AccessConnected) != Unknown })
		if key.halo || len(unknown) == 0 {
			continue
		}
		t.gain(unknown)
		good, _ := t.persons()
		worth := InspectionWorth{Layer: "road_segment", ID: w.Segment, Name: w.Name, Township: w.Township, IfGood: max(good, 0), IfBad: lax.lossOf(unknown), Bounds: w.Bounds}
		if w.Segment == 0 {
			worth.Layer, worth.ID = "road", w.Road
		}
		out = append(out, worth)
	}
	return a.sortWorths(out), nil
}

func (k workKey) compare(o workKey) int {
	if k.halo != o.halo {
		return cmp.Compare(flag(k.halo), flag(o.halo))
	}
	return cmp.Or(cmp.Compare(k.road, o.road), cmp.Compare(k.segment, o.segment))
}

// surveyWorths are the villages that only lack a survey: no road that may be
// all-season leads to them, and nobody said that there is none.
func (a *Assessment) surveyWorths() []InspectionWorth {
	var out []InspectionWorth
	for i := range a.Villages {
		d := &a.Villages[i]
		if d.Connected != Unknown || d.Village.Surveyed || a.net.reach[AccessConnected][1].touches(a.net.near[i]) {
			continue
		}
		persons, _ := d.Village.Persons()
		v := d.Village
		out = append(out, InspectionWorth{Layer: "village", ID: v.ID, Name: v.Name, Township: v.Township, IfGood: persons, IfBad: persons, Bounds: v.Point.Bound()})
	}
	return out
}

func (a *Assessment) sortWorths(list []InspectionWorth) []InspectionWorth {
	var all int64
	for i := range a.Snapshot.Villages {
		persons, _ := a.Snapshot.Villages[i].Persons()
		all += persons
	}
	for i := range list {
		w := &list[i]
		w.Narrows = max(w.IfGood, w.IfBad)
		if all > 0 {
			w.NarrowsPP = float64(w.Narrows) * 100 / float64(all)
		}
	}
	list = slices.DeleteFunc(list, func(w InspectionWorth) bool { return w.Narrows == 0 })
	slices.SortStableFunc(list, func(x, y InspectionWorth) int {
		return cmp.Or(cmp.Compare(y.Narrows, x.Narrows), cmp.Compare(y.IfGood, x.IfGood), cmp.Compare(x.Layer, y.Layer), cmp.Compare(x.ID, y.ID))
	})
	return list
}

// laxTrial asks who could no longer be connected at all if some of what may be
// all-season were not.
type laxTrial struct {
	n      *network
	seat   []route.Snap // every road that the seat has at hand
	simple bool         // one of them is proven, so that where one starts does not depend on what may be
	out    []bool       // edges taken out
}

func (n *network) newLaxTrial() *laxTrial {
	t := &laxTrial{n: n, out: make([]bool, n.graph.Edges())}
	if seat := n.a.seat(); seat != nil {
		t.seat = n.graph.Snaps(*seat, metres(n.a.Snapshot.Rules.ConnectMM), nil)
		t.simple = slices.ContainsFunc(t.seat, func(s route.Snap) bool { return n.strict[AccessConnected].Allows(s.Edge) })
	}
	return t
}

// lossOf is how many persons would be proven not to be connected.
func (t *laxTrial) lossOf(edges []int32) int64 {
	n := t.n
	for _, e := range edges {
		t.out[e] = true
	}
	maybe := n.lax[AccessConnected]
	less := n.graph.Filter(func(e int32) bool { return maybe.Allows(e) && !t.out[e] })
	for _, e := range edges {
		t.out[e] = false
	}
	var joined func(near []route.Snap) bool
	if t.simple {
		flood := n.junctions().flood(less, t.seat)
		joined = func(near []route.Snap) bool { return slices.ContainsFunc(near, flood.has) }
	} else {
		joined = n.reachOver(n.strict[AccessConnected], less)[1].touches
	}
	var lost int64
	for i := range n.a.Villages {
		d := &n.a.Villages[i]
		if d.Connected == Unknown && d.Village.Surveyed && !joined(n.near[i]) {
			persons, _ := d.Village.Persons()
			lost += persons
		}
	}
	return lost
}
