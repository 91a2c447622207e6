package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// maxMinutes bounds an isochrone, maxLimits how many it has.
const (
	maxMinutes = 600
	maxLimits  = 10
)

type isochroneInput struct {
	Question
	Lon      float64 `query:"lon" minimum:"-180" maximum:"180" doc:"of the place; or give facility"`
	Lat      float64 `query:"lat" minimum:"-90" maximum:"90"`
	Facility int64   `query:"facility" minimum:"0" maximum:"9007199254740992" doc:"number of a facility, in place of lon and lat"`
	Minutes  string  `query:"minutes" required:"true" maxLength:"60" doc:"rising, at most ten, as 10,20,30"`
	Outline  bool    `query:"outline" doc:"also an outline of each limit, for show only"`
}

// isochroneJSON is a GeoJSON feature collection.
type isochroneJSON struct {
	Type     string         `json:"type"`
	Revision int64          `json:"revision"`
	Features []reachFeature `json:"features"`
}

// reachFeature is a stretch of road, an outline, or the place itself.
type reachFeature struct {
	Type       string         `json:"type"`
	Geometry   reachGeometry  `json:"geometry"`
	Properties map[string]any `json:"properties" doc:"kind: from, reached or outline; minutes: the first limit within which it is reached"`
}

type reachGeometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type isochroneOutput struct {
	ContentType string `header:"Content-Type"`
	Body        isochroneJSON
}

func (s *Server) routeIsochrone(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-isochrone", Method: http.MethodGet, Path: "/api/v1/isochrone", Tags: []string{"figures"},
		Summary: "What motor vehicles reach from a place within some minutes, as stretches of road", Errors: questionErrors,
	}, s.getIsochrone)
}

func (s *Server) getIsochrone(ctx context.Context, in *isochroneInput) (*isochroneOutput, error) {
	limits, err := readMinutes(in.Minutes)
	if err != nil {
		return nil, err
	}
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	from, err := in.place(c)
	if err != nil {
		return nil, err
	}
	drive, err := c.drive(in.Season)
	if err != nil {
		return nil, s.fail(err)
	}
	options := planner.IsochroneOptions{LimitMS: make([]int64, len(limits)), Outline: in.Outline}
	for i, minutes := range limits {
		options.LimitMS[i] = minutes * 60_000
	}
	iso, err := workOut(ctx, s, c, fmt.Sprintf("isochrone %s %v %v %v", in.Season, from, limits, in.Outline), weighIsochrone, func(context.Context) (*planner.Isochrone, error) {
		return drive.Isochrone(from, options)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &isochroneOutput{Body: wireIsochrone(iso, limits, revision)}, nil
}

// weighIsochrone is about how many bytes an isochrone takes.
func weighIsochrone(iso *planner.Isochrone) (bytes int64) {
	for i := range iso.Reached {
		bytes += 64 + 16*int64(len(iso.Reached[i].Line))
	}
	for _, outline := range iso.Outlines {
		for _, ring := range outline {
			bytes += 32 + 16*int64(len(ring))
		}
	}
	return bytes
}

// place is where an isochrone begins.
func (in *isochroneInput) place(c *county) (orb.Point, error) {
	if in.Facility == 0 {
		if in.Lon == 0 && in.Lat == 0 || math.IsNaN(in.Lon) || math.IsNaN(in.Lat) {
			return orb.Point{}, badParam("lon", "say where from: lon and lat, or facility")
		}
		return orb.Point{in.Lon, in.Lat}, nil
	}
	for i := range c.snapshot.Facilities {
		if f := &c.snapshot.Facilities[i]; f.ID == planner.ID(in.Facility) {
			return f.Point, nil
		}
	}
	return orb.Point{}, huma.Error404NotFound(fmt.Sprintf("no facility has the number %d", in.Facility))
}

func readMinutes(s string) ([]int64, error) {
	parts := strings.Split(s, ",")
	if len(parts) > maxLimits {
		return nil, badParam("minutes", "%d limits; at most %d are taken", len(parts), maxLimits)
	}
	out := make([]int64, len(parts))
	for i, part := range parts {
		n, err := wholeNumber(part, 1, maxMinutes)
		if err != nil {
			return nil, badParam("minutes", "%v", err)
		}
		if out[i] = n; i > 0 && n <= out[i-1] {
			return nil, badParam("minutes", "%d does not rise above %d", n, out[i-1])
		}
	}
	return out, nil
}

func wireIsochrone(iso *planner.Isochrone, limits []int64, revision int64) isochroneJSON {
	out := isochroneJSON{Type: "FeatureCollection", Revision: revision, Features: make([]reachFeature, 0, len(iso.Reached)+len(limits)+1)}
	add := func(kind, geometry string, coordinates any, more map[string]any) {
		more["kind"] = kind
		out.Features = append(out.Features, reachFeature{"Feature", reachGeometry{geometry, coordinates}, more})
	}
	add("from", "Point", []float64{iso.From[0], iso.From[1]}, map[string]any{"access_m": exactly(iso.AccessMM, metres), "on": []float64{iso.On[0], iso.On[1]}})
	for i, outline := range iso.Outlines {
		rings := [][][]float64{}
		for _, ring := range outline {
			rings = append(rings, wireLine(orb.LineString(ring)))
		}
		if len(rings) > 0 {
			add("outline", "Polygon", rings, map[string]any{"minutes": limits[i], "for_show_only": true})
		}
	}
	for i := range iso.Reached {
		r := &iso.Reached[i]
		add("reached", "LineString", orNone(wireLine(r.Line)), map[string]any{
			"minutes": limits[r.Limit], "road": idUnless(false, r.Road), "segment": idUnless(false, r.Segment),
		})
	}
	return out
}
