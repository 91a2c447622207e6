package api

// What a tile holds at a zoom. The rule, in one place:
//
//   - From zoom 9 on no village is ever left out. Below it villages are thinned
//     to one per sixteenth of a tile, administrative villages first; below 6
//     there are none.
//   - Roads appear by class ([roadZoom]); pieces of a programme's task two
//     zooms before other roads of their class.
//   - Works, sites, moves, facilities and references appear at [layerZoom].
//   - A tile that is larger than [tileBudget] is made again as if it stood one
//     zoom further out, as often as needed; villages stay at zoom 9 and beyond.
const (
	villageZoom     = 6 // the first with any
	allVillagesZoom = 9 // the first with all
	thinGrid        = 16
)

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
	"region": 3, "region_label": 5, "village": villageZoom, "water_project": 8,
	"relocation_site": 6, "move": 7, "facility": 7, "reference": 4,
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

// thin keeps one village per grid cell of the tile's zoom: administrative ones
// first, then the one that comes first by id.
func thin(villages []*feature, zoom int) []*feature {
	type square struct{ x, y int64 }
	best := map[square]int{}
	var kept []*feature
	for _, f := range villages {
		at := onMap(f.at(), uint32(max(zoom, 0)))
		cell := square{int64(at[0] * thinGrid), int64(at[1] * thinGrid)}
		i, taken := best[cell]
		switch {
		case !taken:
			best[cell] = len(kept)
			kept = append(kept, f)
		case kept[i].attributes["kind"] != "administrative" && f.attributes["kind"] == "administrative":
			kept[i] = f
		}
	}
	return kept
}

// visible picks the features of a layer that a tile shows when it is drawn as
// if at zoom detail; zoom is the tile's own.
func visible(layer string, all []*feature, zoom, detail int) []*feature {
	if layer == "village" && zoom >= allVillagesZoom {
		return all
	}
	kept := make([]*feature, 0, len(all))
	for _, f := range all {
		if firstZoom(layer, f) <= detail {
			kept = append(kept, f)
		}
	}
	if layer == "village" {
		return thin(kept, detail)
	}
	return kept
}
