package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// featureJSON is one thing opened: facts with their day and source, why it was
// judged as it was, and what it is made of.
type featureJSON struct {
	Layer  string     `json:"layer"`
	ID     string     `json:"id"`
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	Bounds []float64  `json:"bounds" doc:"null: not drawn"`
	Center []float64  `json:"center" doc:"null: not drawn"`
	Facts  []factJSON `json:"facts"`
	Why    []whyJSON  `json:"why"`
	Parts  []partJSON `json:"parts"`
}

// factJSON is one thing known. A null value is not known; a masked count is
// left out.
type factJSON struct {
	Name   string `json:"name"`
	Value  any    `json:"value" doc:"text, number, yes/no, or null when it is not known"`
	Unit   string `json:"unit"`
	On     string `json:"on" doc:"day it speaks of"`
	Source string `json:"source"`
}

// whyJSON is a reason as a code the reader's language can word, and what the
// words speak of.
type whyJSON struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params"`
}

// partJSON is a thing that belongs to this one.
type partJSON struct {
	Layer string     `json:"layer"`
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Facts []factJSON `json:"facts"`
}

type featureInput struct {
	Question
	Layer string `path:"layer" maxLength:"40"`
	ID    string `path:"id" maxLength:"64" doc:"number of the thing; region: its code"`
}

type featureOutput struct{ Body featureJSON }

func (s *Server) routeFeature(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-feature", Method: http.MethodGet, Path: "/api/v1/feature/{layer}/{id}", Tags: []string{"regions"},
		Summary: "One thing on the map, opened", Errors: questionErrors,
	}, s.getFeature)
}

func (s *Server) getFeature(ctx context.Context, in *featureInput) (*featureOutput, error) {
	a, _, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	card := newCard(a, in.Layer, in.ID)
	if card == nil {
		return nil, huma.Error404NotFound(fmt.Sprintf("no %.40q has the id %.64q", in.Layer, in.ID))
	}
	return &featureOutput{Body: *card}, nil
}

// cards opens a thing by layer and number; nil: there is none.
var cards = map[string]func(*planner.Assessment, planner.ID) *featureJSON{
	"road": roadCard, "road_segment": segmentCard, "village": villageCard, "water_project": waterCard, "relocation_site": siteCard,
	"move": moveCard, "facility": facilityCard, "reference": referenceCard,
}

func newCard(a *planner.Assessment, layer, id string) *featureJSON {
	if layer == "region" || layer == labelLayer {
		return regionCard(a, id)
	}
	open := cards[layer]
	n, err := wholeNumber(id, 1, 1<<53)
	if open == nil || err != nil {
		return nil
	}
	return open(a, planner.ID(n))
}

// newFeature begins a card.
func newFeature(layer, id, code, name string, g orb.Geometry) *featureJSON {
	c := &featureJSON{Layer: layer, ID: id, Code: code, Name: name, Facts: []factJSON{}, Why: []whyJSON{}, Parts: []partJSON{}}
	if g != nil && !g.Bound().IsEmpty() {
		b := g.Bound()
		c.Bounds = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		c.Center = []float64{b.Center()[0], b.Center()[1]}
	}
	return c
}

// fact is a fact without unit, day or source.
func fact(name string, value any) factJSON { return factJSON{Name: name, Value: value} }

// measured is a fact with a unit.
func measured(name string, value any, unit planner.Unit) factJSON {
	return factJSON{Name: name, Value: value, Unit: string(unit)}
}

// known puts day and source to facts.
func known(on planner.Date, source string, facts ...factJSON) []factJSON {
	for i := range facts {
		facts[i].On, facts[i].Source = on.String(), source
	}
	return facts
}

// maybe turns a pointer into its value, or null.
func maybe[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// find returns the element with an id.
func findByID[T any](list []T, id planner.ID, idOf func(*T) planner.ID) *T {
	for i := range list {
		if idOf(&list[i]) == id {
			return &list[i]
		}
	}
	return nil
}
