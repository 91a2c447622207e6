package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
)

// questionErrors are what a question may be answered with instead.
var questionErrors = []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}

// describe makes the part of the surface that the OpenAPI document describes.
// Answers carry no $schema and no Link, the document loads nothing from
// elsewhere, and a parameter that is not known is refused.
func (s *Server) describe(r chi.Router) huma.API {
	c := huma.DefaultConfig("Qiantu 迁途", s.version)
	c.Info.Description = "Road completion, coverage gaps and relocation distances of a county. " +
		"Every figure carries its numerator, denominator, unknowns, as-of day and rule, and opens down to what it is made of."
	c.OpenAPIPath = "/api/v1/openapi"
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil
	c.Transformers = []huma.Transformer{tidyProblems}
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	return humachi.New(r, c)
}

type revisionOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         revisionJSON
}

// revisionJSON says what the map shows, and how it stands to the store.
type revisionJSON struct {
	Revision int64   `json:"revision" doc:"of the map"`
	Time     string  `json:"time" doc:"when it was committed"`
	Newest   int64   `json:"newest" doc:"revision the store was last seen at"`
	StaleFor float64 `json:"stale_seconds" doc:"how long the map has been older than the store; 0: it is not"`
	Problem  string  `json:"problem,omitempty" doc:"why it is"`
}

func (s *Server) routeRevision(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-revision", Method: http.MethodGet, Path: "/api/v1/revision", Tags: []string{"service"},
		Summary: "The revision the map shows", Errors: []int{http.StatusServiceUnavailable},
	}, s.getRevision)
}

func (s *Server) getRevision(context.Context, *struct{}) (*revisionOutput, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	st := s.status.read()
	problem := ""
	if st.problem != "" { // the reason itself is the operator's
		problem = "the store cannot be read; the map is the last one that could be made"
	}
	return &revisionOutput{CacheControl: "no-store", Body: revisionJSON{
		Revision: w.revision, Time: clock(w.at), Newest: st.newest, StaleFor: st.staleFor.Seconds(), Problem: problem,
	}}, nil
}

var _ json.Marshaler = exact{}
