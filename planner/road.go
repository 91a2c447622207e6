package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Road is a coded, or not yet coded, route in the version in force on the
// snapshot's day. Its measure runs in integer millimetres from 0 to Length; a
// K label is made from Calibration and is never a key.
type Road struct {
	ID          ID
	Code        string // route code; may be empty
	Name        string
	NameEN      string
	Class       string         // highway class or technical class, see docs/osm.md
	Township    string         // of a length-only route; segments carry their own
	Version     int32          // route version
	Length      int64          // mm of internal measure
	Line        orb.LineString // nil: length-only, "not drawn"
	Calibration chainage.Calibration
	CoRouted    chainage.Set // spans that are counted on another route
}

// Built says whether a piece of road is there.
type Built string

// The built states of the inventory.
const (
	BuiltNone    Built = "none"
	BuiltYes     Built = "built"
	BuiltUnknown Built = "unknown"
)

// Direction says which way a piece of road may be driven.
type Direction string

// The directions, along the measure.
const (
	Both     Direction = "both"
	Forward  Direction = "forward"
	Backward Direction = "backward"
)

// Segment is a homogeneous piece of a route version. The segments of a version
// partition its measure: they never overlap.
type Segment struct {
	ID            ID
	Road          ID
	Version       int32
	Span          chainage.Span // mm of the route's internal measure
	Class         string
	Surface       string // asphalt, cement, paved, gravel, stone, earth, unknown
	WidthMM       *int64
	AllSeason     Ternary
	Built         Built
	Direction     Direction
	Routable      bool           // motor traffic may use it
	Township      string         // region code
	OtherTownship string         // a boundary road's second township, with its share
	OtherSharePPM int64          // parts per million of every measured length that go to OtherTownship
	Line          orb.LineString // nil: not drawn
	Halo          bool           // of a neighbouring county: network only, never counted
	Noded         bool           // drawn with common vertices where it meets others, as in OpenStreetMap: its ends are not joined
}
