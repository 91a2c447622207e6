package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// maxCount is the most households, persons or jobs that one row may have; the
// database has the same bound.
const maxCount = 10_000_000

// row is one record on its way into the store.
type row struct {
	n     int
	doc   map[string]any    // values by field, in stored units
	shape string            // WKT or hex EWKB
	bad   bool              // an error was found
	said  map[string]string // references as the file writes them
}

// saying is the value of a field as the file writes it.
func (w *row) saying(field string) string {
	if text, ok := w.said[field]; ok {
		return text
	}
	return fmt.Sprint(w.doc[field])
}

// parse reads every field of a record.
func (r *run) parse(rec record) *row {
	out := &row{n: rec.row, doc: make(map[string]any, len(r.columns)), shape: rec.shape, said: map[string]string{}}
	errors := r.fs.errors
	for _, f := range r.layer.fields {
		at, mapped := r.columns[f.name]
		if !mapped {
			continue
		}
		text, unit := at.constant, at.unit
		if at.index >= 0 {
			text = r.cellText(rec, f, at.index)
		}
		if f.name == "township" && r.layer.name == "programme" && r.src.table {
			text = r.fillTownship(rec.row, text)
		}
		if strings.TrimSpace(text) == "" {
			if f.required {
				r.fs.add("value_missing", rec.row, f.name, "")
			}
			continue
		}
		r.value(out, f, text, unit)
	}
	r.position(out, r.fs.errors > errors)
	if r.layer.unique != "" {
		r.onlyOnce(out)
	}
	if r.layer.examine != nil && r.fs.errors == errors {
		r.layer.examine(r, out)
	}
	out.bad = r.fs.errors > errors
	return out
}

// cellText is the cell of a field, or what a merged cell from above says there.
// Figures are never taken from above: two roads do not share one length.
func (r *run) cellText(rec record, f field, index int) string {
	if index < len(rec.cells) && strings.TrimSpace(rec.cells[index]) != "" {
		return rec.cells[index]
	}
	if index < len(rec.above) && (f.kind == kindText || f.kind == kindRef) {
		return rec.above[index]
	}
	return ""
}

// value reads one cell by the kind of its field.
func (r *run) value(out *row, f field, text, unit string) {
	switch {
	case len(text) > maxValue:
		r.fs.add("value_too_long", out.n, f.name, text[:80])
		return
	case strings.ContainsRune(text, 0):
		r.fs.add("value_control", out.n, f.name, text)
		return
	case (f.kind == kindText || f.kind == kindRef) && damaged(text):
		r.fs.add("value_damaged", out.n, f.name, text)
		return
	}
	switch f.kind {
	case kindText:
		out.doc[f.name] = clean(text)
	case kindCode:
		out.doc[f.name] = plain(text)
	case kindRef, kindRefs:
		r.refer(out, f, text)
	case kindShape:
		out.shape = strings.TrimSpace(text)
	case kindWord:
		r.word(out, f, text)
	case kindPlace:
		out.doc[f.name] = strings.TrimSpace(text)
		out.doc[f.name+"_unit"] = unit
	case kindDay:
		r.day(out, f, text)
	case kindTruth, kindFlag:
		r.truth(out, f, text)
	default:
		r.figure(out, f, text, unit)
	}
}

func (r *run) word(out *row, f field, text string) {
	for word, stored := range f.words {
		if fold(word) == fold(text) {
			out.doc[f.name] = stored
			return
		}
	}
	choices := stored(f.words)
	r.fs.add("value_unknown", out.n, f.name, text, strings.Join(choices, ", "))
}

func (r *run) day(out *row, f field, text string) {
	d, exact, ok := date(text)
	if !ok {
		r.fs.add("value_invalid", out.n, f.name, text, "a calendar day (YYYY-MM-DD)")
		return
	}
	if !exact {
		r.fs.add("date_guessed", out.n, f.name, text, d)
	}
	out.doc[f.name] = d.String()
}

func (r *run) truth(out *row, f field, text string) {
	t, ok := truth(text)
	switch {
	case !ok:
		r.fs.add("value_unknown", out.n, f.name, text, "yes, no, unknown (是, 否, 未知)")
	case f.kind == kindTruth:
		out.doc[f.name] = string(t)
	case t != planner.Unknown: // a flag that is not known was not observed
		out.doc[f.name] = t == planner.Yes
	}
}

