package planner

import (
	"slices"
	"strings"
)

// renumber gives the sites that some edits of a scenario add, or speak of, the
// numbers that they have in another one.
func renumber(from, into *Scenario, chosen []ScenarioEdit) error {
	numbers := map[ID]ID{}
	for i := range chosen {
		of := SubjectOf(chosen[i].Text)
		if of.Kind != SubjectSite || of.ID < FirstAskedSite {
			continue
		}
		number, known := numbers[of.ID]
		if !known {
			var err error
			if number, err = numberIn(from, into, of.ID, chosen, numbers); err != nil {
				return err
			}
			numbers[of.ID] = number
		}
		chosen[i].Text = withSite(chosen[i].Text, number)
	}
	return nil
}

// numberIn is the number that an added site of a scenario has in another one,
// or gets there.
func numberIn(from, into *Scenario, site ID, chosen []ScenarioEdit, given map[ID]ID) (ID, error) {
	added := false
	for i := range from.Edits {
		if !addsSite(&from.Edits[i], site) {
			continue
		}
		added = true
		for k := range into.Edits { // of one origin, or brought before
			e := &into.Edits[k]
			if number := SubjectOf(e.Text).ID; addsSite(e, number) && (number == site || e.From == from.ID) && withSite(e.Text, site) == from.Edits[i].Text {
				return number, nil
			}
		}
	}
	if !added { // the county has it
		return site, nil
	}
	if !slices.ContainsFunc(chosen, func(e ScenarioEdit) bool { return addsSite(&e, site) }) {
		return 0, Errorf(Invalid, "site %d is one that scenario %d adds; bring the edit that adds it too", site, from.ID)
	}
	if !speaksOf(into, site) {
		return site, nil
	}
	number := site
	for taken := true; taken; { // one after another: few sites are added
		number++
		taken = speaksOf(from, number) || speaksOf(into, number)
		for _, n := range given {
			taken = taken || n == number
		}
	}
	return number, nil
}

func addsSite(e *ScenarioEdit, site ID) bool {
	return SubjectOf(e.Text) == Subject{SubjectSite, site} && adds(e.Text)
}

// speaksOf tells whether any edit of a scenario is, or was, about a site.
func speaksOf(s *Scenario, site ID) bool {
	return slices.ContainsFunc(s.Edits, func(e ScenarioEdit) bool { return SubjectOf(e.Text) == Subject{SubjectSite, site} })
}

// withSite is an edit of a site with another number.
func withSite(edit string, site ID) string {
	parts := strings.Split(edit, ":")
	parts[2] = idString(site)
	return words(parts...)
}
