package api

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// decisionPlaces says where the villages, sites and roads of a plan are, so
// that a map can draw it without asking for each.
type decisionPlaces struct {
	villages, sites map[planner.ID]orb.Point
	roads           map[planner.ID]*planner.Road
}

func newDecisionPlaces(s *planner.Snapshot) *decisionPlaces {
	p := &decisionPlaces{map[planner.ID]orb.Point{}, map[planner.ID]orb.Point{}, map[planner.ID]*planner.Road{}}
	for i := range s.Villages {
		p.villages[s.Villages[i].ID] = s.Villages[i].Point
	}
	for i := range s.Sites {
		p.sites[s.Sites[i].ID] = s.Sites[i].Gate
	}
	for i := range s.Roads {
		p.roads[s.Roads[i].ID] = &s.Roads[i]
	}
	return p
}

// put fills in the places of a plan.
func (p *decisionPlaces) put(plan *decisionPlanJSON) {
	for i := range plan.Villages {
		plan.Villages[i].Center = pointAt(p.villages, plan.Villages[i].Village)
	}
	p.putSites(plan.Sites)
}

func (p *decisionPlaces) putSites(sites []decisionSiteJSON) {
	for i := range sites {
		sites[i].Center = pointAt(p.sites, sites[i].Site)
	}
}

// road fills in where a stretch runs and what it is called.
func (p *decisionPlaces) road(out *decisionRoadJSON, c *planner.RoadCandidate) {
	out.Lines, out.Names = [][][]float64{}, []string{}
	for _, line := range c.Lines() {
		out.Lines = append(out.Lines, wireLine(shortened(line)))
	}
	for _, id := range c.Roads() {
		if r := p.roads[id]; r != nil {
			out.Class = r.Class
			if name := firstWord(r.Name, r.Code); name != "" {
				out.Names = append(out.Names, name)
			}
		}
	}
}

// shortened writes a line to a ten-millionth of a degree, a centimetre: thousands
// of stretches travel with each plan.
func shortened(line orb.LineString) orb.LineString {
	const fine = 1e7
	out := make(orb.LineString, len(line))
	for i, p := range line {
		out[i] = orb.Point{math.Round(p[0]*fine) / fine, math.Round(p[1]*fine) / fine}
	}
	return out
}

// firstWord is the first that is not empty.
func firstWord(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func pointAt(places map[planner.ID]orb.Point, id planner.ID) []float64 {
	at, ok := places[id]
	if !ok {
		return nil
	}
	return []float64{at[0], at[1]}
}
