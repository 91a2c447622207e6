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
// roadOf gives the road that a segment is part of, 0 for none: a road and one of
// its segments are the same thing. Sites that two scenarios add under one number
// are two sites: the one that is brought gets a number that neither has, in all
// edits of it.
func Merge(from, into *Scenario, ids []ID, roadOf func(segment ID) ID) (add []ScenarioEdit, clashes []MergeClash, err error) {
	if from.ID == into.ID {
		return nil, nil, Errorf(Invalid, "scenario %d cannot be merged into itself", from.ID)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(from.Edits, func(e ScenarioEdit) bool { return e.ID == id && e.Stands() }) {
			return nil, nil, Errorf(Invalid, "edit %d does not stand in scenario %d; look at it again", id, from.ID)
		}
	}
	var chosen []ScenarioEdit // in their own order, whatever that of ids
	for i := range from.Edits {
		if slices.Contains(ids, from.Edits[i].ID) {
			chosen = append(chosen, from.Edits[i])
		}
	}
	if err := renumber(from, into, chosen); err != nil {
		return nil, nil, err
	}
	for _, e := range chosen {
		if slices.Contains(into.Standing(), e.Text) {
			continue
		}
		for k := range into.Edits {
			if other := &into.Edits[k]; other.Stands() && clash(e.Text, other.Text, roadOf) {
				clashes = append(clashes, MergeClash{e, *other})
			}
		}
		add = append(add, e)
	}
	return add, clashes, nil
}

// clash says whether two edits that are not the same say something else of the
// same thing: closing a road and building it or a segment of it, or one site at
// two places. Different facts of one thing, such as a site's place and its
// capacity, do not, nor does the same deed to a road and to its segment.
func clash(a, b string, roadOf func(ID) ID) bool {
	of, other := SubjectOf(a), SubjectOf(b)
	if of.Kind == SubjectRoad {
		a, b, of, other = b, a, other, of
	}
	if of.Kind == SubjectSegment && other.Kind == SubjectRoad {
		verb, _, _ := strings.Cut(a, ":")
		return roadOf(of.ID) == other.ID && !strings.HasPrefix(b, verb+":")
	}
	return of == other && facetOf(a) == facetOf(b)
}

// RoadOf is the road that a segment is part of; 0: there is no such segment.
func (a *Assessment) RoadOf(segment ID) ID {
	if s := a.segment(segment); s != nil {
		return s.Road
	}
	return 0
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
