package planner

import (
	"slices"
	"strings"
)

// MergeClash is an edit that a merge would bring and one that stands in the
// scenario it is brought into, both about the same thing and not the same.
type MergeClash struct{ Brought, Stands ScenarioEdit }

// Merge says which of some edits of one scenario are new to another one, in
// order, and which of them clash with what stands there. What stands there word
// for word is left out. Ids name edits of from that stand; others are refused.
func Merge(from, into *Scenario, ids []ID) (add []ScenarioEdit, clashes []MergeClash, err error) {
	if from.ID == into.ID {
		return nil, nil, Errorf(Invalid, "scenario %d cannot be merged into itself", from.ID)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(from.Edits, func(e ScenarioEdit) bool { return e.ID == id && e.Stands() }) {
			return nil, nil, Errorf(Invalid, "edit %d does not stand in scenario %d; look at it again", id, from.ID)
		}
	}
	for i := range from.Edits { // in their own order, whatever that of ids
		e := from.Edits[i]
		if !slices.Contains(ids, e.ID) {
			continue
		}
		if slices.Contains(into.Standing(), e.Text) {
			continue
		}
		for k := range into.Edits {
			if other := &into.Edits[k]; other.Stands() && clash(e.Text, other.Text) {
				clashes = append(clashes, MergeClash{e, *other})
			}
		}
		add = append(add, e)
	}
	return add, clashes, nil
}

// clash says whether two edits that are not the same say something else of the
// same thing: closing a road and building it, or one site at two places.
// Different facts of one thing, such as a site's place and its capacity, do not.
func clash(a, b string) bool {
	return SubjectOf(a) == SubjectOf(b) && facetOf(a) == facetOf(b)
}

// facetOf is which fact of its subject an edit sets.
func facetOf(edit string) string {
	verb, rest, _ := strings.Cut(edit, ":")
	kind, _, _ := strings.Cut(rest, ":")
	switch {
	case kind == SubjectSegment || kind == SubjectRoad:
		return "road"
	case kind == SubjectSite && (verb == "place" || verb == "add"):
		return "place"
	case kind == SubjectSite: // closed, or of another capacity
		return "capacity"
	}
	return verb
}
