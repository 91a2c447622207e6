package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// Access is a way in which a village may be reached.
type Access int

// The three ways: by built roads known to be all-season, by built roads known
// to be hardened, by any built motor road.
const (
	AccessConnected Access = iota
	AccessSmooth
	AccessReached
	accesses
)

// network is the graph of all drawn pieces, built or not, with the filters
// that say which of them count.
type network struct {
	a *Assessment
	*wiring
	near   [][]route.Snap          // of each village: the places of any road, built or not, within the limit, the nearest first
	strict [accesses]*route.Filter // proven
	lax    [accesses]*route.Filter // proven or unknown
	reach  [accesses][2]*reach     // strict, lax
}

// reach answers whether a place on the network is joined to the seat.
type reach struct {
	filter *route.Filter
	flood  *reachable // from the seat; nil: by component
	parts  route.Components
	part   int // the component that counts; -1: none
}

func newNetwork(a, old *Assessment) *network {
	n := &network{a: a, wiring: a.wireAfter(old)}
	n.findNear(old)
	inParallel(int(accesses), func(i int) {
		way := Access(i)
		n.strict[way] = n.graph.Filter(func(e int32) bool { return n.meets(e, way) == Yes })
		n.lax[way] = n.graph.Filter(func(e int32) bool { return n.meets(e, way) != No })
		n.reach[way] = n.reachOver(n.strict[way], n.lax[way])
	})
	return n
}

// reachOver finds what is reached over proven edges, and over those that may be.
func (n *network) reachOver(strict, lax *route.Filter) [2]*reach {
	if seat := n.a.seat(); seat != nil {
		return n.reachFromSeat(strict, lax, *seat)
	}
	return n.reachFromLargest(strict, lax)
}

func (n *network) piece(edge int32) *Piece { return &n.a.Pieces[n.graph.Payload(edge)] }

// crawl is a speed at which milliseconds are millimetres.
const crawl = 3.6

// buildGraph joins the drawn pieces. Lines that cannot be measured are left
// out: they are findings of the import, not roads.
func buildGraph(pieces []Piece, noding *noding, old *route.Graph) (*route.Graph, []roadEnd) {
	var b route.Builder
	if old != nil {
		b.After(old)
	}
	var payload []int32
	for i := range pieces {
		line := pieces[i].Line()
		if len(line) < 2 || geo.Check(line) != nil || tooLong(line) {
			continue
		}
		forward, backward := pieces[i].drive(crawl)
		b.Add(route.Way{Line: line, Payload: int32(i), Forward: forward, Backward: backward})
		payload = append(payload, int32(i))
	}
	ends := noding.join(&b, payload)
	g, err := b.Build()
	if err != nil {
		g, _ = (&route.Builder{}).Build()
	}
	return g, ends
}

// tooLong reports a line that is longer than an edge may be, 4,294 km. Only
// what spreads over a degree is measured.
func tooLong(line orb.LineString) bool {
	b := line.Bound()
	return (b.Max[0]-b.Min[0] > 1 || b.Max[1]-b.Min[1] > 1) && geo.Length(line) >= 1<<32-1
}

// drive gives a speed to the directions that are open.
func (p *Piece) drive(kmh float64) (forward, backward float64) {
	switch {
	case p.Routable && p.Direction == Forward:
		return kmh, 0
	case p.Routable && p.Direction == Backward:
		return 0, kmh
	}
	return kmh, kmh
}

// meets says whether a piece counts for a way of access.
func (p *Piece) meets(way Access) Ternary {
	is := p.proven()
	if !p.Routable || is.Built == BuiltNone || p.isClosed() {
		return No
	}
	quality := Yes
	switch way {
	case AccessConnected:
		quality = is.AllSeason
	case AccessSmooth:
		quality = Hardened(is.Surface)
	}
	switch {
	case quality == No:
		return No
	case quality == Yes && is.Built == BuiltYes:
		return Yes
	}
	return Unknown
}

// meets is Piece.meets in the season that was asked for: when it rains, what is
// known not to be all-season counts for nothing, and what may be one may count.
func (n *network) meets(edge int32, way Access) Ternary {
	p := n.piece(edge)
	is := p.meets(way)
	if n.a.Question.Season != route.Wet || is == No {
		return is
	}
	switch p.proven().AllSeason {
	case No:
		return No
	case Yes:
		return is
	}
	return Unknown
}

// Hardened says whether a surface is paved.
func Hardened(surface string) Ternary {
	switch surface {
	case "asphalt", "cement", "paved":
		return Yes
	case "unknown", "":
		return Unknown
	}
	return No
}

// seat is where connection is measured from: the county seat among the
// facilities (the first by id), else the region's own; nil when neither is known.
func (a *Assessment) seat() *orb.Point {
	for i := range a.Snapshot.Facilities {
		if f := &a.Snapshot.Facilities[i]; f.Kind == "county_seat" {
			return &f.Point
		}
	}
	return a.Snapshot.Region.Seat
}

