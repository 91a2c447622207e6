package planner

import (
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// PieceState is what the map says of a piece of road.
type PieceState string

// The states of a piece: the first four of a programme's task, the last two of
// the inventory.
const (
	PieceDone       PieceState = "done"
	PieceDoing      PieceState = "doing"
	PieceNotStarted PieceState = "not_started"
	PiecePlanned    PieceState = "planned"
	PieceExisting   PieceState = "existing"
	PieceUnknown    PieceState = "unknown"
)

// Piece is an interval of a road with one state and one set of effective
// attributes: the inventory, overridden where a programme completed it.
type Piece struct {
	ID        uint64 // of the map feature; the same while segment and start are
	Road      ID
	Version   int32
	Segment   ID            // 0: no segment of the inventory covers it
	Span      chainage.Span // mm of the route's internal measure
	Counted   bool          // false: co-routed, counted on another route, or halo
	Halo      bool
	Direction Direction
	Routable  bool
	Class     string
	Edit      string // what a question did to it last; empty: nothing
	pieceFacts
	source *stretchSource
	line   orb.LineString
}

// pieceFacts is what may differ along a segment.
type pieceFacts struct {
	State     PieceState
	Programme ID   // whose task it is; 0: none
	Disputed  bool // a case holds what would complete it
	Contested bool // only reports that a case holds say that it is built: it proves no connection
	CoRouted  bool
	Surface   string
	AllSeason Ternary
	Built     Built
}

// stretchSource is what a piece is cut from: a segment, or a part of a road
// that no segment covers.
type stretchSource struct {
	segment *Segment // nil: none
	road    *Road    // nil: a segment whose road is not in the snapshot
	span    chainage.Span
	line    orb.LineString // nil: not drawn

	measured *geo.Measured // the line, once something was cut out of it
}

// Line is the piece cut out of its segment's line, in proportion where measure
// and drawn length differ; nil when nothing is drawn. It must not be changed.
func (p *Piece) Line() orb.LineString { return p.line }

// cut is the part of the line under a span of the measure.
func (s *stretchSource) cut(span chainage.Span) orb.LineString {
	if len(s.line) < 2 {
		return nil
	}
	if span == s.span {
		return s.line
	}
	m := s.measured
	if m == nil { // not kept: an assessment has many readers
		m = s.measure()
	}
	at := func(mm int64) geo.Millimetre {
		return geo.Millimetre(scale(mm-s.span.From, int64(m.Length()), s.span.Length()))
	}
	return m.Cut(at(span.From), at(span.To))
}

func (s *stretchSource) measure() *geo.Measured {
	m := geo.NewMeasured(s.line)
	return &m
}

// Drawn reports whether the piece has a line.
func (p *Piece) Drawn() bool { return len(p.line) >= 2 }

// pieces cuts every road into pieces: by route and measure, then the halo. What
// is kept of a route is not cut again.
func (a *Assessment) pieces(kept func(routeKey) []Piece) []Piece {
	routes := make([][]Piece, len(a.routes))
	inParallel(len(routes), func(i int) {
		if routes[i] = kept(a.routes[i]); routes[i] != nil {
			return
		}
		for _, src := range a.sources[a.routes[i]] {
			routes[i] = append(routes[i], a.cut(a.routes[i], src)...)
		}
	})
	out := slices.Concat(routes...)
	a.piecesOf = make(map[routeKey][2]int, len(routes))
	for i, at := 0, 0; i < len(routes); i++ {
		a.piecesOf[a.routes[i]] = [2]int{at, at + len(routes[i])}
		at += len(routes[i])
	}
	for i := range a.Snapshot.Segments {
		if seg := &a.Snapshot.Segments[i]; seg.Halo {
			out = append(out, haloPiece(seg))
		}
	}
	return out
}

func haloPiece(seg *Segment) Piece {
	src := newSource(seg, nil)
	p := Piece{Road: seg.Road, Version: seg.Version, Segment: seg.ID, Span: seg.Span, Halo: true, source: src, line: src.cut(seg.Span)}
	p.inherit(seg)
	p.pieceFacts = inventory(src)
	return p
}

func newSource(seg *Segment, road *Road) *stretchSource {
	return &stretchSource{segment: seg, road: road, span: seg.Span, line: seg.Line}
}

func (p *Piece) inherit(seg *Segment) {
	p.Direction, p.Routable, p.Class = seg.Direction, seg.Routable, seg.Class
}

// cut cuts one source where any fact changes and joins what stays equal.
func (a *Assessment) cut(key routeKey, src *stretchSource) []Piece {
	sets := a.layersOf(key)
	var out []Piece
	borders := bordersWithin(src.span, sets.all)
	for i := 1; i < len(borders); i++ {
		span := chainage.Span{From: borders[i-1], To: borders[i]}
		facts := a.factsAt(sets, src, span.From)
		if n := len(out); n > 0 && out[n-1].pieceFacts == facts {
			out[n-1].Span.To = span.To
			continue
		}
		out = append(out, a.newPiece(key, src, span, facts))
	}
	if len(out) > 1 && src.measured == nil && len(src.line) >= 2 {
		src.measured = src.measure()
	}
	for i := range out {
		out[i].line = src.cut(out[i].Span)
	}
	return out
}

func (a *Assessment) newPiece(key routeKey, src *stretchSource, span chainage.Span, facts pieceFacts) Piece {
	p := Piece{Road: key.Road, Version: key.Version, Span: span, Counted: !facts.CoRouted, pieceFacts: facts, source: src}
	switch {
	case src.segment != nil:
		p.Segment = src.segment.ID
		p.inherit(src.segment)
	default:
		p.Direction, p.Routable, p.Class = Both, true, src.road.Class
	}
	p.ID = featureID(a.Snapshot.Region.Code, int64(p.Segment), int64(p.Road), span.From)
	return p
}

// routeSets are the sets that cut one route.
type routeSets struct {
	works    []*Work        // by programme in order of start; nil: none of its task
	held     []chainage.Set // by programme: what cases hold of its completion
	corouted chainage.Set
	all      []chainage.Set
}

func (a *Assessment) layersOf(key routeKey) *routeSets {
	s := &routeSets{works: a.worksOf[key], held: make([]chainage.Set, len(a.Programmes)), corouted: a.ledger.corouted[key]}
	s.all = append(s.all, s.corouted)
	if len(a.ledger.cases[key]) > 0 {
		for i := range a.Programmes {
			s.held[i] = a.ledger.held(key, stageIndex(a.Programmes[i].Programme.CompletingStage))
		}
		s.all = append(s.all, s.held...)
	}
	for _, w := range s.works {
		if w != nil {
			s.all = append(s.all, w.Scope, w.Started, w.Claimed)
		}
	}
	return s
}

func bordersWithin(span chainage.Span, sets []chainage.Set) []int64 {
	out := []int64{span.From, span.To}
	for _, set := range sets {
		for _, s := range set.Clip(span.From, span.To) {
			out = append(out, s.From, s.To)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// factsAt judges the metre at a place: whose task it is, how far it has got,
// and what that makes of the inventory.
func (a *Assessment) factsAt(sets *routeSets, src *stretchSource, at int64) pieceFacts {
	f := inventory(src)
	f.CoRouted = sets.corouted.Contains(at)
	owner := -1
	for i, w := range sets.works {
		if w == nil || !w.Scope.Contains(at) {
			continue
		}
		p := a.Programmes[i].Programme
		if owner < 0 || p.Starts <= a.Snapshot.AsOf {
			owner = i
		}
	}
	if owner >= 0 {
		f.Disputed = sets.held[owner].Contains(at)
		a.task(&f, sets, owner, at)
	}
	if src.segment == nil && owner >= 0 && f.Built == BuiltUnknown {
		f.Built = BuiltNone
	}
	return f
}

// task sets what a programme's task makes of a metre.
func (a *Assessment) task(f *pieceFacts, sets *routeSets, owner int, at int64) {
	f.Programme = a.Programmes[owner].Programme.ID
	f.State = PieceNotStarted
	if a.Programmes[owner].Programme.Starts > a.Snapshot.AsOf {
		f.State = PiecePlanned
	}
	for i, w := range sets.works {
		if w == nil || !w.Scope.Contains(at) {
			continue
		}
		claimed, held := w.Claimed.Contains(at), sets.held[i].Contains(at)
		if claimed && (!held || f.State != PieceDone) {
			p := a.Programmes[i].Programme
			f.Built, f.Surface, f.AllSeason, f.Contested = BuiltYes, p.Surface, p.AllSeason, held
		}
		switch {
		case claimed && !held:
			f.State = PieceDone
		case w.Started.Contains(at) && f.State != PieceDone:
			f.State = PieceDoing
		}
	}
}

// inventory is what the segment says by itself.
func inventory(src *stretchSource) pieceFacts {
	f := pieceFacts{State: PieceUnknown, Surface: "unknown", AllSeason: Unknown, Built: BuiltUnknown}
	if seg := src.segment; seg != nil {
		f.Surface, f.AllSeason, f.Built = seg.Surface, seg.AllSeason, seg.Built
	}
	switch f.Built {
	case BuiltYes:
		f.State = PieceExisting
	case BuiltNone:
		f.State = PiecePlanned
	}
	return f
}

// proven is what is sure of a piece whoever is right: where a case holds the
// reports that it was built by, that is what the inventory says.
func (p *Piece) proven() pieceFacts {
	if !p.Contested {
		return p.pieceFacts
	}
	f := inventory(p.source)
	if p.source.segment == nil {
		f.Built = BuiltNone
	}
	return f
}

// featureID makes a number that is stable while its sources are, within the 53
// bits that a browser holds exactly.
func featureID(county string, keys ...int64) uint64 {
	h := fnv.New64a()
	b := append(make([]byte, 0, 64), county...)
	for _, k := range keys {
		b = strconv.AppendInt(append(b, '/'), k, 10)
	}
	h.Write(b)
	sum := h.Sum64()
	return (sum>>53 ^ sum) & (1<<53 - 1)
}
