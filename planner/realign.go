package planner

import "github.com/qiantu/qiantu/geo/chainage"

// RoadVersion is a route in one of its versions, in force or not: what reports
// are anchored to for ever.
type RoadVersion struct {
	Road   ID
	Number int32
	Length int64 // mm
	From   Date  // first day in force; zero: always
	To     Date  // first day no longer in force; zero: still in force; From: never was
}

// IsWithdrawn says whether the deed that made the version was taken back: it
// is in force on no day.
func (v *RoadVersion) IsWithdrawn() bool { return v.From != 0 && v.From == v.To }

// MappingKind says what became of metres when versions replaced versions.
type MappingKind string

// The kinds of mapping.
const (
	MappingCarried MappingKind = "carried"
	MappingRetired MappingKind = "retired"
	MappingNew     MappingKind = "new"
)

// Mapping is one piece of what became of metres on a day. Both spans are of
// equal sense unless Reversed; a carried one is in proportion along its piece.
type Mapping struct {
	ID          ID
	Operation   ID
	On          Date
	Kind        MappingKind
	FromRoad    ID // 0 where Kind is new
	FromVersion int32
	FromSpan    chainage.Span
	ToRoad      ID // 0 where Kind is retired
	ToVersion   int32
	ToSpan      chainage.Span
	Reversed    bool
}
