package planner

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// nearKinds are the kinds of facilities that a site is measured to, in the words
// of the figures.
var nearKinds = []struct{ name, kind string }{{"jobs", "industrial_park"}, {"school", "school"}, {"clinic", "clinic"}}

// farWays adds to the ways of the moves what goes beyond the site in the season
// asked for: the site when it rains, the whole way on foot, the county town, and
// what is near the site. Each is -1 where there is no way.
func (a *Assessment) farWays(out []moveWay, leaving map[ID][]int, moves map[ID][]int, all []int) {
	wet, dry := a.travel(route.Wet, all), a.travel(route.Dry, all)
	foot := a.newFootpaths(all)
	near := a.nearSites(dry)
	inParallel(len(a.Snapshot.Sites), func(i int) {
		site := &a.Snapshot.Sites[i]
		villages := leaving[site.ID]
		if len(villages) == 0 || a.site[site.ID] != i {
			return
		}
		shortest, fastest := wet.toSite(route.ByLength, site, villages), wet.toSite(route.ByTime, site, villages)
		walk := foot.toGate(site.Gate, villages)
		for k, m := range moves[site.ID] {
			way := wayOf(&shortest[k], &fastest[k])
			out[m].wetMM, out[m].wetMS, out[m].walkMS, out[m].near = way.mm, way.ms, walk[k], near[i]
		}
	})
	a.townWays(out, dry, all)
}

// townWays measures the ways from the villages left to the county town.
func (a *Assessment) townWays(out []moveWay, t *travel, all []int) {
	seat := a.seat()
	if seat == nil {
		return
	}
	town := &Site{Gate: *seat}
	shortest, fastest := t.toSite(route.ByLength, town, all), t.toSite(route.ByTime, town, all)
	for i := range a.Snapshot.Moves {
		if v, ok := a.village[a.Snapshot.Moves[i].Village]; ok {
			at, _ := slices.BinarySearch(all, v)
			way := wayOf(&shortest[at], &fastest[at])
			out[i].townMM, out[i].townMS = way.mm, way.ms
		}
	}
}

// nearSites is how long it is from each site to the nearest facility of each of
// nearKinds, dry.
func (a *Assessment) nearSites(t *travel) [][]int64 {
	places := make([][]snapped, len(nearKinds))
	for k := range nearKinds {
		for i := range a.Snapshot.Facilities {
			if f := &a.Snapshot.Facilities[i]; f.Kind == nearKinds[k].kind {
				if at := t.snap(f.Point); at.ok {
					places[k] = append(places[k], at)
				}
			}
		}
	}
	out := make([][]int64, len(a.Snapshot.Sites))
	inParallel(len(out), func(i int) {
		out[i] = slices.Repeat([]int64{-1}, len(nearKinds))
		gate := t.snap(a.Snapshot.Sites[i].Gate)
		if !gate.ok {
			return
		}
		q := t.graph.NewQuery()
		q.Metric, q.Filter = route.ByTime, t.filter
		q.From(gate.Snap)
		for k := range places {
			for _, at := range places[k] {
				if r, ok := q.Reach(at.Snap); ok && (out[i][k] < 0 || r.MS < out[i][k]) {
					out[i][k] = r.MS
				}
			}
		}
	})
	return out
}

// footpaths is the network as it can be walked: everything that is built and not
// closed, over the land where its heights are known.
type footpaths struct {
	a      *Assessment
	graph  *route.Graph
	over   *route.Overlay
	ground *route.Filter
	snaps  map[int]snapped // by village
}

func (a *Assessment) newFootpaths(villages []int) *footpaths {
	f := &footpaths{a: a, snaps: map[int]snapped{}}
	f.ground = a.net.graph.Filter(func(e int32) bool {
		p := a.net.piece(e)
		return !p.isClosed() && p.proven().Built == BuiltYes
	})
	f.graph, f.over = a.onFoot(f.ground)
	for _, v := range villages {
		at, ok := a.net.snap(v, a.Snapshot.Rules.SnapMaxMM, f.ground)
		f.snaps[v] = a.Snapshot.onFoot(a.Snapshot.Villages[v].Point, at, ok)
	}
	return f
}

// toGate is the walk of each of some villages to a gate in milliseconds, both
// legs off the path included; -1: there is none.
func (f *footpaths) toGate(gate orb.Point, villages []int) []int64 {
	out := slices.Repeat([]int64{-1}, len(villages))
	at, ok := f.graph.Snap(gate, metres(f.a.Snapshot.Rules.SnapMaxMM), f.ground)
	if !ok {
		return out
	}
	end := f.a.Snapshot.onFoot(gate, at, ok)
	end.Access = 0
	q := f.graph.NewQuery()
	q.Metric, q.Filter, q.Overlay = route.ByTime, f.ground, f.over
	q.Toward(end.Snap)
	for i, v := range villages {
		from := f.snaps[v]
		if !from.ok {
			continue
		}
		from.Access = 0
		if r, ok := q.Reach(from.Snap); ok {
			out[i] = from.walk.Out + r.MS + end.walk.Back
		}
	}
	return out
}

// farDistances writes the distances beside those of the season asked for.
func (r *relocation) farDistances(list []int) {
	r.distance(list, "wet_network", UnitMetre, aMetre, func(w *moveWay) int64 { return w.wetMM })
	r.distance(list, "wet_minutes", UnitMinute, aMinute, func(w *moveWay) int64 { return w.wetMS })
	r.distance(list, "walk_minutes", UnitMinute, aMinute, func(w *moveWay) int64 { return w.walkMS })
	r.distance(list, "town_network", UnitMetre, aMetre, func(w *moveWay) int64 { return w.townMM })
	r.distance(list, "town_minutes", UnitMinute, aMinute, func(w *moveWay) int64 { return w.townMS })
	for k := range nearKinds {
		r.distance(list, nearKinds[k].name+"_minutes", UnitMinute, aMinute, func(w *moveWay) int64 {
			if w.near == nil {
				return -1
			}
			return w.near[k]
		})
	}
	r.fields(list)
}

// distance writes mean, median and maximum of one measure over persons.
func (r *relocation) distance(list []int, name string, unit Unit, per float64, of func(*moveWay) int64) {
	legs, unknown := r.legs(list, of)
	r.mean("M27 "+name+"_mean", unit, per, legs, unknown)
	r.quantile("M27 "+name+"_median", unit, per, legs, unknown, median(legs))
	r.quantile("M27 "+name+"_max", unit, per, legs, unknown, len(legs)-1)
}

// fields writes whose old fields, taken to lie around the village left, are still
// within reach of the site: so far by road, or so long on foot.
func (r *relocation) fields(list []int) {
	rules := &r.a.Snapshot.Rules.Site
	within := func(w *moveWay) Side {
		switch {
		case w.mm >= 0 && w.mm <= rules.FieldsMM, w.walkMS >= 0 && w.walkMS <= rules.FieldsMS:
			return SideNumerator
		case !w.known || w.mm < 0 && w.walkMS < 0:
			return SideUnknown
		}
		return SideRest
	}
	var parts []Part
	for _, i := range list {
		move := &r.a.Snapshot.Moves[i]
		parts = append(parts, Part{Side: within(&r.ways[i]), Layer: "move", ID: move.ID, Amount: move.Persons})
	}
	r.rate("M27 share_within_fields", UnitPerson, knownSides, parts)
}
