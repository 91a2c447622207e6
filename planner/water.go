package planner

import "github.com/paulmach/orb"

// WaterProject is a named supply work.
type WaterProject struct {
	ID              ID
	Code            string
	Name            string
	Kind            string // urban_extension, large, medium, small, dispersed, reservoir, pond
	Status          string // planned, building, built, unknown
	CapacityM3D     *float64
	DryCapacityM3D  *float64 // in the dry season; nil: by the rules' share of its kind
	LossPct         *float64 // leakage and the unforeseen, in per cent of what is drawn; nil: the rules'
	DesignedPersons *int64
	Point           orb.Point
	Serves          []ID // villages
}

// WaterSurvey is what a surveyor found in a village on a day. A nil member was
// not observed. The verdict is computed, never stored.
type WaterSurvey struct {
	ID             ID
	Village        ID
	On             Date
	LitresPerDay   *float64 // per person
	QualityOK      *bool
	Tap            *bool    // tap in house or yard
	FetchMinutes   *float64 // round trip
	DistanceM      *float64
	ClimbM         *float64
	ReliabilityPct *float64
	CloseCostFen   *int64 // estimate to make the village safe
	Source         string
}

// WaterStandard holds the thresholds in force, a version a province can pin.
type WaterStandard struct {
	Code          string // region the version belongs to; empty: national
	Version       string // e.g. T/CHES 18-2018
	Climate       string // wet or dry; empty: wet
	LitresGood    float64
	LitresBasic   float64
	MinutesGood   float64
	MinutesBasic  float64
	DistanceGood  float64
	DistanceBasic float64
	ClimbGood     float64
	ClimbBasic    float64
	ReliableGood  float64 // per cent
	ReliableBasic float64
}
