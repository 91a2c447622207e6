package planner

import (
	"testing"
)

// What the legend counts is what the map draws.
func TestLegendCountsWhatIsDrawn(t *testing.T) {
	s := mapped()
	s.Plan = &PublishedPlan{Name: "2020", Villages: []PublishedDecision{{Village: s.Villages[0].ID, Decision: DecideRoad}}}
	a := Assess(s)
	want := map[string]int64{}
	for _, l := range a.Layers() {
		for _, f := range l.Features {
			for _, entry := range entriesOf(l.Name, f.Properties) {
				want[entry]++
			}
		}
	}
	got := map[string]int64{}
	for _, c := range a.LegendCounts() {
		got[c.Entry] += c.Count
		if isRoad := c.Entry[:5] == "road:"; isRoad != (c.MM > 0) {
			t.Errorf("%s is %d mm long", c.Entry, c.MM)
		}
	}
	for entry, n := range want {
		if got[entry] != n {
			t.Errorf("%s: %d in the legend, %d on the map", entry, got[entry], n)
		}
	}
	if len(got) != len(want) || got["approved:road"] != 1 {
		t.Errorf("legend %v, map %v", got, want)
	}
}

// entriesOf are the entries of the legend that a feature falls under.
func entriesOf(layer string, p map[string]any) []string {
	by := map[string][][2]string{
		"reference": {{"reference", "layer"}}, "road": {{"road", "state"}}, "water_project": {{"water_project", "state"}},
		"facility": {{"facility", "kind"}},
		"village":  {{"village", "verdict"}, {"water", "state"}, {"supply", "supply"}, {"approved", "decision"}},
	}
	if layer == "region" && p["kind"] != string(LevelCounty) {
		return []string{"region:" + p["level"].(string)}
	}
	var out []string
	for _, one := range by[layer] {
		if value, ok := p[one[1]].(string); ok {
			out = append(out, one[0]+":"+value)
		}
	}
	return out
}

// The decision of the plan in force stands on the map and on the card, with its
// day and name; without a plan there is none.
func TestTheApprovedPlanIsOnTheMap(t *testing.T) {
	s := mapped()
	village := s.Villages[0].ID
	if c := must(Assess(s).Card("village", village)); factOf(c, "decision") != nil {
		t.Error("a decision without a plan")
	}
	s.Plan = &PublishedPlan{Name: "2020", On: s.AsOf, Villages: []PublishedDecision{
		{Village: village, Decision: DecideRelocate, Site: s.Sites[0].ID}}}
	a := Assess(s)
	if got := a.villageFeatures()[0].Properties["decision"]; got != "relocate" {
		t.Errorf("decision on the map: %v", got)
	}
	c := must(a.Card("village", village))
	f, site := factOf(c, "decision"), factOf(c, "decided_site")
	if f == nil || f.Value != "relocate" || f.On != s.AsOf || f.Source != "2020" {
		t.Errorf("decision on the card: %+v", f)
	}
	if site == nil || site.Value != s.Sites[0].Name {
		t.Errorf("site on the card: %+v", site)
	}
}
