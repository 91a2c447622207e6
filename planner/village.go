package planner

import "github.com/paulmach/orb"

// Population is one dated count of a village. A nil count is unknown, never 0.
type Population struct {
	AsOf           Date
	Households     *int64
	Persons        *int64
	PoorHouseholds *int64 // registered poor, a subset
	PoorPersons    *int64
	Source         string
}

// Village is a settlement with a place on the map.
type Village struct {
	ID         ID
	Code       string // label; may be empty
	Name       string
	NameEN     string
	Kind       string // administrative, hamlet, group
	Township   string // region code in force on the snapshot's day
	Point      orb.Point
	Hazard     string      // none, low, medium, high, extreme, unknown
	Surveyed   bool        // road access surveyed at all; false: unknown, never zero
	Population *Population // the latest count on or before the day; nil: none
	Consent    *Consent    // the latest on or before the day; nil: nobody was asked
}

// Persons returns the persons of v and whether they are known.
func (v *Village) Persons() (int64, bool) {
	if v.Population == nil || v.Population.Persons == nil {
		return 0, false
	}
	return *v.Population.Persons, true
}

// Households returns the households of v and whether they are known.
func (v *Village) Households() (int64, bool) {
	if v.Population == nil || v.Population.Households == nil {
		return 0, false
	}
	return *v.Population.Households, true
}
