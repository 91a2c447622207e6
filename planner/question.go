package planner

import (
	"context"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// Question asks an assessment something else than what the county's rules and
// facts say. The zero Question changes nothing.
type Question struct {
	Season    string // "" or "dry"; "wet": roads known not to be all-season are closed, of unknown season leave it unknown. "dry" shows what works give in the dry season, else what they give in the year
	ConnectMM int64  // a path must end this near to the village's point; 0: the rule
	RAIMM     int64  // how far an all-season road may be; 0: the rule
	WalkMS    int64  // how long the walk to one may take; 0: the rule
	Edits     []Edit // what-if, done in this order; at most MaxEdits
}

// What a question may ask at most: lengths in mm, times in ms.
const (
	questionMMAtMost = limitAtMost
	questionMSAtMost = 24 * 3_600_000
)

// Ask judges the same snapshot under another question, as far as the question
// touches it: what is supposed of roads, seasons and thresholds has the network
// and the villages judged anew, what is supposed of sites and villages has not. Everything an assessment does works on what
// comes out. A question stands for itself, whatever the assessment it is put to
// was asked before: without the edit the world is the original again, bit by
// bit, and the zero Question gives back the one that Assess gave.
//
// A threshold that the rules have as well is left out of the Question that the
// answer carries. When ctx ends, so does the judging before its next step, with
// the error of ctx.
func (a *Assessment) Ask(ctx context.Context, q Question) (*Assessment, error) {
	base := a
	if a.base != nil {
		base = a.base
	}
	q, err := q.checked(&base.Snapshot.Rules)
	if err != nil {
		return nil, err
	}
	if q.isZero() {
		return base, nil
	}
	out := *base
	out.base, out.Question, out.memo, out.siteMemo, out.dry = base, q, &memo{}, &siteMemo{}, &dryWays{}
	s := *base.Snapshot
	s.Rules = q.over(s.Rules)
	out.Snapshot = &s
	roads, others := splitEdits(q.Edits)
	if err := out.editPlaces(others); err != nil {
		return nil, err
	}
	for _, from := range []*Assessment{a, base} {
		if q.sameRoads(&from.Question) {
			out.takeRoads(from)
			return &out, nil
		}
	}
	if out.Pieces, err = base.editedPieces(roads); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	out.net = newNetwork(&out, base)
	if out.Villages, err = out.judgeVillages(ctx); err != nil {
		return nil, err
	}
	out.divideWaterAsked()
	return &out, nil
}

// takeRoads takes over what an assessment judged whose roads and rules are the
// same.
func (a *Assessment) takeRoads(from *Assessment) {
	net := *from.net
	net.a = a
	a.Pieces, a.net, a.Villages, a.dry = from.Pieces, &net, from.Villages, from.dry
	if !a.Question.editsPeople() && !from.Question.editsPeople() {
		a.memo = from.memo
		return
	}
	a.Villages = slices.Clone(from.Villages)
	for i := range a.Villages {
		a.Villages[i].Village = &a.Snapshot.Villages[i]
	}
	a.divideWaterAsked()
}

// divideWaterAsked divides the water anew where other people want it.
func (a *Assessment) divideWaterAsked() {
	if a.Question.editsPeople() {
		a.divideWater(nil)
	}
}

func (q *Question) isZero() bool {
	return q.Season == "" && q.ConnectMM == 0 && q.RAIMM == 0 && q.WalkMS == 0 && len(q.Edits) == 0
}

// checked refuses what cannot be asked and leaves out what the rules say.
func (q Question) checked(rules *Rules) (Question, error) {
	if q.Season != "" && q.Season != route.Dry && q.Season != route.Wet {
		return q, Errorf(Invalid, "season %q is not known; write dry or wet", q.Season)
	}
	for _, t := range []struct {
		name  string
		value *int64
		rule  int64
		most  int64
		unit  int64
		word  string
	}{
		{"connect_m", &q.ConnectMM, rules.ConnectMM, questionMMAtMost, 1000, "metres"},
		{"rai_m", &q.RAIMM, rules.RAIBufferMM, questionMMAtMost, 1000, "metres"},
		{"walk_min", &q.WalkMS, rules.RAIWalkMS, questionMSAtMost, 60_000, "minutes"},
	} {
		if *t.value < 0 || *t.value > t.most {
			return q, Errorf(Invalid, "%s %d is not a threshold; write %s from 0 (the rule) to %d", t.name, *t.value/t.unit, t.word, t.most/t.unit)
		}
		if *t.value == t.rule {
			*t.value = 0
		}
	}
	if len(q.Edits) > MaxEdits {
		return q, Errorf(TooLarge, "%d edits are more than %d; leave some out, or edit whole roads", len(q.Edits), MaxEdits)
	}
	q.Edits = slices.Clone(q.Edits)
	return q, nil
}

// over lays the thresholds of a question over the rules.
func (q *Question) over(r Rules) Rules {
	if q.ConnectMM != 0 {
		r.ConnectMM = q.ConnectMM
	}
	if q.RAIMM != 0 {
		r.RAIBufferMM = q.RAIMM
	}
	if q.WalkMS != 0 {
		r.RAIWalkMS = q.WalkMS
	}
	return r
}

// editedPieces gives the pieces with some edits done to them, in order.
func (a *Assessment) editedPieces(edits []Edit) ([]Piece, error) {
	if len(edits) == 0 {
		return a.Pieces, nil
	}
	out := slices.Clone(a.Pieces)
	for _, e := range edits {
		places, err := a.placesOf(e)
		if err != nil {
			return nil, err
		}
		for i := places.From; i < places.To; i++ {
			if p := &out[i]; e.Segment == 0 || p.Segment == e.Segment {
				p.edit(e.Do)
			}
		}
	}
	return out, nil
}

// placesOf finds which pieces an edit may be about: those of one route.
func (a *Assessment) placesOf(e Edit) (chainage.Span, error) {
	if err := e.check(); err != nil {
		return chainage.Span{}, err
	}
	key := routeKey{Road: e.Road}
	if e.Segment != 0 {
		seg := a.segment(e.Segment)
		switch {
		case seg == nil:
			return chainage.Span{}, Errorf(Invalid, "edit %q: there is no road segment %d in %s", e, e.Segment, a.Snapshot.Region.Code)
		case e.Road != 0 && e.Road != seg.Road:
			return chainage.Span{}, Errorf(Invalid, "edit %q: segment %d is of road %d, not of road %d", e, e.Segment, seg.Road, e.Road)
		}
		key = routeKey{seg.Road, seg.Version}
	} else {
		r := a.roads[e.Road]
		if r == nil {
			return chainage.Span{}, Errorf(Invalid, "edit %q: there is no road %d in %s", e, e.Road, a.Snapshot.Region.Code)
		}
		key.Version = r.Version
	}
	at := a.piecesOf[key]
	return chainage.Span{From: int64(at[0]), To: int64(at[1])}, nil
}

// segment is the county's own one with an id; nil: there is none.
func (a *Assessment) segment(id ID) *Segment {
	own := a.Snapshot.Segments
	n := slices.IndexFunc(own, func(s Segment) bool { return s.Halo })
	if n >= 0 {
		own = own[:n]
	}
	return find(own, id, func(s *Segment) ID { return s.ID })
}

// edit does to a piece what a verb says. A piece that was no motor road keeps
// its both ways when it becomes one, so that the graph stays what it is.
func (p *Piece) edit(do string) {
	is := p.proven()
	switch do {
	case EditClose:
		p.Edit = do
		return
	case EditBuild:
		if !p.Routable {
			p.Routable, p.Direction = true, Both
		}
		is.Built = BuiltYes
	case EditImprove:
		if is.Built == BuiltNone || p.Edit == EditClose {
			return
		}
	}
	p.Edit, p.pieceFacts.Contested = do, false
	p.Built, p.AllSeason, p.Surface = is.Built, Yes, is.Surface
	if Hardened(p.Surface) != Yes {
		p.Surface = route.SurfaceCement
	}
}

// isClosed says that a question closed the piece.
func (p *Piece) isClosed() bool { return p.Edit == EditClose }
