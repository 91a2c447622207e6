package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/qiantu/qiantu/planner"
)

// problemType is the media type of every error (RFC 9457).
const problemType = "application/problem+json"

// statusOf maps the kinds of failure of planner to HTTP. What is not listed is
// internal.
var statusOf = map[planner.Code]int{
	planner.Invalid:     http.StatusUnprocessableEntity,
	planner.NotFound:    http.StatusNotFound,
	planner.Conflict:    http.StatusConflict,
	planner.Unavailable: http.StatusServiceUnavailable,
	planner.TooLarge:    http.StatusRequestEntityTooLarge,
}

// fail turns an error into what the caller is told. Internal errors are logged
// and shown to no one.
func (s *Server) fail(err error) error {
	if err == nil {
		return nil
	}
	var told huma.StatusError
	if errors.As(err, &told) {
		return told
	}
	status, known := statusOf[planner.CodeOf(err)]
	if !known && errors.Is(err, context.Canceled) { // who asked has left: nobody reads this
		return huma.NewError(http.StatusServiceUnavailable, "given up")
	}
	if !known {
		s.log.Error("a request failed", "error", err)
		return huma.NewError(http.StatusInternalServerError, "the service failed; the log has the reason")
	}
	return huma.NewError(status, err.Error())
}

// badParam is a refusal that names the parameter.
func badParam(name, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return huma.NewError(http.StatusUnprocessableEntity, "the request has a wrong parameter",
		&huma.ErrorDetail{Location: "query." + name, Message: message})
}

// tidyProblems is what every answer of the OpenAPI part passes: an error gets
// its request as instance and loses the values that were sent.
func tidyProblems(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	out := *e
	out.Instance = middleware.GetReqID(ctx.Context())
	if u, ok := ctx.(*upload); ok {
		u.problem(&out)
	}
	out.Errors = nil
	for _, d := range e.Errors {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Location: d.Location, Message: d.Message})
	}
	return &out, nil
}

// problem answers with an error outside the OpenAPI part.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", problemType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(&huma.ErrorModel{ // a reader that left is no error of ours
		Title: http.StatusText(status), Status: status, Detail: detail, Instance: middleware.GetReqID(r.Context()),
	})
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, fmt.Sprintf("there is nothing at %.80q", r.URL.Path))
}

func (s *Server) notAllowed(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusMethodNotAllowed, fmt.Sprintf("%.20q is not possible here", r.Method))
}

// writeJSON answers outside the OpenAPI part.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a reader that left is no error of ours
}

// isUnder says whether a path is a folder or lies in it.
func isUnder(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}
