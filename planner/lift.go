package planner

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// fate says what became of a report, or of a part of it.
type fate string

// The fates.
const (
	fateCounted  fate = "counted"
	fateRepeated fate = "repeated" // others had reported it all: it adds nothing
	fateOutside  fate = "outside"  // in no task
	fateDisputed fate = "disputed" // held out until a dispute is decided
	fateVoid     fate = "void"     // a dispute was decided against it
	fateFailed   fate = "failed"   // an inspection took it out of acceptance
	fateRetired  fate = "retired"  // on metres that are no longer of a route, or not yet
)

// event is a part of a report on a route version in force: where its metres
// lie now. What lies on no version in force is in ledger.retired, with key and
// span as it is anchored.
type event struct {
	*Progress
	key    routeKey
	span   chainage.Span
	notYet bool // retired: its metres are of a version that begins later
}

// lifted is a part of a span on a version in force.
type lifted struct {
	key      routeKey
	span     chainage.Span
	from     chainage.Span // of the span that was lifted
	reversed bool
}

// RoadSpan is an interval of a route version.
type RoadSpan struct {
	Road    ID
	Version int32
	Span    chainage.Span
}

// passage is what one operation made of a version, seen from that version:
// forwards from the old one, or backwards from the new one.
type passage struct {
	on        Date
	operation ID
	pieces    []passagePiece // in order along the version
}

type passagePiece struct {
	span     chainage.Span
	key      routeKey
	to       chainage.Span
	reversed bool
	gone     bool // retired, or not yet there
}

func (p *passage) compare(o *passage) int {
	return cmp.Or(cmp.Compare(p.on, o.on), cmp.Compare(p.operation, o.operation))
}

// passages lead from every version that is not in force towards those that are:
// forwards through the operations of days that have come, backwards through
// those still to come.
type passages struct {
	inForce  map[ID]int32
	forward  map[routeKey][]passage // in the order in which they happened
	backward map[routeKey][]passage // the latest first
}

// newPassages gives nil where no route has ever changed.
func newPassages(s *Snapshot) *passages {
	if len(s.Mappings) == 0 {
		return nil
	}
	p := &passages{map[ID]int32{}, map[routeKey][]passage{}, map[routeKey][]passage{}}
	for i := range s.Roads {
		p.inForce[s.Roads[i].ID] = s.Roads[i].Version
	}
	for i := range s.Mappings {
		m := &s.Mappings[i]
		from, to := routeKey{m.FromRoad, m.FromVersion}, routeKey{m.ToRoad, m.ToVersion}
		switch {
		case m.On <= s.AsOf && m.Kind != MappingNew:
			addPassage(p.forward, from, m, passagePiece{m.FromSpan, to, m.ToSpan, m.Reversed, m.Kind == MappingRetired})
		case m.On > s.AsOf && m.Kind != MappingRetired:
			addPassage(p.backward, to, m, passagePiece{m.ToSpan, from, m.FromSpan, m.Reversed, m.Kind == MappingNew})
		}
	}
	sortPassages(p.forward, 1)
	sortPassages(p.backward, -1)
	return p
}

func addPassage(ways map[routeKey][]passage, key routeKey, m *Mapping, piece passagePiece) {
	if piece.span.Length() == 0 {
		return
	}
	list := ways[key]
	i := slices.IndexFunc(list, func(p passage) bool { return p.on == m.On && p.operation == m.Operation })
	if i < 0 {
		i = len(list)
		list = append(list, passage{on: m.On, operation: m.Operation})
	}
	list[i].pieces = append(list[i].pieces, piece)
	ways[key] = list
}

func sortPassages(ways map[routeKey][]passage, way int) {
	for _, list := range ways {
		slices.SortFunc(list, func(a, b passage) int { return way * a.compare(&b) })
		for i := range list {
			slices.SortFunc(list[i].pieces, func(a, b passagePiece) int { return cmp.Compare(a.span.From, b.span.From) })
		}
	}
}

// stands reports whether a version is where its intervals are counted: it is in
// force, or nothing says what became of it.
func (p *passages) stands(key routeKey) bool {
	if p == nil {
		return true
	}
	if v, ok := p.inForce[key.Road]; ok && v == key.Version {
		return true
	}
	return len(p.forward[key]) == 0 && len(p.backward[key]) == 0
}

// trace follows a span to the versions in force. What is lost on the way comes
// back with the version and place it was lost on. However a span is cut, the
// parts of it give the same; so the end of one that is rounded to nothing within
// a piece that stays is not lost, it goes up in what lies beside it.
func (p *passages) trace(key routeKey, span chainage.Span) (parts, lost []lifted) {
	span = straight(span)
	whole := lifted{key: key, span: span, from: span}
	if span.Length() == 0 {
		return nil, nil
	}
	if p.stands(key) {
		return []lifted{whole}, nil
	}
	t := tracing{p: p, ways: p.forward}
	if len(p.backward[key]) > 0 {
		t.ways, t.way = p.backward, -1
	} else {
		t.way = 1
	}
	t.follow(whole, nil)
	slices.SortFunc(t.parts, func(a, b lifted) int {
		return cmp.Or(cmp.Compare(a.from.From, b.from.From), cmp.Compare(a.from.To, b.from.To), a.key.compare(b.key), cmp.Compare(a.span.From, b.span.From))
	})
	return joinLifted(t.parts), t.lost
}

// tracing is one way through the passages: strictly forwards, or strictly
// backwards, so that it ends even where mappings run in a circle.
type tracing struct {
	p     *passages
	ways  map[routeKey][]passage
	way   int
	parts []lifted
	lost  []lifted
}

