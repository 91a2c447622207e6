package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// IsochroneOptions say what is reached from a place.
type IsochroneOptions struct {
	Season  string  // "dry" (default) or "wet"
	LimitMS []int64 // rising; at most 10
	Outline bool    // beside the edges, an outline of each limit, for show
}

// Isochrone is what motor vehicles reach from a place within some times: the
// stretches of road themselves.
type Isochrone struct {
	From     orb.Point // the place
	On       orb.Point // where it meets the road
	AccessMM int64     // between the two, walked; it counts
	Reached  []ReachedRoad
	Outlines []orb.Polygon // of each limit, for show; none where that was not asked
}

// ReachedRoad is a stretch of road that is reached.
type ReachedRoad struct {
	Road, Segment ID  // 0: beyond the border
	Limit         int // the first of the limits within which it is reached
	Line          orb.LineString
}

// Isochrone gives what is reached from a place. A place farther from all roads
// than the rule allows is Invalid.
func (a *Assessment) Isochrone(from orb.Point, o IsochroneOptions) (*Isochrone, error) {
	if len(o.LimitMS) == 0 || len(o.LimitMS) > 10 {
		return nil, Errorf(Invalid, "%d limits; give one to ten", len(o.LimitMS))
	}
	d, err := a.Drive(o.Season)
	if err != nil {
		return nil, err
	}
	return d.Isochrone(from, o)
}

// Isochrone is [Assessment.Isochrone] of a network that is ready; its season
// stands.
func (d *Drive) Isochrone(from orb.Point, o IsochroneOptions) (*Isochrone, error) {
	at := d.snap(from)
	if !at.ok {
		return nil, Errorf(Invalid, "no road that can be driven comes within %s m of the place", trimMetres(d.a.Snapshot.Rules.SnapMaxMM))
	}
	q := d.graph.NewQuery()
	q.Metric, q.Filter = route.ByTime, d.filter
	reached, err := q.Isochrone(false, o.LimitMS, at.Snap)
	if err != nil {
		return nil, Errorf(Invalid, "the limits: %v", err)
	}
	out := &Isochrone{From: from, On: at.Point, AccessMM: int64(at.Access), Reached: make([]ReachedRoad, len(reached))}
	for i, r := range reached {
		p := &d.a.Pieces[d.graph.Payload(r.Edge)]
		out.Reached[i] = ReachedRoad{Limit: r.Limit, Line: d.graph.StepLine(route.Step{Edge: r.Edge, From: r.From, To: r.To})}
		if !p.Halo {
			out.Reached[i].Road, out.Reached[i].Segment = p.Road, p.Segment
		}
	}
	for limit := 0; o.Outline && limit < len(o.LimitMS); limit++ {
		out.Outlines = append(out.Outlines, d.graph.Outline(at.Point, reached, limit))
	}
	return out, nil
}
