package osm

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Road is a way with a highway value.
type Road struct {
	WayID             int64
	Name, NameEN, Ref string
	Highway           string // the value as it stands
	Line              orb.LineString
	Nodes             []int64 // one for each vertex
	Surface           string  // our word
	SurfaceTag        string  // the value as it stands
	Width             float64 // metres, 0 where not known
	Oneway            int     // 1 along the line, -1 against it, 0 both
	Access            string  // value of the most particular of motor_vehicle, vehicle and access; "" for none
	Tunnel, Bridge    bool
	AllSeason         Season
}

// Routable says whether motor vehicles may drive along the road at all: its
// class has them and its access is not "no".
func (r Road) Routable() bool { return ClassOf(r.Highway).Routable && r.Access != "no" }

// Place is a node that is a town, a village or a hamlet.
type Place struct {
	NodeID       int64
	Name, NameEN string
	Place        string // town, village or hamlet
	Population   *int   // nil where not said, or not a plain number
	Point        orb.Point
}

// isPlace says which place values are villages of ours.
func isPlace(value string) bool {
	return value == "town" || value == "village" || value == "hamlet"
}

func roadOf(o object) Road {
	t := o.tags
	r := Road{
		WayID: o.id, Name: name(t), NameEN: t.get("name:en"), Ref: t.get("ref"), Highway: t.get("highway"),
		Nodes: o.nodes, Surface: surfaceOf(t), SurfaceTag: t.get("surface"), Width: width(t.get("width")),
		Oneway: oneway(t), Tunnel: said(t.get("tunnel")), Bridge: said(t.get("bridge")),
	}
	for _, key := range []string{"motor_vehicle", "vehicle", "access"} {
		if r.Access = t.get(key); r.Access != "" {
			break
		}
	}
	r.AllSeason = seasonOf(r.Highway, r.Surface, t)
	return r
}

func placeOf(o object) Place {
	t := o.tags
	return Place{
		NodeID: o.id, Name: name(t), NameEN: t.get("name:en"), Place: t.get("place"),
		Population: population(t.get("population")), Point: o.point,
	}
}

// name prefers the plain name, which is the one on the spot.
func name(t tags) string {
	for _, key := range []string{"name", "name:zh", "int_name", "name:en"} {
		if v := t.get(key); v != "" {
			return v
		}
	}
	return ""
}

// width reads "3.5" and "3.5 m"; anything else is not known.
func width(s string) float64 {
	s = strings.TrimSpace(strings.TrimSuffix(s, "m"))
	w, err := strconv.ParseFloat(s, 64)
	if err != nil || !(w > 0 && w < 200) {
		return 0
	}
	return w
}

func oneway(t tags) int {
	switch t.get("oneway") {
	case "yes", "true", "1":
		return 1
	case "-1", "reverse":
		return -1
	case "":
		if j := t.get("junction"); j == "roundabout" || j == "circular" || t.get("highway") == "motorway" {
			return 1
		}
	}
	return 0
}

func said(v string) bool { return v != "" && v != "no" }

// population takes plain whole numbers only.
func population(s string) *int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return nil
	}
	v := int(n)
	return &v
}
