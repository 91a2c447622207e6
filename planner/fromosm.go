package planner

import (
	"strconv"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/osm"
)

// NoLength is why a way of an extract is no road.
const NoLength = "it has no length"

// RoadsOfOSM makes every way of an extract a road with one version and one
// segment over all of it, numbered from 1 in the order of the extract, as
// docs/osm.md says. Ways without any length are left out and named.
func RoadsOfOSM(ways []osm.Road) (roads []Road, segments []Segment, skipped []osm.Skip) {
	for i := range ways {
		way := &ways[i]
		length := int64(geo.Length(way.Line))
		if length <= 0 {
			skipped = append(skipped, osm.Skip{Kind: "way", ID: way.WayID, Reason: NoLength})
			continue
		}
		id := ID(len(roads) + 1)
		name := way.Name
		if name == "" {
			name = way.Ref
		}
		roads = append(roads, Road{
			ID: id, Code: "way/" + strconv.FormatInt(way.WayID, 10), Name: name, NameEN: way.NameEN, Class: way.Highway,
			Version: 1, Length: length, Line: way.Line,
		})
		segments = append(segments, segmentOfOSM(way, id, length))
	}
	return roads, segments, skipped
}

func segmentOfOSM(way *osm.Road, id ID, length int64) Segment {
	s := Segment{
		ID: id, Road: id, Version: 1, Span: chainage.Span{From: 0, To: length}, Class: way.Highway, Surface: way.Surface,
		AllSeason: Ternary(way.AllSeason), Built: BuiltYes, Direction: Both, Routable: way.Routable(), Line: way.Line, Noded: true,
	}
	if way.Width > 0 {
		mm := int64(geo.Round(way.Width))
		s.WidthMM = &mm
	}
	if way.Highway == "construction" || way.Highway == "proposed" {
		s.Built = BuiltNone
	}
	switch way.Oneway {
	case 1:
		s.Direction = Forward
	case -1:
		s.Direction = Backward
	}
	return s
}

// VillagesOfOSM makes every place of an extract a village that nobody has
// surveyed, numbered from 1. Their persons stay unknown: a population tag has no
// date and no source, so it is no count.
func VillagesOfOSM(places []osm.Place) []Village {
	out := make([]Village, len(places))
	for i := range places {
		p := &places[i]
		v := Village{
			ID: ID(i + 1), Code: "node/" + strconv.FormatInt(p.NodeID, 10), Name: p.Name, NameEN: p.NameEN,
			Kind: "hamlet", Point: p.Point, Hazard: "unknown",
		}
		if p.Place != "hamlet" {
			v.Kind = "administrative"
		}
		if v.Name == "" {
			v.Name = p.Place + " " + strconv.FormatInt(p.NodeID, 10)
		}
		out[i] = v
	}
	return out
}
