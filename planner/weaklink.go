package planner

import (
	"math"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// WeakLink is what a village lacks for a proven all-season connection: the
// path from the seat with the fewest metres that fail, or, where no road comes
// near, the straight line to the nearest road that would do.
type WeakLink struct {
	MissingMM int64       // of road measure, or straight
	Straight  bool        // no road at all within the limit: straight metres
	First     *Piece      // the first failing piece as one leaves the seat; nil when Straight
	Missing   []PieceSpan // every failing stretch, from the seat outwards
}

// PieceSpan is a stretch of a piece in mm of its route's measure.
type PieceSpan struct {
	Piece *Piece
	Span  chainage.Span
}

// linker finds weakest links. It is used by one goroutine.
type linker struct {
	n     *network
	graph *route.Graph // milliseconds are missing millimetres
	query *route.Query
	good  *route.Filter // proven and joined to the seat
}

// free is a speed at which any road takes less than half a millisecond.
const free = 1e15

func (n *network) newLinker() *linker { return n.newLinkerOver(nil) }

// newLinkerOver leads over proven edges and over those failing ones that may be
// mended; nil: any.
func (n *network) newLinkerOver(mendable func(edge int32) bool) *linker {
	l := &linker{n: n}
	cost, err := n.graph.WithSpeeds(func(_ int, payload int32) (float64, float64) {
		p := &n.a.Pieces[payload]
		switch {
		case p.meets(AccessConnected) != Yes:
			return crawl, crawl
		case n.a.seat() == nil: // what hangs together counts, whichever way it is driven
			return free, free
		}
		return p.drive(free)
	})
	if err != nil {
		cost = n.graph
	}
	l.graph, l.query = cost, cost.NewQuery()
	l.query.Metric = route.ByTime
	if mendable != nil {
		l.query.Filter = n.graph.Filter(func(e int32) bool { return n.strict[AccessConnected].Allows(e) || mendable(e) })
	}
	l.query.From(l.roots()...)
	joined := n.reach[AccessConnected][0]
	l.good = n.graph.Filter(func(e int32) bool { return joined.joins(n.graph, e) })
	return l
}

// roots are the places to start from: where the seat meets a proven road, else
// any road; without a seat, a place in the part that counts.
func (l *linker) roots() []route.Snap {
	n := l.n
	var out []route.Snap
	if seat := n.a.seat(); seat != nil {
		if out = n.leave(*seat, n.strict[AccessConnected]); len(out) == 0 {
			out = n.leave(*seat, nil)
		}
	} else if edge := l.largest(); edge >= 0 {
		out = []route.Snap{n.graph.Place(edge, 0)}
	}
	for i := range out {
		out[i].Access = 0
	}
	return out
}

// largest is an edge of the part that counts, -1 without one.
func (l *linker) largest() int32 {
	r := l.n.reach[AccessConnected][0]
	for e := int32(0); int(e) < l.n.graph.Edges(); e++ {
		if r.filter.Allows(e) && r.parts.OfEdge(e) == r.part {
			return e
		}
	}
	return -1
}

// searchMetres is a limit that holds nothing back.
const searchMetres = math.MaxFloat32

// find is the weakest link of a village with these places of any road at hand;
// nil when there is no network at all.
func (l *linker) find(v *Village, near []route.Snap) *WeakLink {
	at, straight, ok := l.way(v, near)
	switch {
	case !ok:
		return nil
	case straight:
		return &WeakLink{MissingMM: int64(at.Access), Straight: true}
	}
	at.Access = 0
	path, _ := l.query.Path(at)
	return l.describe(path)
}

// describe lists the failing stretches of a path.
func (l *linker) describe(path route.Path) *WeakLink {
	link := &WeakLink{}
	for _, step := range path.Steps {
		p := l.n.piece(step.Edge)
		if p.meets(AccessConnected) == Yes {
			continue
		}
		span := l.span(p, step)
		link.Missing = append(link.Missing, PieceSpan{p, span})
		link.MissingMM += span.Length()
	}
	if len(link.Missing) > 0 {
		link.First = link.Missing[0].Piece
	}
	return link
}

// span is the measure that a step covers.
func (l *linker) span(p *Piece, step route.Step) chainage.Span {
	e := l.graph.Edge(step.Edge)
	whole := l.n.whole[e.Payload]
	at := func(mm geo.Millimetre) int64 {
		return p.Span.From + scale(int64(e.Start+mm), p.Span.Length(), whole)
	}
	from, to := at(step.From), at(step.To)
	return chainage.Span{From: min(from, to), To: max(from, to)}
}
