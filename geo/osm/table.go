package osm

import (
	"maps"
	"slices"
)

// Class is what a highway value means.
type Class struct {
	Name     string // the value itself
	Routable bool   // motor vehicles may go along it
}

// classes in order, the most important first. Motor vehicles do not use those
// below "track".
var classes = []Class{
	{"motorway", true}, {"motorway_link", true},
	{"trunk", true}, {"trunk_link", true},
	{"primary", true}, {"primary_link", true},
	{"secondary", true}, {"secondary_link", true},
	{"tertiary", true}, {"tertiary_link", true},
	{"unclassified", true}, {"residential", true}, {"living_street", true},
	{"service", true}, {"road", true}, {"track", true},
	{"busway", false}, {"bus_guideway", false}, {"escape", false}, {"raceway", false},
	{"pedestrian", false}, {"cycleway", false}, {"bridleway", false}, {"footway", false},
	{"path", false}, {"steps", false}, {"corridor", false}, {"via_ferrata", false},
	{"construction", false}, {"proposed", false},
}

// Classes lists the highway values with a meaning here, the most important
// first. The slice is a copy.
func Classes() []Class { return slices.Clone(classes) }

// ClassOf gives the class of a highway value. One that is not listed is a class
// of its own after all others, on which nothing drives.
func ClassOf(highway string) Class {
	if i := rank(highway); i < len(classes) {
		return classes[i]
	}
	return Class{Name: highway}
}

func rank(highway string) int {
	i := slices.IndexFunc(classes, func(c Class) bool { return c.Name == highway })
	if i < 0 {
		return len(classes)
	}
	return i
}

// AtLeast says whether a highway value is the threshold's or a more important
// one: "tertiary+" is AtLeast(highway, "tertiary"). Links stand right after
// their class, so that tertiary+ has the links of secondary and above and not
// tertiary_link.
func AtLeast(highway, threshold string) bool {
	at := rank(highway)
	return at < len(classes) && at <= rank(threshold)
}

// The words for surfaces, the same as in geo/route and in the planner.
const (
	Asphalt        = "asphalt"
	Cement         = "cement"
	Paved          = "paved" // hardened otherwise
	Gravel         = "gravel"
	Stone          = "stone"
	Earth          = "earth"
	UnknownSurface = "unknown"
)

// surfaces turns surface values into our words. A value that is not listed,
// and "unpaved", which does not say what instead, is unknown.
var surfaces = map[string]string{
	"asphalt": Asphalt, "chipseal": Asphalt,
	"concrete": Cement, "concrete:lanes": Cement, "concrete:plates": Cement, "cement": Cement,
	"paved": Paved, "paving_stones": Paved, "paving_stones:lanes": Paved, "sett": Paved, "cobblestone": Paved,
	"unhewn_cobblestone": Paved, "bricks": Paved, "brick": Paved, "metal": Paved, "metal_grid": Paved, "wood": Paved,
	"gravel": Gravel, "fine_gravel": Gravel, "compacted": Gravel, "pebblestone": Gravel,
	"rock": Stone, "rocks": Stone, "stone": Stone, "stepping_stones": Stone,
	"ground": Earth, "dirt": Earth, "earth": Earth, "mud": Earth, "clay": Earth, "soil": Earth, "terra": Earth,
	"grass": Earth, "grass_paver": Earth, "sand": Earth, "woodchips": Earth,
}

// Surfaces gives for each surface value that is known our word. The map is a
// copy.
func Surfaces() map[string]string { return maps.Clone(surfaces) }

// trackSurfaces stands in where a track has no surface value.
var trackSurfaces = map[string]string{
	"grade1": Paved, "grade2": Gravel, "grade3": Gravel, "grade4": Earth, "grade5": Earth,
}

// surfaceOf gives our word for the surface of a way.
func surfaceOf(t tags) string {
	if word, ok := surfaces[t.get("surface")]; ok {
		return word
	}
	if word, ok := trackSurfaces[t.get("tracktype")]; ok && t.get("surface") == "" {
		return word
	}
	return UnknownSurface
}

// Season says whether a road can be used all year.
type Season string

// The seasons' answers.
const (
	AllSeasonYes     Season = "yes"
	AllSeasonNo      Season = "no"
	AllSeasonUnknown Season = "unknown"
)

// presumed are the classes that are taken to be usable all year where nothing
// is said about their surface: mappers leave it out where a road is plainly
// asphalted.
const presumed = "secondary_link"

// seasonOf is the rule of docs/osm.md.
func seasonOf(highway, surface string, t tags) Season {
	for _, key := range []string{"seasonal", "winter_road", "ice_road", "ford"} {
		if v := t.get(key); v != "" && v != "no" {
			return AllSeasonNo
		}
	}
	switch surface {
	case Asphalt, Cement, Paved:
		return AllSeasonYes
	case Earth:
		return AllSeasonNo
	case Gravel, Stone:
		if rank(highway) < rank("track") {
			return AllSeasonYes
		}
	case UnknownSurface:
		if t.get("surface") == "" && AtLeast(highway, presumed) {
			return AllSeasonYes
		}
	}
	return AllSeasonUnknown
}
