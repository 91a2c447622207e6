package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/qiantu/qiantu/planner"
)

// Region is a county that holds data.
type Region struct {
	Place
	DataDate    string         `json:"data_date" doc:"the day the data speak of: the default as-of of every report"`
	Sample      bool           `json:"sample" doc:"invented data"`
	Attribution string         `json:"attribution"`
	Notice      string         `json:"notice" doc:"what a reader must be told, zh-CN"`
	NoticeEN    string         `json:"notice_en"`
	Counts      map[string]int `json:"counts" doc:"by layer"`
}

// Place is a unit of the legal tree and where it is.
type Place struct {
	Code   string        `json:"code"`
	Name   string        `json:"name"`
	NameEN string        `json:"name_en"`
	Level  planner.Level `json:"level"`
	Bounds []float64     `json:"bounds" doc:"west, south, east, north; null: nothing is drawn"`
	Center []float64     `json:"center" doc:"lon, lat; null: nothing is drawn"`
}

// countyJSON is one county with its children.
type countyJSON struct {
	Region
	Children []Place `json:"children"`
}

type regionsOutput struct {
	Body struct {
		Regions []Region `json:"regions"`
	}
}

type regionOutput struct{ Body countyJSON }

type regionInput struct {
	Code string `path:"code" maxLength:"64" doc:"region code"`
}

func (s *Server) routeRegions(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-regions", Method: http.MethodGet, Path: "/api/v1/regions", Tags: []string{"regions"},
		Summary: "The counties that hold data", Errors: []int{http.StatusServiceUnavailable},
	}, s.listRegions)
	huma.Register(v1, huma.Operation{
		OperationID: "get-region", Method: http.MethodGet, Path: "/api/v1/regions/{code}", Tags: []string{"regions"},
		Summary: "One county and its townships", Errors: questionErrors,
	}, s.getRegion)
}

func (s *Server) listRegions(ctx context.Context, _ *struct{}) (*regionsOutput, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	out := &regionsOutput{}
	readable := w.scopeOf(personOf(ctx)).codes
	out.Body.Regions = make([]Region, 0, len(readable))
	for _, code := range readable {
		out.Body.Regions = append(out.Body.Regions, wireRegion(&w.counties[code].info))
	}
	return out, nil
}

func (s *Server) getRegion(ctx context.Context, in *regionInput) (*regionOutput, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	county := w.county(personOf(ctx), in.Code)
	if county == nil {
		return nil, huma.Error404NotFound(fmt.Sprintf("no region %.40q holds data", in.Code))
	}
	out := &regionOutput{Body: countyJSON{Region: wireRegion(&county.info), Children: []Place{}}}
	for i := range county.snapshot.Townships {
		out.Body.Children = append(out.Body.Children, wirePlace(&county.snapshot.Townships[i], orb.Bound{}))
	}
	return out, nil
}

func wireRegion(c *planner.County) Region {
	counts := c.Counts
	if counts == nil {
		counts = map[string]int{}
	}
	return Region{
		Place: wirePlace(&c.Region, c.Bounds), DataDate: c.DataDate.String(), Sample: c.Sample,
		Attribution: c.Source, Notice: c.Notice, NoticeEN: c.NoticeEN, Counts: counts,
	}
}

// wirePlace puts a region where its seat is, or in the middle of what is drawn.
func wirePlace(r *planner.Region, bounds orb.Bound) Place {
	p := Place{Code: r.Code, Name: r.Name, NameEN: r.NameEN, Level: r.Level}
	if len(r.Boundary) > 0 {
		middle, _ := planar.CentroidArea(r.Boundary)
		p.Bounds, p.Center = wireBounds(r.Boundary.Bound()), []float64{middle[0], middle[1]}
	}
	if drawn(bounds) {
		p.Bounds, p.Center = wireBounds(bounds), []float64{bounds.Center()[0], bounds.Center()[1]}
	}
	if r.Seat != nil {
		p.Center = []float64{r.Seat[0], r.Seat[1]}
	}
	return p
}

// drawn says whether a bound is one of something.
func drawn(b orb.Bound) bool { return !b.IsEmpty() && !b.IsZero() }

func wireBounds(b orb.Bound) []float64 {
	if !drawn(b) {
		return nil
	}
	return []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}
