package planner

import (
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Strip is a route laid out straight: what stands on each metre of the version
// in force, stage by stage, and who reported it when. All places are mm of its
// measure. What is held for an answer is not in it, for it counts nowhere.
type Strip struct {
	Road        *Road  // in the version in force
	Township    string // the road's, else that of its first segment
	Marks       []StripMark
	Breaks      []StripBreak
	Ticks       []StripMark
	Stages      []StripStage // those with a span, in building order
	Scope       []StripScope
	Completed   chainage.Set // of the programme that the strip speaks of
	CarryOver   chainage.Set
	Disputed    []StripDispute // open ones
	Failed      chainage.Set   // accepted once, until an inspection failed
	Retired     int64          // mm that were reported, or a task, on metres that are gone
	Contracts   []StripContract
	Inspections []StripInspection
	Townships   []StripTownship
	Pins        []StripPin
	Events      []StripEvent // by day and id; one that was cut stands once for each part
	Programme   ID           // whose Completed and CarryOver they are; 0: the road is in no task
}

// StripMark is a place with its label.
type StripMark struct {
	At    int64
	Label string
}

// StripBreak is a chain break: the label that ends before it and the one that
// begins behind.
type StripBreak struct {
	At            int64
	Before, After string
}

// StripStage is the union of what was reported of a stage.
type StripStage struct {
	Stage Stage
	Spans []StripSpan
}

// StripSpan is a piece of the union on which the reports are the same. On and
// Reporter are those of the first of them.
type StripSpan struct {
	Span     chainage.Span
	On       Date
	Reporter string
	Times    int
	Events   []string // by day and id
}

// StripScope is a piece of a programme's task.
type StripScope struct {
	Programme   ID
	Name        string
	Span        chainage.Span
	Village     ID // 0: not said
	VillageName string
	Responsible string
	Phone       string
}

// StripDispute is an open case.
type StripDispute struct {
	ID    ID
	Span  chainage.Span
	Stage Stage
}

// StripContract is an interval of a contract.
type StripContract struct {
	Contract *Contract
	Span     chainage.Span
}

// StripInspection is an inspection, where it lies now.
type StripInspection struct {
	Inspection *Inspection
	Span       chainage.Span
}

// StripTownship is whose metres they are: the first township of a boundary road.
type StripTownship struct {
	Code string
	Name string
	Span chainage.Span
}

// StripPin is a photo or file at the place of the line nearest to it.
type StripPin struct {
	Hash     string
	At       int64
	Label    string
	OffsetM  float64
	Taken    time.Time // zero: not known
	Media    string
	Progress string // id of the report that names it
}

// StripEvent is a report, or what a realignment left of it on this route.
type StripEvent struct {
	Progress  *Progress
	Span      chainage.Span // on the version in force; of a retired part as it is anchored
	LabelFrom string        // of a retired part its measure, written as a label
	LabelTo   string
	Overrides []Override
	Fate      string // counted, repeated, outside, disputed, void, failed, retired
}

// Strip lays out a route of the county.
func (a *Assessment) Strip(road ID) (*Strip, error) {
	r := a.roads[road]
	if r == nil {
		return nil, Errorf(NotFound, "there is no road with number %d in force in %s", road, a.Snapshot.Region.Code)
	}
	s := &stripper{a: a, key: routeKey{r.ID, r.Version}, Strip: &Strip{Road: r, Township: a.townshipOf(r)}}
	s.labels()
	s.task()
	s.cases()
	s.townships()
	s.reports()
	s.stages()
	s.pins()
	return s.Strip, nil
}
