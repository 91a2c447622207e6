package gpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/qiantu/qiantu/geo"
)

// object is whatever GeoJSON has that can hold a line.
type object struct {
	Type        string          `json:"type"`
	Features    []object        `json:"features"`
	Geometry    *object         `json:"geometry"`
	Geometries  []object        `json:"geometries"`
	Coordinates json.RawMessage `json:"coordinates"`
	Properties  *properties     `json:"properties"`
}

type properties struct {
	Name       any             `json:"name"`
	CoordTimes json.RawMessage `json:"coordTimes"`
}

func readGeoJSON(data []byte) (Track, error) {
	// Each point has its bracket: too many are not even unpacked.
	if bytes.Count(data, []byte("[")) > 2*MaxPoints || bytes.Count(data, []byte(",")) > 8*MaxPoints {
		return Track{}, tooMany(1)
	}
	var root object
	if err := json.Unmarshal(data, &root); err != nil {
		return Track{}, damaged(data, err)
	}
	var t Track
	if err := t.add(root, nil); err != nil {
		return Track{}, err
	}
	if len(t.Points) == 0 {
		return Track{}, fmt.Errorf("gpx: a GeoJSON %.30q without a LineString; export the track as a line", root.Type)
	}
	return t, nil
}

// damaged names the line of what cannot be read.
func damaged(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("gpx: line %d: %w; the file is damaged, export it again", lineAt(data, syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("gpx: line %d: %q is a %s; the file is no GeoJSON, export it again", lineAt(data, kind.Offset), kind.Field, kind.Value)
	}
	return fmt.Errorf("gpx: %w; the file is damaged, export it again", err)
}

// add takes the lines of an object; p are the properties that it stands under.
func (t *Track) add(o object, p *properties) error {
	if o.Properties != nil {
		p = o.Properties
	}
	for _, part := range append(o.Features, o.Geometries...) {
		if err := t.add(part, p); err != nil {
			return err
		}
	}
	if o.Geometry != nil {
		return t.add(*o.Geometry, p)
	}
	var lines [][][]float64
	var times [][]string
	switch o.Type {
	case "LineString":
		lines, times = make([][][]float64, 1), make([][]string, 1)
		return t.addLines(o, p, &lines[0], &lines, &times[0], &times)
	case "MultiLineString":
		return t.addLines(o, p, &lines, &lines, &times, &times)
	}
	return nil
}

// addLines unpacks coordinates into "into", which is all the lines or the one,
// and times alike.
func (t *Track) addLines(o object, p *properties, into any, lines *[][][]float64, intoTimes any, times *[][]string) error {
	if err := json.Unmarshal(o.Coordinates, into); err != nil {
		return fmt.Errorf("gpx: the coordinates of a %s cannot be read: %w; export the track again", o.Type, err)
	}
	if p != nil && len(p.CoordTimes) > 0 && string(p.CoordTimes) != "null" {
		if err := json.Unmarshal(p.CoordTimes, intoTimes); err != nil {
			return fmt.Errorf("gpx: coordTimes of a %s cannot be read: %w; give one time for each position", o.Type, err)
		}
	}
	if name, ok := nameOf(p); ok && t.Name == "" {
		t.Name = name
	}
	for i, line := range *lines {
		var at []string
		if i < len(*times) {
			at = (*times)[i]
		}
		if len(at) > 0 && len(at) != len(line) {
			return fmt.Errorf("gpx: a line of %d positions has %d coordTimes; give one for each", len(line), len(at))
		}
		if err := t.addLine(line, at); err != nil {
			return err
		}
	}
	return nil
}

func nameOf(p *properties) (string, bool) {
	if p == nil {
		return "", false
	}
	name, ok := p.Name.(string)
	return name, ok
}

func (t *Track) addLine(line [][]float64, times []string) error {
	for i, position := range line {
		if len(position) < 2 {
			return fmt.Errorf("gpx: position %d of a line has %d numbers; give longitude and latitude", i+1, len(position))
		}
		if len(t.Points) >= MaxPoints {
			return tooMany(1)
		}
		point, err := checked(position[0], position[1])
		if err != nil {
			return fmt.Errorf("gpx: position %d of a line: %w", i+1, err)
		}
		p := geo.TrackPoint{Point: point, Break: i == 0}
		if times != nil && times[i] != "" {
			if p.Time, err = clock(times[i]); err != nil {
				return fmt.Errorf("gpx: position %d of a line: %w", i+1, err)
			}
		}
		t.Points = append(t.Points, p)
	}
	return nil
}
