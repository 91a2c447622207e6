package ingest

import (
	"strings"
	"unicode"
)

// heading is one column's head, parted into its name and the unit behind it.
type heading struct {
	text string // as it stands in the file
	name string // folded: plain form, lower case, no spaces or punctuation
	unit string // km, 米, 万元 ... ; empty: none
}

// readHeading parts "建设里程（公里）" or "length_km" into name and unit.
func readHeading(s string) heading {
	h := heading{text: clean(s)}
	folded := strings.ToLower(plain(strings.TrimPrefix(s, "\uFEFF")))
	for _, open := range []string{"(", "[", "【", "/", "单位:"} {
		at := strings.Index(folded, open)
		if at <= 0 {
			continue
		}
		inside := strings.Trim(folded[at+len(open):], ")]】 :单位")
		if knownUnit(inside) {
			folded, h.unit = folded[:at], inside
			break
		}
	}
	if base, unit, ok := cutLast(folded, "_"); ok && knownUnit(unit) {
		folded, h.unit = base, unit
	}
	h.name = fold(folded)
	return h
}

func knownUnit(s string) bool {
	_, length := lengthUnits[s]
	_, money := moneyUnits[s]
	return length || money || s != "" && countUnits[s] || s == "吨/日" || s == "m3/d" || s == "min" || s == "分钟" || s == "l" || s == "升" || s == "%"
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// fold keeps letters and digits only, so that "Village Name", "village_name"
// and "villagename" are one head.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, plain(s))
}

// matches reports whether the head names the field: one of its known names, or,
// where cut is set, the beginning of one cut off at the ten bytes of a dbf.
func (h heading) matches(f field, cut bool) bool {
	if h.name == "" {
		return false
	}
	for _, known := range f.heads {
		folded := fold(known)
		if h.name == folded && (f.unit == "" || h.unit == "" || f.unit == h.unit) {
			return true
		}
		if cut && len(h.name) >= 5 && strings.HasPrefix(folded, h.name) {
			return true
		}
	}
	return false
}

// column says where a field's values come from: a column, or a constant given
// with --map field==value.
type column struct {
	index    int // -1: none
	unit     string
	constant string
}

// matchHead finds the column of every field of the layer. Fields named in want
// (--map field=column) win; the rest go by their known heads, best match first.
func matchHead(l *layer, heads []string, want map[string]string, cut []bool, fs *findings) map[string]column {
	columns := map[string]column{}
	parsed := make([]heading, len(heads))
	for i, h := range heads {
		parsed[i] = readHeading(h)
	}
	taken := mapped(l, heads, parsed, want, columns, fs)
	for _, f := range l.fields {
		if _, done := columns[f.name]; done {
			continue
		}
		var hits []int
		for i, h := range parsed {
			if !taken[i] && h.matches(f, i < len(cut) && cut[i]) {
				hits = append(hits, i)
			}
		}
		if len(hits) == 0 {
			continue
		}
		if len(hits) > 1 && heads[hits[0]] != heads[hits[1]] {
			fs.add("head_twice", 0, f.name, heads[hits[0]]+", "+heads[hits[1]])
		}
		columns[f.name] = column{index: hits[0], unit: parsed[hits[0]].unit}
		taken[hits[0]] = true
	}
	return columns
}

// mapped applies --map: field=COLUMN, field=#3 (by place) or field==constant.
func mapped(l *layer, heads []string, parsed []heading, want map[string]string, columns map[string]column, fs *findings) map[int]bool {
	taken := map[int]bool{}
	for name, source := range want {
		f, known := l.field(name)
		constant, isConstant := strings.CutPrefix(source, "=")
		if name == optionSheet || name == optionLayer && !isConstant {
			continue
		}
		at := columnNamed(heads, source)
		switch {
		case !known, !isConstant && at < 0:
			fs.add("map_unknown", 0, name, source)
		case isConstant:
			columns[f.name] = column{index: -1, constant: constant, unit: unitOf(name)}
		default:
			unit := parsed[at].unit
			if u := unitOf(name); u != "" {
				unit = u
			}
			columns[f.name] = column{index: at, unit: unit}
			taken[at] = true
		}
	}
	return taken
}

// unitOf is the unit that a field's mapped name carries: length_km, length_m.
func unitOf(name string) string {
	if _, unit, ok := cutLast(name, "_"); ok {
		if _, length := lengthUnits[unit]; length {
			return unit
		}
	}
	return ""
}

// columnNamed finds a column by its text, its folded name, or its place (#1).
func columnNamed(heads []string, name string) int {
	if place, ok := strings.CutPrefix(name, "#"); ok {
		if n, ok := count(place); ok && n >= 1 && int(n) <= len(heads) {
			return int(n) - 1
		}
		return -1
	}
	for i, h := range heads {
		if clean(h) == clean(name) {
			return i
		}
	}
	for i, h := range heads {
		if fold(h) == fold(name) && fold(name) != "" {
			return i
		}
	}
	return -1
}