func (n *network) reachFromSeat(strict, lax *route.Filter, seat orb.Point) [2]*reach {
	from := n.leave(seat, strict)
	maybe := append(n.leave(seat, lax), from...)
	return [2]*reach{n.sweep(strict, from), n.sweep(lax, maybe)}
}

func (n *network) sweep(f *route.Filter, sources []route.Snap) *reach {
	return &reach{filter: f, flood: n.junctions().flood(f, sources)}
}

// leave lists where the seat meets the network: every road at hand, else the
// nearest within the snapping limit.
func (n *network) leave(seat orb.Point, f *route.Filter) []route.Snap {
	rules := &n.a.Snapshot.Rules
	if near := n.graph.Snaps(seat, metres(rules.ConnectMM), f); len(near) > 0 {
		return near
	}
	if s, ok := n.graph.Snap(seat, metres(rules.SnapMaxMM), f); ok {
		return []route.Snap{s}
	}
	return nil
}

func metres(mm int64) float64 { return geo.Millimetre(mm).Metres() }

// reachFromLargest takes the largest proven part, and what hangs together with
// it over unknown pieces.
func (n *network) reachFromLargest(proven, maybe *route.Filter) [2]*reach {
	strict := &reach{filter: proven, parts: n.graph.Components(proven)}
	lax := &reach{filter: maybe, parts: n.graph.Components(maybe)}
	strict.part, lax.part = -1, -1
	if best := strict.parts.Largest(); best >= 0 && strict.parts.Length(best) > 0 {
		strict.part = best
	}
	if best := lax.parts.Largest(); best >= 0 && lax.parts.Length(best) > 0 {
		lax.part = best
	}
	for node := int32(0); strict.part >= 0 && int(node) < n.graph.Nodes(); node++ {
		if strict.parts.OfNode(node) == strict.part {
			lax.part = lax.parts.OfNode(node)
			break
		}
	}
	return [2]*reach{strict, lax}
}

// joined reports whether a place belongs to what the seat reaches.
func (r *reach) joined(s route.Snap) bool {
	if r.flood != nil {
		return r.flood.has(s)
	}
	return r.part >= 0 && r.parts.OfEdge(s.Edge) == r.part
}

// joins reports whether the seat reaches an edge at an end from which it may be
// driven, over allowed edges only.
func (r *reach) joins(g *route.Graph, edge int32) bool {
	switch {
	case !r.filter.Allows(edge):
		return false
	case r.flood == nil:
		return r.part >= 0 && r.parts.OfEdge(edge) == r.part
	}
	e := g.Edge(edge)
	return r.flood.nodes[e.Tail] && e.Forward >= 0 || r.flood.nodes[e.Head] && e.Backward >= 0
}

// touches reports whether one of the places at hand is joined.
func (r *reach) touches(near []route.Snap) bool {
	for _, s := range near {
		if r.filter.Allows(s.Edge) && r.joined(s) {
			return true
		}
	}
	return false
}

// judge says how far a way of access is proven for a village with these places
// of any road within the limit.
func (n *network) judge(v *Village, near []route.Snap, way Access) Ternary {
	switch {
	case n.reach[way][0].touches(near):
		return Yes
	case n.reach[way][1].touches(near):
		return Unknown
	case !v.Surveyed:
		return Unknown
	}
	return No
}

// findNear looks around every village, but for those where nothing changed.
func (n *network) findNear(old *Assessment) {
	n.near = make([][]route.Snap, len(n.a.Snapshot.Villages))
	taken := n.takeNear(old)
	limit := metres(n.a.Snapshot.Rules.ConnectMM)
	inParallel(len(n.near), func(i int) {
		if !taken[i] {
			n.near[i] = n.graph.Snaps(n.a.Snapshot.Villages[i].Point, limit, nil)
		}
	})
}

// snap finds the nearest place of an allowed edge for a village, no farther
// than the limit. Who has one at hand need not search: those are known, the
// nearest first.
func (n *network) snap(village int, limitMM int64, f *route.Filter) (route.Snap, bool) {
	if s, ok := n.atHand(village, limitMM, f); ok {
		return s, true
	}
	return n.graph.Snap(n.a.Snapshot.Villages[village].Point, metres(limitMM), f)
}

// closest is snap for those who need not know where on the edge that is.
func (n *network) closest(village int, limitMM int64, f *route.Filter) (route.Snap, bool) {
	if s, ok := n.atHand(village, limitMM, f); ok {
		return s, true
	}
	return n.graph.Closest(n.a.Snapshot.Villages[village].Point, metres(limitMM), f)
}

// atHand is the nearest edge of those within the distance of a connection.
func (n *network) atHand(village int, limitMM int64, f *route.Filter) (route.Snap, bool) {
	if limitMM >= n.a.Snapshot.Rules.ConnectMM {
		for _, s := range n.near[village] {
			if f.Allows(s.Edge) {
				return s, true
			}
		}
	}
	return route.Snap{}, false
}
