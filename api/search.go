package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"github.com/qiantu/qiantu/planner"
)

// thing is what a search finds.
type thing struct {
	layer, id, code, name, nameEN string
	folded                        []string // names and code as they are compared
	bounds                        orb.Bound
	center                        orb.Point
	drawn                         bool
}

// fold brings a name to the form names are compared in: full-width signs as
// half-width ones, without case and outer blanks.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) }

// listThings lists everything of a county that has a name: townships, roads
// (also those not drawn), villages, works, sites, facilities.
func (c *county) listThings() []thing {
	s := c.snapshot
	var out []thing
	add := func(layer, id, code, name, nameEN string, g orb.Geometry) {
		t := thing{layer: layer, id: id, code: code, name: name, nameEN: nameEN, folded: []string{fold(name), fold(nameEN), fold(code)}}
		if g != nil && !g.Bound().IsEmpty() {
			t.bounds, t.center, t.drawn = g.Bound(), g.Bound().Center(), true
		}
		out = append(out, t)
	}
	for i := range s.Townships {
		add("region", s.Townships[i].Code, s.Townships[i].Code, s.Townships[i].Name, s.Townships[i].NameEN, placeOf(&s.Townships[i]))
	}
	for i := range s.Villages {
		add("village", idText(s.Villages[i].ID), s.Villages[i].Code, s.Villages[i].Name, s.Villages[i].NameEN, s.Villages[i].Point)
	}
	lines := c.roadLines()
	for i := range s.Roads {
		add("road", idText(s.Roads[i].ID), s.Roads[i].Code, s.Roads[i].Name, s.Roads[i].NameEN, lines[s.Roads[i].ID])
	}
	for i := range s.Water {
		add("water_project", idText(s.Water[i].ID), s.Water[i].Code, s.Water[i].Name, "", s.Water[i].Point)
	}
	for i := range s.Sites {
		add("relocation_site", idText(s.Sites[i].ID), s.Sites[i].Code, s.Sites[i].Name, s.Sites[i].NameEN, s.Sites[i].Gate)
	}
	for i := range s.Facilities {
		add("facility", idText(s.Facilities[i].ID), "", s.Facilities[i].Name, "", s.Facilities[i].Point)
	}
	return out
}

// placeOf is what of a region is drawn: its boundary, else its seat.
func placeOf(r *planner.Region) orb.Geometry {
	switch {
	case len(r.Boundary) > 0:
		return r.Boundary
	case r.Seat != nil:
		return *r.Seat
	}
	return nil
}

// roadLines is what is drawn of each road: its line, else those of its
// segments.
func (c *county) roadLines() map[planner.ID]orb.Geometry {
	parts := map[planner.ID]orb.MultiLineString{}
	for i := range c.snapshot.Segments {
		if seg := &c.snapshot.Segments[i]; !seg.Halo && len(seg.Line) > 1 {
			parts[seg.Road] = append(parts[seg.Road], seg.Line)
		}
	}
	out := map[planner.ID]orb.Geometry{}
	for id, lines := range parts {
		out[id] = lines
	}
	for i := range c.snapshot.Roads {
		if r := &c.snapshot.Roads[i]; len(r.Line) > 1 {
			out[r.ID] = r.Line
		}
	}
	return out
}

func idText(id planner.ID) string { return fmt.Sprint(int64(id)) }

// match ranks how well a thing answers a folded query: 0 equal, 1 begins, 2
// holds; -1 does not.
func (t *thing) match(q string) int {
	best := -1
	for _, name := range t.folded {
		rank := -1
		switch {
		case name == q:
			rank = 0
		case strings.HasPrefix(name, q):
			rank = 1
		case strings.Contains(name, q):
			rank = 2
		}
		if rank >= 0 && (best < 0 || rank < best) {
			best = rank
		}
	}
	return best
}

type searchInput struct {
	Q      string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"part of a name, or a code; of a place on a road: C101 K12+345, or with a region K12+345"`
	Region string `query:"region" maxLength:"64" doc:"county code; default: all"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
}

type resultJSON struct {
	Layer  string    `json:"layer"`
	ID     string    `json:"id" doc:"number of the thing; region: its code"`
	Code   string    `json:"code"`
	Name   string    `json:"name"`
	NameEN string    `json:"name_en"`
	Region string    `json:"region"`
	Center []float64 `json:"center" doc:"null: not drawn"`
	Bounds []float64 `json:"bounds" doc:"null: not drawn"`
	Label  string    `json:"label,omitempty" doc:"of a place on a road, when one was asked for"`
	AtMM   *int64    `json:"at_mm,omitempty" doc:"its measure, mm"`
}

type searchOutput struct {
	Body struct {
		Results []resultJSON `json:"results"`
	}
}

func (s *Server) routeSearch(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search", Tags: []string{"regions"},
		Summary: "Places and roads by name or code", Errors: questionErrors,
	}, s.search)
}

type hit struct {
	thing  *thing
	region string
	rank   int
}

func (s *Server) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	q := fold(in.Q)
	if q == "" || !utf8.ValidString(in.Q) || strings.ContainsRune(in.Q, 0) {
		return nil, badParam("q", "want part of a name, or a code")
	}
	readable := w.scopeOf(personOf(ctx))
	if in.Region != "" && !readable.has(in.Region) {
		return nil, huma.Error404NotFound(fmt.Sprintf("no region %.40q holds data", in.Region))
	}
	out := &searchOutput{}
	out.Body.Results = w.findLabels(in.Q, in.Region, readable, in.Limit)
	hits := w.find(q, in.Region, readable)
	for _, h := range hits[:min(len(hits), in.Limit-len(out.Body.Results))] {
		out.Body.Results = append(out.Body.Results, h.wire())
	}
	return out, nil
}

// find returns the things that answer a folded query, the best first.
func (w *world) find(q, region string, readable scope) []hit {
	var hits []hit
	for _, code := range readable.codes {
		if region != "" && region != code {
			continue
		}
		things := w.counties[code].things()
		for i := range things {
			if rank := things[i].match(q); rank >= 0 {
				hits = append(hits, hit{&things[i], code, rank})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(len(a.thing.name), len(b.thing.name)))
	})
	return hits
}

func (h hit) wire() resultJSON {
	out := resultJSON{Layer: h.thing.layer, ID: h.thing.id, Code: h.thing.code, Name: h.thing.name, NameEN: h.thing.nameEN, Region: h.region}
	if h.thing.drawn {
		b := h.thing.bounds
		out.Center = []float64{h.thing.center[0], h.thing.center[1]}
		out.Bounds = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	return out
}
