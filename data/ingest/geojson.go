package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
)

// checkGeoJSON reads a file strictly by RFC 7946 before GDAL, which forgives
// too much, sees it. old: the file follows the older standard, which knows no
// order of rings. Findings carry the number of the feature, from 1.
func checkGeoJSON(path string, old bool, fs *findings) error {
	if err := checkNesting(path); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	g := &geoJSON{fs: fs, old: old, in: json.NewDecoder(bufio.NewReaderSize(f, 1<<16))}
	return g.document()
}

// checkNesting counts brackets outside strings, so that nothing deep is ever
// parsed.
func checkNesting(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReaderSize(f, 1<<16)
	depth, quoted, escaped := 0, false, false
	for {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		switch {
		case err != nil:
			return err
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = b == '\\', b != '"'
		case b == '"':
			quoted = true
		case b == '[' || b == '{':
			if depth++; depth > maxDepth {
				return limitError(fmt.Sprintf("brackets nested deeper than %d", maxDepth))
			}
		case b == ']' || b == '}':
			depth--
		}
	}
}

type geoJSON struct {
	fs      *findings
	old     bool
	in      *json.Decoder
	feature int
	bare    bool // a geometry without a feature around it
	low     [2]float64
	high    [2]float64 // box of the positions of the feature being read
}

// document reads the outer object member by member, so that a large collection
// is never held whole.
func (g *geoJSON) document() error {
	if t, err := g.in.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(errors.New("it is not a JSON object"), err)
	}
	members := map[string]json.RawMessage{}
	streamed := false
	for g.in.More() {
		name, err := g.in.Token()
		if err != nil {
			return err
		}
		key, _ := name.(string)
		if _, twice := members[key]; twice {
			return fmt.Errorf("member %q stands twice", key)
		}
		if key == "features" {
			streamed = true
			members[key] = json.RawMessage("[]")
			if err := g.features(); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := g.in.Decode(&value); err != nil {
			return err
		}
		members[key] = value
		if key == "crs" {
			g.old = true
			g.notice("the member crs is of the older GeoJSON standard; it is followed")
		}
	}
	if _, err := g.in.Token(); err != nil {
		return err
	}
	if _, err := g.in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end of the object")
	}
	return g.whole(members, streamed)
}

// whole judges the outer object once its members are known.
func (g *geoJSON) whole(members map[string]json.RawMessage, streamed bool) error {
	kind, err := typeOf(members)
	switch {
	case err != nil:
		return err
	case kind == "FeatureCollection" && !streamed:
		return errors.New("a FeatureCollection without features")
	case kind == "FeatureCollection":
		return bbox(members)
	}
	if streamed {
		return fmt.Errorf("features in a %s", kind)
	}
	g.feature = 1
	if kind == "Feature" {
		return g.oneFeature(members)
	}
	g.bare = true
	g.notice("a geometry without a feature around it")
	return g.geometry(members, 0)
}

// features streams the array. What is wrong with one feature is a finding, and
// the next is read; only broken JSON ends it.
func (g *geoJSON) features() error {
	if t, err := g.in.Token(); err != nil || t != json.Delim('[') {
		return errors.Join(errors.New("features is not an array"), err)
	}
	for g.in.More() {
		g.feature++
		var raw json.RawMessage
		if err := g.in.Decode(&raw); err != nil {
			return err
		}
		members, err := object(raw, "a feature")
		if err == nil {
			err = g.oneFeature(members)
		}
		if err != nil {
			g.fs.add("geojson_invalid", g.feature, "", brief(raw), err)
		}
	}
	_, err := g.in.Token()
	return err
}

func (g *geoJSON) notice(text string) { g.fs.add("geojson_notice", g.feature, "", "", text) }

