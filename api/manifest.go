package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type manifestInput struct{ Question }

type manifestOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Server) routeManifest(v1 huma.API) {
	op := huma.Operation{
		OperationID: "get-manifest", Method: http.MethodGet, Path: "/api/v1/manifest", Tags: []string{"figures"},
		Summary: "SDG 9.1.1 and 6.1 with all they depend on: the same bytes whenever it is made again", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getManifest)
	v1.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}
}

func (s *Server) getManifest(ctx context.Context, in *manifestInput) (*manifestOutput, error) {
	c, _, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	body, err := workOut(ctx, s, c, "manifest", weighBytes, func(context.Context) ([]byte, error) { return c.assessment.Manifest() })
	if err != nil {
		return nil, s.fail(err)
	}
	return &manifestOutput{"application/json", body}, nil
}

func weighBytes(b []byte) int64 { return int64(len(b)) }
