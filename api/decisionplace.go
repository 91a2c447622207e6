package api

import (
	"cmp"
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// wireDecisionRoad says of a stretch also where it runs and what it is called,
// so that a map can draw it without asking for each.
func wireDecisionRoad(a *planner.Assessment, c *planner.RoadCandidate) decisionRoadJSON {
	out := decisionRoadJSON{
		Segments: listed(c.Segments), Metres: float64(c.MM) / 1000, Build: c.Build, Upkeep: c.Upkeep, Villages: listed(c.Villages),
		Names: []string{}, Lines: [][][]float64{},
	}
	for _, line := range c.Lines() {
		out.Lines = append(out.Lines, wireLine(shortened(line)))
	}
	for _, id := range c.Roads() {
		r := byID(a.Snapshot.Roads, id, func(r *planner.Road) planner.ID { return r.ID })
		if r == nil {
			continue
		}
		out.Class = r.Class
		if name := cmp.Or(r.Name, r.Code); name != "" {
			out.Names = append(out.Names, name)
		}
	}
	return out
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
