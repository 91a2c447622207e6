package planner

import (
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// roadEnd is an end of a piece that nearly meets another piece: joined to it in
// the graph, or only doubted.
type roadEnd struct {
	piece, other int32 // of Assessment.Pieces
	last         bool  // the end of the piece's line; false: its start
	at           geo.Millimetre
	gap          geo.Millimetre
	joined       bool
}

// noding says how the ends of pieces are joined.
type noding struct {
	joinMM, gapMM int64
	noded         []bool // by piece: its ends are left as they are
}

func newNoding(pieces []Piece, roads map[ID]*Road, rules *Rules) *noding {
	n := &noding{joinMM: rules.JoinMM, gapMM: rules.GapMM, noded: make([]bool, len(pieces))}
	for i := range pieces {
		n.noded[i] = pieces[i].noded(roads)
	}
	return n
}

// noded says whether the road of a piece was drawn with common vertices where it
// meets others, as those of OpenStreetMap are (ways of its import by their
// codes): what has none does not meet on the ground. Lines of a bureau, and
// planned ones, end near each other.
func (p *Piece) noded(roads map[ID]*Road) bool {
	if seg := p.source.segment; seg != nil && (seg.Noded || p.Halo) {
		return seg.Noded
	}
	road := roads[p.Road]
	return road != nil && strings.HasPrefix(road.Code, "way/")
}

func (n *noding) equal(o *noding) bool {
	return n.joinMM == o.joinMM && n.gapMM == o.gapMM && slices.Equal(n.noded, o.noded)
}

// join joins the ends of the ways in a builder; payload tells the piece of a way.
func (n *noding) join(b *route.Builder, payload []int32) []roadEnd {
	var out []roadEnd
	for _, e := range b.JoinEnds(route.Ends{
		Join: geo.Millimetre(n.joinMM), Doubt: geo.Millimetre(n.gapMM),
		Of: func(way int) bool { return !n.noded[payload[way]] },
	}) {
		out = append(out, roadEnd{piece: payload[e.Way], other: payload[e.To], last: e.Last, at: e.Foot.At, gap: e.Gap, joined: e.Joined})
	}
	return out
}

// endShownMM is how much of a road is shown where its end is meant.
const endShownMM = 50_000

// checkEnds: R37, ends that were joined to a road that they nearly meet; and R38,
// those that come near one without being joined.
func (f *finder) checkEnds() {
	if f.a.net == nil {
		return
	}
	for _, e := range f.a.net.ends {
		p := &f.a.Pieces[e.piece]
		road := f.a.roads[p.Road]
		if p.Halo || road == nil || road.Version != p.Version || e.joined && f.a.Pieces[e.other].Road == p.Road {
			continue // a neighbour's, or only the next segment of the same road
		}
		f.road = f.roadOf(road)
		span := chainage.Span{From: p.Span.From, To: min(p.Span.To, p.Span.From+endShownMM)}
		end := "start"
		if e.last {
			span, end = chainage.Span{From: max(p.Span.From, p.Span.To-endShownMM), To: p.Span.To}, "end"
		}
		rule := "R38"
		if e.joined {
			rule = "R37"
		}
		name, label := f.place(e)
		f.addSpan(span, RuleFinding{Rule: rule, Severity: SeverityNote, Span: &span, Params: map[string]any{
			"gap_m": e.gap.Metres(), "end": end, "other": name, "at": label,
		}})
	}
}

// place names the road that an end nearly meets, and where on it.
func (f *finder) place(e roadEnd) (name, label string) {
	p := &f.a.Pieces[e.other]
	mm := p.Span.From
	if whole := int64(geo.Length(p.line)); whole > 0 {
		mm += scale(int64(e.at), p.Span.Length(), whole)
	}
	if road := f.a.roads[p.Road]; road != nil && !p.Halo {
		name, label = road.Name, road.Calibration.String(mm)
		if name == "" {
			name = road.Code
		}
		return name, label
	}
	return idString(p.Segment), chainage.Calibration{}.String(mm)
}
