package gpx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// Bounds on what is read.
const (
	MaxBytes  = 20 << 20
	MaxPoints = 200_000
	maxDepth  = 64
)

// Track is the points of a file in the order they stand, all of its tracks and
// their segments one after the other; each segment begins with a Break.
type Track struct {
	Name   string // of the first track that has one
	Points []geo.TrackPoint
}

// Read takes the track out of a GPX or GeoJSON file, whichever it is by its
// first sign. Of a GPX file without a track its routes are taken; waypoints
// are not. Of a GeoJSON file every LineString and MultiLineString is taken, with
// the times of the property coordTimes. A file without points is an error.
func Read(r io.Reader) (Track, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Track{}, fmt.Errorf("gpx: reading the file: %w", err)
	}
	if len(data) > MaxBytes {
		return Track{}, fmt.Errorf("gpx: the file is larger than %d MB; split it, one file a day", MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var t Track
	switch start := bytes.TrimLeft(data, " \t\r\n"); {
	case len(start) == 0:
		return Track{}, errors.New("gpx: the file is empty; export the track again")
	case start[0] == '<':
		t, err = readGPX(data)
	case start[0] == '{':
		t, err = readGeoJSON(data)
	default:
		return Track{}, errors.New("gpx: line 1: the file is neither GPX nor GeoJSON; export the track as GPX, in UTF-8")
	}
	if err != nil {
		return Track{}, err
	}
	return t, nil
}

// coordinate reads a longitude or latitude.
func coordinate(name, text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0, fmt.Errorf("%s %.30q is not a number; write degrees, as in 104.723", name, text)
	}
	return v, nil
}

// checked is the point of a longitude and latitude on the earth.
func checked(lon, lat float64) (orb.Point, error) {
	for _, c := range []struct {
		name     string
		v, limit float64
	}{{"longitude", lon, 180}, {"latitude", lat, 90}} {
		if math.IsNaN(c.v) || math.Abs(c.v) > c.limit {
			return orb.Point{}, fmt.Errorf("%s %v is not within ±%v°; write degrees, longitude and latitude not exchanged", c.name, c.v, c.limit)
		}
	}
	return orb.Point{lon, lat}, nil
}

// clock reads a time; one without a zone is UTC, as GPX has it.
func clock(text string) (int64, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UnixMilli(), nil
		}
	}
	return 0, fmt.Errorf("time %.40q cannot be read; write it as 2026-03-01T08:30:00Z", text)
}

// lineAt is the line of the file that a byte stands in.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

func tooMany(line int) error {
	return fmt.Errorf("gpx: line %d: more than %d points; split the file, one a day", line, MaxPoints)
}
