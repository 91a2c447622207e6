package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// tileQuestion reads the question of a request for tiles; each of its parameters
// is given at most once.
func tileQuestion(values url.Values) (Question, error) {
	var q Question
	texts := map[string]*string{
		"region": &q.Region, "as_of": &q.AsOf, "known_at": &q.KnownAt, "season": &q.Season, "edits": &q.Edits,
	}
	numbers := map[string]*int64{"connect_m": &q.ConnectM, "rai_m": &q.RAIM, "walk_min": &q.WalkMin, "scenario": &q.Scenario}
	for _, name := range sortedKeys(values) {
		given := values[name]
		text, isText := texts[name]
		number, isNumber := numbers[name]
		switch {
		case !isText && !isNumber: // as everywhere, what is not known is not looked at
		case len(given) != 1:
			return q, badParam(name, "give it once")
		case isText:
			*text = given[0]
		default:
			n, err := wholeNumber(given[0], 0, 1<<53)
			if err != nil {
				return q, badParam(name, "%v", err)
			}
			*number = n
		}
	}
	if q.Region == "" && q != (Question{}) {
		return q, badParam("region", "say which county is meant")
	}
	return q, nil
}

// askedWorld is the world that a request for tiles sees, and the county that it
// wants to see of it; empty: all. Tiles of a question show its county alone.
func (s *Server) askedWorld(ctx context.Context, query url.Values) (w *world, region string, err error) {
	if w = s.world.Load(); w == nil {
		return nil, "", s.errNotReady()
	}
	if len(query) == 0 {
		return w, "", nil
	}
	q, err := tileQuestion(query)
	if err != nil || q == (Question{}) {
		return w, "", err
	}
	c, _, err := s.countyIn(ctx, w, q)
	if err != nil {
		return nil, "", err
	}
	if c.of != nil {
		w = w.asOther(c.draw())
	}
	return w, q.Region, nil
}

// refuse answers a request with an error outside the OpenAPI part.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	told := s.fail(err)
	status, detail := http.StatusInternalServerError, told.Error()
	var coded huma.StatusError
	if errors.As(told, &coded) {
		status = coded.GetStatus()
	}
	var model *huma.ErrorModel
	if errors.As(told, &model) && len(model.Errors) > 0 {
		detail = fmt.Sprintf("%s: %s: %s", model.Detail, model.Errors[0].Location, model.Errors[0].Message)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	s.problem(w, r, status, detail)
}

// layerNamed answers 404 for a layer that there is not.
func (s *Server) layerNamed(w http.ResponseWriter, r *http.Request, name string) bool {
	if isLayer(name) || isDerived(name) {
		return true
	}
	s.problem(w, r, http.StatusNotFound, fmt.Sprintf("no layer %.40q; there are %s", name, strings.Join(served(), ", ")))
	return false
}

// fieldsOf names the attributes of a layer in some counties and their types.
func (w *world) fieldsOf(name string, codes []string) map[string]string {
	out := map[string]string{}
	if name == totalLayer {
		for _, field := range totalFields() {
			out[field] = "Number"
		}
		return out
	}
	for _, code := range codes {
		for _, l := range w.layersOf(name, tileAsk{region: code}) {
			l.fields(out)
		}
	}
	return out
}
