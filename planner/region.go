package planner

import (
	"strconv"

	"github.com/paulmach/orb"
)

// Level is the rank of a region in the legal tree.
type Level string

// The levels of the tree, from the top down.
const (
	LevelProvince   Level = "province"
	LevelPrefecture Level = "prefecture"
	LevelCounty     Level = "county"
	LevelTownship   Level = "township"
	LevelVillage    Level = "village"
)

// Region is a unit of the legal tree (12-digit codes for Chinese units, any
// code for others) in force on the snapshot's day.
type Region struct {
	Code     string
	Level    Level
	Name     string
	NameEN   string
	Parent   string           // code; empty at the top
	Boundary orb.MultiPolygon // nil when not drawn
	Seat     *orb.Point       // seat of government; nil when unknown
	DataDate Date             // counties: the day their data speak of
	Sample   bool             // invented data; said wherever it is shown
	Notice   string           // what a reader of the map must be told, zh-CN
	NoticeEN string
	Source   string // attribution of the data, shown with it
}

// Ternary is a fact that may not be known. Unknown never counts as Yes.
type Ternary string

// The three answers.
const (
	Yes     Ternary = "yes"
	No      Ternary = "no"
	Unknown Ternary = "unknown"
)

// ID is the key of a stored thing inside its county.
type ID int64

func idString(id ID) string { return strconv.FormatInt(int64(id), 10) }

// Facility is a place people travel to.
type Facility struct {
	ID    ID
	Kind  string // county_seat, township_seat, school, clinic, market, industrial_park
	Name  string
	Point orb.Point
}

// Reference is any other geometry under the map: river, lake, hazard zone.
type Reference struct {
	ID       ID
	Layer    string // river, lake, hazard, red_line, farmland
	Kind     string
	Name     string
	Geometry orb.Geometry
}