func (t *tracing) follow(part lifted, after *passage) {
	next := t.next(part.key, after)
	if next == nil {
		t.parts = append(t.parts, part)
		return
	}
	at := part.span.From
	for i := range next.pieces {
		piece := &next.pieces[i]
		cut := chainage.Span{From: max(at, piece.span.From), To: min(part.span.To, piece.span.To)}
		if cut.From >= cut.To {
			continue
		}
		t.lose(part, chainage.Span{From: at, To: cut.From})
		at = cut.To
		if piece.gone || piece.to.Length() == 0 { // squeezed to nothing is as good as retired
			t.lose(part, cut)
		} else if on := part.part(cut).onto(piece); on.span.Length() > 0 {
			t.follow(on, next)
		}
	}
	t.lose(part, chainage.Span{From: at, To: part.span.To})
}

// next is the passage that a version goes through after another one.
func (t *tracing) next(key routeKey, after *passage) *passage {
	if v, ok := t.p.inForce[key.Road]; ok && v == key.Version {
		return nil
	}
	list := t.ways[key]
	for i := range list {
		if after == nil || t.way*list[i].compare(after) > 0 {
			return &list[i]
		}
	}
	return nil
}

func (t *tracing) lose(part lifted, span chainage.Span) {
	if span.From < span.To {
		t.lost = append(t.lost, part.part(span))
	}
}

// part is a part of a lifted span, by its place where it lies now.
func (l lifted) part(cut chainage.Span) lifted {
	l.from, l.span = acrossSpan(cut, l.span, l.from, l.reversed), cut
	return l
}

// onto carries a lifted span that lies within a piece over it.
func (l lifted) onto(piece *passagePiece) lifted {
	l.key, l.span = piece.key, acrossSpan(l.span, piece.span, piece.to, piece.reversed)
	l.reversed = l.reversed != piece.reversed
	return l
}

// acrossSpan maps a part of one span in proportion onto another: both its ends
// by one rounded monotone function, so that the parts of a span map to parts
// of what it maps to however it is cut.
func acrossSpan(s, from, to chainage.Span, reversed bool) chainage.Span {
	a, b := acrossAt(s.From, from, to, reversed), acrossAt(s.To, from, to, reversed)
	return chainage.Span{From: min(a, b), To: max(a, b)}
}

// acrossAt rounds as the mappings of package chainage do.
func acrossAt(at int64, from, to chainage.Span, reversed bool) int64 {
	moved := to.Length()
	if at < from.To {
		moved = nearest(at-from.From, to.Length(), from.Length())
	}
	if reversed {
		return to.To - moved
	}
	return to.From + moved
}

// nearest is x * num / den rounded half up, for 0 <= x < den.
func nearest(x, num, den int64) int64 {
	if x <= 0 || num == den {
		return max(x, 0)
	}
	hi, lo := bits.Mul64(uint64(x), uint64(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(den))
	return int64(q)
}

func straight(s chainage.Span) chainage.Span {
	return chainage.Span{From: min(s.From, s.To), To: max(s.From, s.To)}
}

// joinLifted joins parts that go on in a line.
func joinLifted(parts []lifted) []lifted {
	out := parts[:0]
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].join(p) {
			continue
		}
		out = append(out, p)
	}
	return out
}

func (l *lifted) join(next lifted) bool {
	if l.key != next.key || l.reversed != next.reversed || l.from.To != next.from.From {
		return false
	}
	switch {
	case !l.reversed && l.span.To == next.span.From:
		l.span.To = next.span.To
	case l.reversed && l.span.From == next.span.To:
		l.span.From = next.span.From
	default:
		return false
	}
	l.from.To = next.from.To
	return true
}

// lift gives the parts of a span on the versions in force, in order along it,
// and what of it lies on none of them.
func (l *ledger) lift(key routeKey, span chainage.Span) (parts []lifted, lost chainage.Set) {
	parts, gone := l.passages.trace(key, span)
	spans := make([]chainage.Span, len(gone))
	for i := range gone {
		spans[i] = gone[i].from
	}
	return parts, chainage.NewSet(spans...)
}

// addEvents lifts every report.
func (l *ledger) addEvents(progress []Progress) {
	for i := range progress {
		e := &progress[i]
		key := routeKey{e.Road, e.Version}
		if l.passages.stands(key) {
			span := straight(e.Span)
			l.events[key] = append(l.events[key], event{Progress: e, key: key, span: span})
			continue
		}
		parts, lost := l.lift(key, e.Span)
		if len(parts) == 0 && len(lost) == 0 { // shorter now than half a millimetre
			lost = chainage.NewSet(straight(e.Span))
		}
		for _, p := range parts {
			l.events[p.key] = append(l.events[p.key], event{Progress: e, key: p.key, span: p.span})
		}
		for _, span := range lost {
			l.retired = append(l.retired, event{Progress: e, key: key, span: span, notYet: len(l.passages.backward[key]) > 0})
		}
	}
}

// inForce is the version of a road in force on the day; false: it has none.
func (a *Assessment) inForce(road ID) (routeKey, bool) {
	r := a.roads[road]
	if r == nil {
		return routeKey{Road: road}, false
	}
	return routeKey{r.ID, r.Version}, true
}

// Lift gives the places in force of an interval of a route version, in order
// along it, and what of it is retired or not yet there, in the measure of that
// version. A version of which nothing says what became of it stays as it is.
func (a *Assessment) Lift(road ID, version int32, span chainage.Span) ([]RoadSpan, chainage.Set) {
	parts, lost := a.ledger.lift(routeKey{road, version}, span)
	out := make([]RoadSpan, len(parts))
	for i, p := range parts {
		out[i] = RoadSpan{p.key.Road, p.key.Version, p.span}
	}
	return out, lost
}
