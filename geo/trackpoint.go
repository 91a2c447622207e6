package geo

import "github.com/paulmach/orb"

// TrackPoint is one place that a satellite receiver noted.
type TrackPoint struct {
	Point orb.Point
	Time  int64   // ms since 1970 UTC; 0: not noted
	HDOP  float64 // horizontal dilution of precision, about 1 in the open; 0: not noted
	Break bool    // the first of a segment: nothing is known of the way here
}
