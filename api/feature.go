package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

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
	Name   string       `json:"name"`
	Value  any          `json:"value" doc:"text, number, yes/no, or null when it is not known"`
	Unit   planner.Unit `json:"unit"`
	On     string       `json:"on" doc:"day it speaks of; empty: the day of the answer"`
	Source string       `json:"source"`
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
	card, err := openCard(a, in.Layer, in.ID)
	if planner.CodeOf(err) == planner.NotFound {
		return nil, huma.Error404NotFound(fmt.Sprintf("no %.40q has the id %.64q", in.Layer, in.ID))
	}
	if err != nil {
		return nil, s.fail(err)
	}
	return &featureOutput{Body: wireCard(card)}, nil
}

// openCard opens a thing by the words of the address.
func openCard(a *planner.Assessment, layer, id string) (*planner.Card, error) {
	if layer == "region" || layer == labelLayer {
		return a.RegionCard(id)
	}
	n, err := wholeNumber(id, 1, 1<<53)
	if err != nil {
		return nil, planner.Errorf(planner.NotFound, "an id is a whole number")
	}
	return a.Card(layer, planner.ID(n))
}

func wireCard(c *planner.Card) featureJSON {
	out := featureJSON{
		Layer: c.Layer, ID: c.ID, Code: c.Code, Name: c.Name, Facts: wireFacts(c.Facts),
		Why: make([]whyJSON, len(c.Why)), Parts: make([]partJSON, len(c.Parts)),
	}
	if c.Center != nil {
		out.Center, out.Bounds = []float64{c.Center[0], c.Center[1]}, wireBounds(c.Bounds)
	}
	for i, w := range c.Why {
		out.Why[i] = whyJSON(w)
	}
	for i, p := range c.Parts {
		out.Parts[i] = partJSON{p.Layer, p.ID, p.Name, wireFacts(p.Facts)}
	}
	return out
}

func wireFacts(facts []planner.Fact) []factJSON {
	out := make([]factJSON, len(facts))
	for i, f := range facts {
		out[i] = factJSON{f.Name, f.Value, f.Unit, f.On.String(), f.Source}
	}
	return out
}