// figure reads the kinds that are numbers.
func (r *run) figure(out *row, f field, text, unit string) {
	var v any
	var size float64
	var n int64
	ok := false
	want := "a number"
	switch f.kind {
	case kindCount:
		n, ok = count(text)
		want = "a whole number that is not negative"
		if f.max == 0 {
			f.max = maxCount
		}
	case kindLength:
		if unit == "" {
			unit = f.unit
		}
		n, ok = millimetres(text, unit)
		want = "a length (12.345)"
	case kindMoney:
		n, ok = fen(text, unit)
		want = "an amount of money"
	default:
		size, ok = number(text)
		v = size
	}
	if v == nil {
		v, size = n, float64(n)
	}
	switch {
	case !ok:
		r.fs.add("value_invalid", out.n, f.name, text, want)
	case f.kind == kindDegrees:
		out.doc[f.name] = size
	case size < 0 || f.max > 0 && size > f.max || f.kind == kindLength && size == 0 || size > math.MaxInt64/4:
		r.fs.add("value_range", out.n, f.name, text, "the range of this field")
	default:
		out.doc[f.name] = v
	}
}

// refer resolves a reference to a stored thing, by code or name.
func (r *run) refer(out *row, f field, text string) {
	out.said[f.name] = clean(text)
	parts := []string{text}
	if f.kind == kindRefs {
		parts = strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(";；、,，", c) })
	}
	var keys []any
	for _, part := range parts {
		scope, _ := out.doc["township"].(string)
		if f.to == "contract" { // a code is of its programme
			scope = fmt.Sprint(out.doc["programme"])
		}
		key, hits := r.refs[f.to].find(part, scope)
		switch {
		case hits == 0:
			r.fs.add("code_unknown", out.n, f.name, clean(part))
		case hits > 1:
			r.fs.add("name_ambiguous", out.n, f.name, clean(part), hits)
		case !slices.Contains(keys, key):
			keys = append(keys, key)
		}
	}
	if f.kind == kindRefs {
		out.doc[f.name] = keys
	} else if len(keys) == 1 {
		out.doc[f.name] = keys[0]
	}
}

// position makes a point of the coordinate columns, where no geometry stands.
// told: something was said of the row already, so a half place needs no word.
func (r *run) position(out *row, told bool) {
	lon, hasLon := out.doc["lon"].(float64)
	lat, hasLat := out.doc["lat"].(float64)
	delete(out.doc, "lon")
	delete(out.doc, "lat")
	if out.shape == "" && hasLon != hasLat {
		if !told {
			r.fs.add("value_missing", out.n, map[bool]string{true: "lat", false: "lon"}[hasLon], "")
		}
		return
	}
	if out.shape == "" && hasLon {
		if r.ref.assumed && (math.Abs(lon) > 180 || math.Abs(lat) > 90) {
			r.fs.add("crs_missing", out.n, "lon", formatPoint(lon, lat))
			return
		}
		out.shape = "POINT(" + formatPoint(lon, lat) + ")"
	}
	if text, ring := strings.CutPrefix(out.shape, "LINEARRING"); ring { // a name that PostGIS does not know
		out.shape = "LINESTRING" + text
	}
	if r.ref.shift == nil || out.shape == "" {
		return
	}
	if !strings.Contains(out.shape, "(") { // bytes are not taken apart here
		r.fs.add("geometry_unreadable", out.n, "geometry", out.shape, "binary geometry cannot be converted from "+r.ref.name+"; give lon and lat, or WKT")
	} else {
		out.shape = shiftShape(out.shape, r.ref.shift)
	}
}

// fillTownship gives an empty township that of the row above, as lists leave it
// out where it repeats.
func (r *run) fillTownship(n int, text string) string {
	if strings.TrimSpace(text) != "" {
		r.last = text
		return text
	}
	if r.last != "" {
		r.fs.add("township_filled", n, "township", r.last)
	}
	return r.last
}

// onlyOnce refuses a code that is stored already or stands twice in the file.
func (r *run) onlyOnce(out *row) {
	code, _ := out.doc["code"].(string)
	if code == "" {
		return
	}
	if _, held := r.refs[r.layer.unique].codes[code]; held {
		r.fs.add("already_there", out.n, "code", code)
	}
	r.firstOf(out, "code", code)
}

// firstOf refuses a key that an earlier row of the file has.
func (r *run) firstOf(out *row, field, key string) {
	if first, twice := r.codes[field+" "+key]; twice {
		r.fs.add("code_twice", out.n, field, key, first)
		return
	}
	r.codes[field+" "+key] = out.n
}

// firstPair is firstOf for two fields together, named as the file writes them.
func (r *run) firstPair(out *row, a, b string, key [2]string) {
	place := a + " " + key[0] + " " + key[1]
	if first, twice := r.codes[place]; twice {
		r.fs.add("code_twice", out.n, a, out.saying(a)+" "+out.saying(b), first)
		return
	}
	r.codes[place] = out.n
}
