package planner

import "slices"

// DutyLevel is the rank of a place that somebody is responsible for.
type DutyLevel string

// The levels of duties, from the top down.
const (
	DutyCounty   DutyLevel = "county"
	DutyTownship DutyLevel = "township"
	DutyVillage  DutyLevel = "village"
	DutyGroup    DutyLevel = "group"
)

// DutyLevels lists the levels from the top down.
var DutyLevels = []DutyLevel{DutyCounty, DutyTownship, DutyVillage, DutyGroup}

// Matter is what of a place a duty is about.
type Matter string

// The matters of duties.
const (
	MatterAll        Matter = "all" // whatever nobody else is responsible for
	MatterRoad       Matter = "road"
	MatterWater      Matter = "water"
	MatterRelocation Matter = "relocation"
)

// Matters lists the matters in the order they are shown.
var Matters = []Matter{MatterAll, MatterRoad, MatterWater, MatterRelocation}

// Duty says who is responsible for a place, for all of it or for one matter. On
// any day a place has one holder for each matter at most.
type Duty struct {
	ID       ID
	Level    DutyLevel
	Township string // code, of a township's; else empty
	Village  ID     // of a village's or group's; else zero
	Matter   Matter
	Unit     string // the office or government the holder works for
	Person   string
	Post     string
	Phone    string // as it was written; for people to call
	From     Date   // zero: since ever
	To       Date   // the first day that is no longer in it; zero: open
	By       string // login of who entered it; empty: an import
}

// place tells apart the places of a county that duties are held for.
func (d *Duty) place() [2]any { return [2]any{d.Township, d.Village} }

// Check says why a duty cannot be one.
func (d *Duty) Check() error {
	switch {
	case !slices.Contains(DutyLevels, d.Level):
		return Errorf(Invalid, "level %.20q is none of county, township, village, group", d.Level)
	case !slices.Contains(Matters, d.Matter):
		return Errorf(Invalid, "matter %.20q is none of all, road, water, relocation", d.Matter)
	case (d.Township != "") != (d.Level == DutyTownship):
		return Errorf(Invalid, "a township is named for a duty of level township, and for no other")
	case (d.Village != 0) != (d.Level == DutyVillage || d.Level == DutyGroup):
		return Errorf(Invalid, "a village is named for a duty of level village or group, and for no other")
	case !d.To.IsZero() && d.To <= d.From:
		return Errorf(Invalid, "the duty ends on %s, before it begins on %s", d.To, d.From)
	}
	return nil
}

// DutyOf is who is responsible for a matter of a place on the snapshot's day:
// whoever holds the matter itself, else whoever holds all of the place. The
// place is a township's code, or empty for the county. Nil: nobody is named.
func (s *Snapshot) DutyOf(township string, m Matter) *Duty {
	var found *Duty
	for i := range s.Duties {
		d := &s.Duties[i]
		if d.place() != [2]any{township, ID(0)} {
			continue
		}
		if d.Matter == m {
			return d
		}
		if d.Matter == MatterAll {
			found = d
		}
	}
	return found
}
