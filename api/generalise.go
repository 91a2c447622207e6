package api

// What a tile holds at a zoom. The rule, in one place:
//
//   - From zoom 9 on every village is drawn. Below it every village is counted in
//     one square of sixteen by sixteen to a tile (layer village_total, [totals]),
//     and from 6 on one of each square is drawn besides, administrative villages
//     first.
//   - Roads appear by class ([roadZoom]); pieces of a programme's task two
//     zooms before other roads of their class.
//   - Works, sites, moves, facilities and references appear at [layerZoom].
//   - Villages of a tile that take more than [crowdBudget] say no more than
//     [crowdAttributes].
//   - A tile that is larger than [tileBudget], its villages and totals not
//     counted, is made again with less ([waysToMake]): up to [mergeZoom] first with the
//     pieces of road of one class and state joined into one feature, then as if it
//     stood one zoom further out, as often as needed.
const (
	villageZoom     = 6 // the first with any
	allVillagesZoom = 9 // the first with all
	mergeZoom       = 11
	totalGrid       = 4       // a square is a tile of so many zooms deeper
	crowdBudget     = 250_000 // bytes before gzip
)

// crowdAttributes are what a village in a crowd says: what it is drawn by.
var crowdAttributes = []string{"id", "county", "kind", "name", "state", "supply", "verdict", "edit"}

// roadZoom is the first zoom that shows a class of road. A class that is not
// listed is shown from otherRoadZoom on.
var roadZoom = map[string]int{
	"motorway": 0, "expressway": 0, "trunk": 4, "national": 4, "class1": 5, "primary": 5, "provincial": 6, "class2": 6,
	"motorway_link": 8, "trunk_link": 8, "primary_link": 9, "secondary": 7, "county": 7, "class3": 8,
	"secondary_link": 10, "tertiary": 8, "township": 8, "class4": 9, "substandard": 9, "road": 10, "tertiary_link": 11,
	"unclassified": 9, "village": 9, "hamlet": 9, "residential": 11, "living_street": 11, "service": 12, "track": 11,
	"path": 12, "footway": 12, "steps": 13, "cycleway": 12, "bridleway": 12, "pedestrian": 12,
}

const (
	otherRoadZoom    = 10
	programmeEarlier = 2
)

// layerZoom is the first zoom that shows a layer.
var layerZoom = map[string]int{
	"region": 3, "region_label": 5, villageLayer: allVillagesZoom, "water_project": 8,
	"relocation_site": 6, "move": 7, "facility": 7, "reference": 4, coverageLayer: villageZoom, scenarioLayer: 0,
}

// firstZoom is the first zoom that shows a feature.
func firstZoom(layer string, f *feature) int {
	switch layer {
	case "road":
		return firstRoadZoom(f)
	case "region", "region_label":
		if f.attributes["kind"] == "county" {
			return 0
		}
	case "facility":
		if f.attributes["kind"] != "county_seat" {
			return layerZoom[layer] + 3
		}
	case "reference":
		if kind := f.attributes["layer"]; kind != "river" && kind != "lake" {
			return layerZoom[layer] + 4
		}
	}
	return layerZoom[layer]
}

func firstRoadZoom(f *feature) int {
	class, _ := f.attributes["class"].(string)
	first, known := roadZoom[class]
	if !known {
		first = otherRoadZoom
	}
	if truthy(f.attributes["programme"]) {
		first -= programmeEarlier
	}
	return max(first, 0)
}

// truthy reads a 0/1 attribute.
func truthy(v any) bool {
	switch v := v.(type) {
	case int:
		return v != 0
	case int64:
		return v != 0
	case bool:
		return v
	}
	return false
}

// way is one way to make a tile: with the rules of a zoom, and with roads
// joined or not.
type way struct {
	detail int
	merge  bool
}

// waysToMake are the ways to make a tile, each smaller than the one before.
func waysToMake(zoom int) []way {
	out := []way{{zoom, false}}
	if zoom <= mergeZoom {
		out = append(out, way{zoom, true})
	}
	for detail := zoom - 1; detail >= 0; detail-- {
		out = append(out, way{detail, detail <= mergeZoom})
	}
	return out
}

// joinedBytes is how many bytes a feature of a layer whose pieces are joined takes
// at least, as a rule: enough to see without trying that a crowd is too much.
func joinedBytes(zoom uint32) int {
	switch {
	case zoom >= 9:
		return 4
	case zoom == 8:
		return 3
	}
	return 2
}

// exempt says whether a layer is drawn whatever the size of the tile.
func exempt(layer string) bool { return layer == villageLayer || layer == totalLayer }
