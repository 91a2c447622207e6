package api

import (
	"errors"
	"io"
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
			next(&upload{request: ctx})
		case <-time.After(uploadPatience):
			turnAway(v1, ctx, huma.Error503ServiceUnavailable("too many files come in at once; send it again"))
		case <-ctx.Context().Done():
		}
	}
}

type request = huma.Context // by another name, since it has a method Context

// upload is the request of a file. When the file breaks off it is the sender's
// fault, or that of the line: no failure of the service.
type upload struct {
	request
	broken bool
}

// BodyReader is the file; it notes when that breaks off.
func (u *upload) BodyReader() io.Reader { return &uploadReader{u.request.BodyReader(), u} }

// SetStatus answers 400 where the body could not be read to its end.
func (u *upload) SetStatus(code int) {
	if u.broken && code == http.StatusInternalServerError {
		code = http.StatusBadRequest
	}
	u.request.SetStatus(code)
}

// problem says so in the words of the answer.
func (u *upload) problem(e *huma.ErrorModel) {
	if u.broken && e.Status == http.StatusInternalServerError {
		e.Status, e.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
		e.Detail = "the file broke off before its end; send it again"
	}
}

type uploadReader struct {
	io.Reader
	of *upload
}

func (r *uploadReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.of.broken = true
	}
	return n, err
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