func (g *geoJSON) oneFeature(members map[string]json.RawMessage) error {
	if kind, err := typeOf(members); err != nil || kind != "Feature" {
		return errors.Join(fmt.Errorf("type %q is not Feature", kind), err)
	}
	if id, ok := members["id"]; ok && len(id) > 0 && (id[0] == '{' || id[0] == '[' || id[0] == 't' || id[0] == 'f') {
		return errors.New("id is neither text nor number")
	}
	if p, ok := members["properties"]; !ok || len(p) == 0 || p[0] != '{' && p[0] != 'n' {
		return errors.New("properties is missing or is not an object")
	}
	raw, ok := members["geometry"]
	if !ok {
		return errors.New("the member geometry is missing")
	}
	if err := bbox(members); err != nil {
		return err
	}
	if string(raw) == "null" {
		return nil
	}
	geometry, err := object(raw, "geometry")
	if err != nil {
		return err
	}
	g.low, g.high = [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	if err := g.geometry(geometry, 0); err != nil {
		return err
	}
	g.compareBox(members)
	return nil
}

// compareBox notes a box that does not hold the geometry; it is often written
// lat, lon. The box is not used.
func (g *geoJSON) compareBox(members map[string]json.RawMessage) {
	var box []float64
	if json.Unmarshal(members["bbox"], &box) != nil || len(box) < 4 {
		return
	}
	const near = 1e-6
	half := len(box) / 2
	for i := range 2 {
		if g.low[i] < box[i]-near || g.high[i] > box[half+i]+near {
			g.notice("the bbox does not hold the geometry (its order is lon, lat); it is not used")
			return
		}
	}
}

// depths of the coordinates of each type.
var depths = map[string]int{"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

func (g *geoJSON) geometry(members map[string]json.RawMessage, level int) error {
	kind, err := typeOf(members)
	if err != nil {
		return err
	}
	if err := bbox(members); err != nil {
		return err
	}
	if kind == "GeometryCollection" {
		return g.collection(members, level)
	}
	depth, known := depths[kind]
	if !known {
		return fmt.Errorf("type %q is no geometry", kind)
	}
	raw, ok := members["coordinates"]
	if !ok {
		return errors.New("coordinates are missing")
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return err
	}
	list, ok := value.([]any)
	if !ok {
		return errors.New("coordinates are not an array")
	}
	if len(list) == 0 { // empty geometry is legal; the database says what it thinks
		return nil
	}
	if depth > 0 && kind[:5] == "Multi" && len(list) == 1 {
		g.notice("a " + kind + " of one part")
	}
	return g.shape(kind, list, depth)
}

func (g *geoJSON) collection(members map[string]json.RawMessage, level int) error {
	raw, ok := members["geometries"]
	if !ok || len(raw) == 0 || raw[0] != '[' {
		return errors.New("geometries are missing or are not an array")
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if level > 0 || len(parts) == 1 {
		g.notice("a GeometryCollection inside another, or of one geometry")
	}
	for _, part := range parts {
		inner, err := object(part, "a geometry of the collection")
		if err != nil {
			return err
		}
		if err := g.geometry(inner, level+1); err != nil {
			return err
		}
	}
	return nil
}

// shape walks down to the positions.
func (g *geoJSON) shape(kind string, list []any, depth int) error {
	switch {
	case depth == 0:
		_, err := g.position(list)
		return err
	case kind == "Polygon" && depth == 2, kind == "MultiPolygon" && depth == 2:
		return g.polygon(list)
	case depth == 1:
		line, err := g.line(list)
		if err == nil && len(line) < 2 && kind != "MultiPoint" {
			err = errors.New("a line of fewer than two positions")
		}
		return err
	}
	for _, item := range list {
		inner, ok := item.([]any)
		if !ok {
			return fmt.Errorf("the coordinates of the %s are not nested deep enough", kind)
		}
		if err := g.shape(kind, inner, depth-1); err != nil {
			return err
		}
	}
	return nil
}

func (g *geoJSON) line(list []any) ([][2]float64, error) {
	out := make([][2]float64, 0, len(list))
	for _, item := range list {
		inner, ok := item.([]any)
		if !ok {
			return nil, errors.New("a position is not an array of numbers")
		}
		p, err := g.position(inner)
		if err != nil {
			return nil, err
		}
		if len(out) > 0 && out[len(out)-1] == p {
			g.notice("a position stands twice in a row")
		}
		out = append(out, p)
	}
	return out, nil
}

func (g *geoJSON) polygon(rings []any) error {
	if len(rings) > 1 {
		g.notice("a polygon with holes")
	}
	for i, item := range rings {
		list, ok := item.([]any)
		if !ok {
			return errors.New("a ring is not an array of positions")
		}
		ring, err := g.line(list)
		if err != nil {
			return err
		}
		if len(ring) < 4 {
			return errors.New("a ring of fewer than four positions")
		}
		if ring[0] != ring[len(ring)-1] {
			return errors.New("a ring that is not closed")
		}
		g.order(ring, i)
	}
	return nil
}

// order notes a ring that runs the wrong way: outer rings go counter-clockwise,
// holes clockwise.
func (g *geoJSON) order(ring [][2]float64, i int) {
	twice := 0.0
	for k := 1; k < len(ring); k++ {
		twice += ring[k-1][0]*ring[k][1] - ring[k][0]*ring[k-1][1]
	}
	if twice == 0 || (twice > 0) == (i == 0) {
		return
	}
	name := "outer"
	if i > 0 {
		name = "inner"
	}
	code := "ring_order"
	if g.old || g.bare {
		code = "ring_order_old"
	}
	g.fs.add(code, g.feature, "geometry", "", name)
}

// position checks one position: two finite numbers on the earth, and perhaps a
// height. Where another reference is declared only finiteness counts.
func (g *geoJSON) position(list []any) ([2]float64, error) {
	var p [2]float64
	if len(list) < 2 {
		return p, fmt.Errorf("a position of %d numbers", len(list))
	}
	for i, item := range list {
		f, ok := item.(float64)
		if !ok || math.IsInf(f, 0) || math.IsNaN(f) {
			return p, errors.New("a coordinate is not a number")
		}
		if i < 2 {
			p[i] = f
			g.low[i], g.high[i] = min(g.low[i], f), max(g.high[i], f)
		}
	}
	if len(list) > 3 {
		g.notice("a position of more than three numbers; the rest is not kept")
	}
	if !g.old && (math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90) {
		return p, fmt.Errorf("position %s is not on the earth in degrees (lon, lat)", degrees(p))
	}
	if digits := strconv.FormatFloat(p[0], 'f', -1, 64); len(digits)-slices.Index([]byte(digits), '.') > 13 && slices.Contains([]byte(digits), '.') {
		g.notice("coordinates of more than 12 decimals: finer than an atom")
	}
	return p, nil
}

func degrees(p [2]float64) string {
	return strconv.FormatFloat(p[0], 'g', 10, 64) + " " + strconv.FormatFloat(p[1], 'g', 10, 64)
}

func typeOf(members map[string]json.RawMessage) (string, error) {
	var kind string
	if err := json.Unmarshal(members["type"], &kind); err != nil || kind == "" {
		return "", errors.New("the member type is missing or is no text")
	}
	switch kind {
	case "FeatureCollection", "Feature", "GeometryCollection":
		return kind, nil
	}
	if _, known := depths[kind]; !known {
		return "", fmt.Errorf("type %q is not of GeoJSON (case counts)", kind)
	}
	return kind, nil
}

func object(raw json.RawMessage, what string) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, fmt.Errorf("%s is not an object", what)
	}
	return members, nil
}

// bbox checks the optional box.
func bbox(members map[string]json.RawMessage) error {
	raw, ok := members["bbox"]
	if !ok {
		return nil
	}
	var box []float64
	if err := json.Unmarshal(raw, &box); err != nil || len(box) != 4 && len(box) != 6 {
		return errors.New("bbox is not four or six numbers")
	}
	return nil
}

func brief(raw json.RawMessage) string { return string(raw[:min(len(raw), 80)]) }
