package crs

import (
	"fmt"
	"math"
)

// Zone is a strip of the 3-degree Gauss-Krüger projection of CGCS2000.
type Zone struct {
	Number       int // 25 to 45
	Meridian     int // degrees east
	EPSG         int // eastings without the zone number
	EPSGPrefixed int // eastings with the zone number before them
}

// ZoneOf gives the zone in which a longitude lies. A longitude outside the
// zones, 73.5° to 136.5° east, is an error.
func ZoneOf(lon float64) (Zone, error) {
	if !(lon >= 73.5 && lon < 136.5) {
		return Zone{}, fmt.Errorf("crs: longitude %v lies in no 3-degree zone of CGCS2000, which reach from 73.5° to 136.5° east; is it latitude, or metres?", lon)
	}
	n := int(math.Floor((lon + 1.5) / 3))
	return Zone{Number: n, Meridian: 3 * n, EPSG: 4534 + n - 25, EPSGPrefixed: 4513 + n - 25}, nil
}
