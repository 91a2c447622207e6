package planner

import (
	"cmp"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// Proof is why a village is connected or not: the way from the seat to it, leg
// by leg. It is the way with the fewest metres that fail, and the shortest of
// those; so nothing fails on the way of a connected village.
type Proof struct {
	Village   *Village
	Verdict   RoadVerdict
	Connected Ternary
	Smooth    Ternary
	Reached   Ternary
	Season    string // that was asked for: dry or wet
	Legs      []ProofLeg
	Weakest   int   // place in Legs of the first that fails, as one comes from the seat; -1: none
	MissingMM int64 // of road measure that fails on the way, and the straight leg
	Why       []Why
	Mends     []Mend // what would mend the way, from the seat outwards
}

// The kinds of a leg.
const (
	LegAccess   = "access"   // from the seat to the road, or from the road to the village
	LegRoad     = "road"     // meets all that is asked of a connection
	LegMissing  = "missing"  // a road, or the line of one, that does not
	LegStraight = "straight" // there is no road
)

// ProofLeg is a stretch of one piece of road, or a straight line to or from one.
type ProofLeg struct {
	Kind      string
	Road      ID
	Segment   ID
	Halo      bool // of a neighbouring county: its numbers say nothing here
	Name      string
	Span      chainage.Span // of the road's measure
	From, To  string        // K labels in the order of travel
	LengthMM  int64         // of road measure, or straight
	Line      orb.LineString
	Connected Ternary // whether it is all-season, and there
	Smooth    Ternary // hardened
	Reached   Ternary // there
	Fault     string  // what keeps it from counting, as the code of a reason; empty: nothing
}

// Proof draws the way to a village.
func (a *Assessment) Proof(village ID) (*Proof, error) {
	i, ok := a.village[village]
	if !ok {
		return nil, Errorf(NotFound, "there is no village with the number %d in %s", village, a.Snapshot.Region.Code)
	}
	d := &a.Villages[i]
	p := &Proof{
		Village: d.Village, Verdict: d.Road, Connected: d.Connected, Smooth: d.Smooth, Reached: d.Reached,
		Season: cmp.Or(a.Question.Season, route.Dry), Weakest: -1,
	}
	a.net.newLinker().prove(p, a.net.near[i])
	for at := range p.Legs {
		if leg := &p.Legs[at]; leg.Kind == LegMissing || leg.Kind == LegStraight {
			p.MissingMM += leg.LengthMM
			if p.Weakest < 0 {
				p.Weakest = at
			}
		}
	}
	c := &Card{}
	a.whyRoad(c, d)
	p.Why = c.Why
	if d.Link != nil {
		p.Mends = a.mends(d)
	}
	return p, nil
}

// prove draws the legs of the way.
func (l *linker) prove(p *Proof, near []route.Snap) {
	at, straight, ok := l.way(p.Village, near)
	if !ok {
		return
	}
	end := at
	end.Access = 0
	path, _ := l.query.Path(end)
	if seat := l.n.a.seat(); seat != nil {
		p.addStraight(LegAccess, *seat, l.startOf(path, at))
	}
	for from := 0; from < len(path.Steps); {
		to := from + 1
		for to < len(path.Steps) && l.follows(path.Steps[from], path.Steps[to-1], path.Steps[to]) {
			to++
		}
		p.Legs = append(p.Legs, l.leg(path.Steps[from:to]))
		from = to
	}
	kind := LegAccess
	if straight {
		kind = LegStraight
	}
	p.addStraight(kind, at.Point, p.Village.Point)
	if straight { // the metres of the judgement, to the millimetre
		p.Legs[len(p.Legs)-1].LengthMM = int64(at.Access)
	}
}

// way finds where the way leaves the roads: the place at hand behind the fewest
// failing metres, else the nearest road that is joined.
func (l *linker) way(v *Village, near []route.Snap) (at route.Snap, straight, ok bool) {
	best := int64(-1)
	for _, s := range near {
		bare := s
		bare.Access = 0
		if r, reached := l.query.Reach(bare); reached && (best < 0 || r.MS < best) {
			at, best = s, r.MS
		}
	}
	if best >= 0 {
		return at, false, true
	}
	at, ok = l.graph.Snap(v.Point, searchMetres, l.good)
	return at, true, ok
}

// startOf is where the way enters the roads.
func (l *linker) startOf(path route.Path, at route.Snap) orb.Point {
	if len(path.Steps) == 0 {
		return at.Point
	}
	first := path.Steps[0]
	return l.graph.Place(first.Edge, first.From).Point
}

// follows says whether a step goes on along the piece of the first one.
func (l *linker) follows(first, last, next route.Step) bool {
	if l.graph.Payload(first.Edge) != l.graph.Payload(next.Edge) {
		return false
	}
	x, y := l.span(l.n.piece(last.Edge), last), l.span(l.n.piece(next.Edge), next)
	return (last.To > last.From) == (next.To > next.From) && (x.To == y.From || y.To == x.From)
}

// leg describes steps along one piece.
func (l *linker) leg(steps []route.Step) ProofLeg {
	p, a := l.n.piece(steps[0].Edge), l.n.a
	span := l.span(p, steps[0])
	for _, s := range steps[1:] {
		more := l.span(p, s)
		span = chainage.Span{From: min(span.From, more.From), To: max(span.To, more.To)}
	}
	leg := ProofLeg{
		Kind: LegRoad, Road: p.Road, Segment: p.Segment, Halo: p.Halo, Span: span, LengthMM: span.Length(),
		Line:      l.graph.PathLine(route.Path{Steps: steps}),
		Connected: p.meets(AccessConnected), Smooth: p.meets(AccessSmooth), Reached: p.meets(AccessReached),
	}
	if r := a.roads[p.Road]; r != nil && !p.Halo {
		leg.Name = cmp.Or(r.Name, r.Code)
		leg.From, leg.To = a.label(p.Road, span.From), a.label(p.Road, span.To)
	} else {
		leg.From, leg.To = chainage.FormatLabel(span.From), chainage.FormatLabel(span.To)
	}
	if steps[0].To < steps[0].From {
		leg.From, leg.To = leg.To, leg.From
	}
	if leg.Connected != Yes {
		leg.Kind, leg.Fault = LegMissing, p.fault()
	}
	return leg
}

// addStraight adds a straight leg, unless it has no length.
func (p *Proof) addStraight(kind string, from, to orb.Point) {
	mm := int64(geo.Round(geo.Distance(from, to)))
	if mm == 0 && kind == LegAccess {
		return
	}
	p.Legs = append(p.Legs, ProofLeg{Kind: kind, LengthMM: mm, Line: orb.LineString{from, to}})
}

// mends are what would connect a village, from the seat outwards; where no road
// comes near the last is a new one, straight.
func (a *Assessment) mends(d *VillageVerdict) []Mend {
	if !d.Link.Straight {
		return a.mendsAlong(d.Link)
	}
	m := Mend{Do: MendNew, Township: d.Village.Township, LengthMM: d.Link.MissingMM, Connects: []ID{d.Village.ID}, Bounds: d.Village.Point.Bound()}
	m.CostFen = scale(m.LengthMM, a.Snapshot.Rules.perKM(""), 1_000_000)
	if persons, ok := d.Village.Persons(); ok {
		m.Persons = persons
	} else {
		m.PersonsUnknown = 1
	}
	return []Mend{m}
}
