package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// kind says how a cell is read.
type kind string

const (
	kindText    kind = "text"
	kindCode    kind = "code"    // folded to plain characters
	kindWord    kind = "word"    // one of a list
	kindCount   kind = "count"   // whole, not negative
	kindNumber  kind = "number"  // finite
	kindLength  kind = "length"  // millimetres
	kindPlace   kind = "place"   // a place along a route: K12+345, or a length
	kindMoney   kind = "money"   // fen
	kindDay     kind = "day"     // calendar day
	kindTruth   kind = "truth"   // yes, no, unknown
	kindFlag    kind = "flag"    // yes, no; empty: not observed
	kindRef     kind = "ref"     // a stored thing, by code or name
	kindRefs    kind = "refs"    // several, parted by ; or 、
	kindDegrees kind = "degrees" // lon or lat, or x or y of the declared CRS
	kindShape   kind = "shape"   // geometry as WKT or hex EWKB
)

// field is one column of a layer.
type field struct {
	name     string
	kind     kind
	heads    []string // known heads beside the name itself
	required bool
	unit     string            // lengths: assumed where neither head nor cell has one; empty: must be said
	max      float64           // 0: no upper limit
	words    map[string]string // kindWord: what may be written, to what is stored
	to       string            // kindRef: township, village, road, programme, site, project
}

// layer is what can be imported into one stored noun.
type layer struct {
	name    string
	table   string   // whose identity numbers the rows; empty: none
	shape   string   // the geometry it holds, for messages; empty: none
	types   []string // PostGIS names of it
	needs   bool     // a row without a place cannot be stored
	fields  []field
	commit  []string // statements that store the staged rows, in order
	unique  string   // noun whose codes must be new; empty: none
	prepare func(*run) error
	examine func(*run, *row) // checks of one row over its fields
	county  bool             // rows belong to a county
}

func (l *layer) field(name string) (field, bool) {
	for _, f := range l.fields {
		if f.name == name {
			return f, true
		}
	}
	if base, unit, ok := cutLast(name, "_"); ok {
		if _, length := lengthUnits[unit]; length {
			for _, f := range l.fields {
				if f.name == base && (f.kind == kindLength || f.kind == kindPlace) {
					return f, true
				}
			}
		}
	}
	return field{}, false
}

// Layers lists what can be imported, in the order of the documentation.
func Layers() []string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.name
	}
	return names
}

// findLayer returns the layer of a name.
func findLayer(name string) (*layer, error) {
	for _, l := range layers {
		if l.name == name {
			return l, nil
		}
	}
	return nil, fmt.Errorf("layer %q is not known; it is one of: %s", name, strings.Join(Layers(), " "))
}

// FieldDoc describes one field for the documentation.
type FieldDoc struct {
	Name, Kind string
	Required   bool
	Heads      []string
	Words      []string
}

// Fields describes the fields of a layer, so that the page that lists them can
// be held against the code.
func Fields(name string) ([]FieldDoc, error) {
	l, err := findLayer(name)
	if err != nil {
		return nil, err
	}
	docs := make([]FieldDoc, 0, len(l.fields))
	for _, f := range l.fields {
		docs = append(docs, FieldDoc{f.name, string(f.kind), f.required, f.heads[1:], stored(f.words)})
	}
	return docs, nil
}

// stored lists the distinct stored words of a list, sorted.
func stored(words map[string]string) []string {
	var out []string
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// own completes the fields of a layer: every field answers to its own name, and
// every layer takes a place by coordinates or as text.
func own(l *layer) *layer {
	if l.shape != "" {
		l.fields = append(l.fields,
			field{name: "lon", kind: kindDegrees, heads: []string{"经度", "longitude", "x", "lng", "东经", "横坐标", "point_x"}},
			field{name: "lat", kind: kindDegrees, heads: []string{"纬度", "latitude", "y", "北纬", "纵坐标", "point_y"}},
			field{name: "geometry", kind: kindShape, heads: []string{"wkt", "geom", "the_geom", "ewkb", "几何"}})
	}
	for i := range l.fields {
		l.fields[i].heads = append([]string{l.fields[i].name}, l.fields[i].heads...)
	}
	return l
}

// words makes a list of stored words from "stored=alias,alias" items.
func words(items ...string) map[string]string {
	out := map[string]string{}
	for _, item := range items {
		name, aliases, _ := strings.Cut(item, "=")
		out[name] = name
		for _, alias := range strings.Split(aliases, ",") {
			if alias != "" {
				out[alias] = name
			}
		}
	}
	return out
}
