package api

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// splitLabel takes a label off the end of what was asked for: C101 K12+345 is
// the road C101 at 12,345,000 mm. Without a plus it is none, for names of roads
// end in K1 too.
func splitLabel(q string) (road string, label int64, ok bool) {
	text := strings.TrimSpace(q)
	at := strings.LastIndexAny(text, " \t\u3000")
	word := text[at+1:]
	if at >= 0 && strings.HasPrefix(text[at:], "\u3000") {
		word = text[at+len("\u3000"):]
	}
	if !strings.ContainsAny(word, "+＋") {
		return "", 0, false
	}
	label, err := chainage.ParseLabel(word)
	if err != nil {
		return "", 0, false
	}
	return fold(strings.TrimSuffix(text, word)), label, true
}

// findLabels gives the places that a label is: on the roads that are called so,
// or, when no road is named, on all roads of the region that is. A road may have
// the label at several places, or at none.
func (w *world) findLabels(q, region string, readable scope, most int) []resultJSON {
	out := []resultJSON{}
	name, label, ok := splitLabel(q)
	if !ok || name == "" && region == "" {
		return out
	}
	for _, code := range readable.codes {
		if region != "" && region != code {
			continue
		}
		c := w.counties[code]
		for _, r := range c.roadsCalled(name) {
			places, err := r.Calibration.PlacesOf(label, r.Length)
			if err != nil {
				continue
			}
			for _, p := range places {
				if len(out) == most {
					return out
				}
				out = append(out, c.labelled(r, code, p.At, label))
			}
		}
	}
	return out
}

// roadsCalled are the roads with a code or name, those that have just that
// first; all of them for no name.
func (c *county) roadsCalled(name string) []*planner.Road {
	var exact, part []*planner.Road
	for i := range c.snapshot.Roads {
		r := &c.snapshot.Roads[i]
		t := thing{folded: []string{fold(r.Name), fold(r.NameEN), fold(r.Code)}}
		switch rank := t.match(name); {
		case rank == 0:
			exact = append(exact, r)
		case rank > 0:
			part = append(part, r)
		}
	}
	if len(exact) > 0 && name != "" {
		return exact
	}
	return append(exact, part...)
}

// labelled is a place on a road as a result.
func (c *county) labelled(r *planner.Road, region string, at, label int64) resultJSON {
	out := resultJSON{
		Layer: "road", ID: idText(r.ID), Code: r.Code, Name: r.Name, Region: region, Label: chainage.FormatLabel(label), AtMM: &at,
	}
	if p := c.pointAt(r, at); p != nil {
		out.Center, out.Bounds = []float64{p[0], p[1]}, []float64{p[0], p[1], p[0], p[1]}
	}
	return out
}

// pointAt is where a place of a road lies; nil: it is not drawn there.
func (c *county) pointAt(r *planner.Road, at int64) *orb.Point {
	var segments []*planner.Segment
	for i := range c.snapshot.Segments {
		if g := &c.snapshot.Segments[i]; g.Road == r.ID && !g.Halo && len(g.Line) > 1 {
			segments = append(segments, g)
		}
	}
	for _, l := range linesOfRoad(r, segments) {
		if l.span.From <= at && at <= l.span.To {
			p := l.point(at)
			return &p
		}
	}
	return nil
}
