package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on files that come in: they are held in memory while they do.
const (
	uploadsAtOnce  = 8
	uploadPatience = 10 * time.Second // for a place
)

// admitUpload is what a file passes before a byte of it is read: somebody may
// report in the county that it is for, and there is a place for it.
func (s *Server) admitUpload(v1 huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if _, err := s.mayAnywhere(ctx.Context(), planner.ActionReport, ctx.Query("region")); err != nil && ctx.Query("region") != "" {
			turnAway(v1, ctx, err)
			return
		}
		select {
		case s.works.uploads <- struct{}{}:
			defer func() { <-s.works.uploads }()
			next(ctx)
		case <-time.After(uploadPatience):
			turnAway(v1, ctx, huma.Error503ServiceUnavailable("too many files come in at once; send it again"))
		case <-ctx.Context().Done():
		}
	}
}

// turnAway answers in place of a handler.
func turnAway(v1 huma.API, ctx huma.Context, err error) {
	status := http.StatusInternalServerError
	var told huma.StatusError
	if errors.As(err, &told) {
		status = told.GetStatus()
	}
	_ = huma.WriteErr(v1, ctx, status, err.Error()) // a caller that left is no error of ours
}
