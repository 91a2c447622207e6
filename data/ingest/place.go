package ingest

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// unit is a region, stored or read earlier in the file.
type unit struct {
	level, county, parent string
	drawn, stored         bool
	row                   int // of the file; 0: stored
}

func (r *run) loadUnits() error {
	rows, err := r.tx.Query(r.ctx, statement("ref_region"))
	if err != nil {
		return fmt.Errorf("reading the regions: %w", err)
	}
	defer rows.Close()
	r.units = map[string]unit{}
	for rows.Next() {
		var code string
		u := unit{stored: true}
		if err := rows.Scan(&code, &u.level, &u.drawn, &u.parent, &u.county); err != nil {
			return err
		}
		r.units[code] = u
	}
	return rows.Err()
}

// examineRegion completes a unit: its short code, its level by the length of
// the code, its parent and its county.
func examineRegion(r *run, out *row) {
	code := shortCode(out.doc["code"].(string))
	out.doc["code"] = code
	level, _ := out.doc["level"].(string)
	if level == "" {
		if level = levelOf(code); level == "" {
			r.fs.add("value_missing", out.n, "level", "")
			return
		}
		out.doc["level"] = level
	}
	r.parentOf(out, code, level)
	r.firstOf(out, "code", code)
	county := r.countyOf(out, code, level)
	if county == "" {
		r.fs.add("parent_unknown", out.n, "parent", fmt.Sprint(out.doc["parent"]))
		return
	}
	out.doc["county"] = county
	if level != "county" {
		delete(out.doc, "data_date")
	}
	parent, _ := out.doc["parent"].(string)
	if have := r.units[code]; have.stored {
		r.complete(out, code, parent)
		return
	}
	r.units[code] = unit{level: level, county: county, parent: parent, row: out.n}
}

// levelOf tells the level from a statistical code.
func levelOf(code string) string {
	switch {
	case !digits(code):
		return ""
	case len(code) == 12:
		return "village"
	case len(code) == 9:
		return "township"
	case len(code) == 6 && strings.HasSuffix(code, "0000"):
		return "province"
	case len(code) == 6 && strings.HasSuffix(code, "00"):
		return "prefecture"
	case len(code) == 6:
		return "county"
	}
	return ""
}

// parentOf settles the parent: as written, else by the code. A county and what
// is above it may stand alone; a township may not.
func (r *run) parentOf(out *row, code, level string) {
	parent, _ := out.doc["parent"].(string)
	parent = shortCode(parent)
	if parent == "" && digits(code) && level == "township" && len(code) == 9 {
		parent = code[:6]
	}
	if parent == "" && digits(code) && level == "village" && len(code) == 12 {
		parent = code[:9]
	}
	delete(out.doc, "parent")
	if parent == "" {
		return
	}
	if _, known := r.units[parent]; known {
		out.doc["parent"] = parent
		return
	}
	if level == "township" || level == "village" {
		r.fs.add("parent_unknown", out.n, "parent", parent)
		return
	}
	r.fs.add("parent_absent", out.n, "parent", parent)
}

// countyOf is the county a unit lies in, its own code from the county up.
func (r *run) countyOf(out *row, code, level string) string {
	if level != "township" && level != "village" {
		return code
	}
	parent, _ := out.doc["parent"].(string)
	return r.units[parent].county
}

// examineVillage holds parts against wholes and dates the counts.
func examineVillage(r *run, out *row) {
	r.partOf(out, "poor_households", "households")
	r.partOf(out, "poor_persons", "persons")
	if _, dated := out.doc["as_of"]; dated {
		return
	}
	for _, name := range []string{"households", "persons", "poor_households", "poor_persons"} {
		if _, counted := out.doc[name]; counted {
			out.doc["as_of"] = r.today().String()
			if _, said := r.codes["as_of"]; !said {
				r.codes["as_of"] = out.n
				r.fs.add("date_assumed", 0, "as_of", "", r.today())
			}
			return
		}
	}
}

// partOf refuses a part that is more than its whole.
func (r *run) partOf(out *row, part, whole string) {
	p, hasPart := out.doc[part].(int64)
	w, hasWhole := out.doc[whole].(int64)
	if hasPart && hasWhole && p > w {
		r.fs.add("value_part", out.n, part, fmt.Sprint(p), w)
	}
}

// within is partOf for what may not be reported without its whole: a whole that
// is not given is none.
func (r *run) within(out *row, part, whole string) {
	p, _ := out.doc[part].(int64)
	if w, _ := out.doc[whole].(int64); p > w {
		r.fs.add("value_part", out.n, part, fmt.Sprint(p), fmt.Sprintf("%d (%s)", w, whole))
	}
}

// heldPairs are the statements that tell which rows of a layer are stored.
var heldPairs = map[string]string{
	"water_survey": "survey_held", "move": "move_held", "funding": "funding_held", "plan": "plan_held", "inspection": "inspection_held",
}

// loadPairs reads which rows of the layer are stored already.
func (r *run) loadPairs() error {
	rows, err := r.tx.Query(r.ctx, statement(heldPairs[r.layer.name]), args{"county": r.county})
	if err != nil {
		return fmt.Errorf("reading what is stored: %w", err)
	}
	type pair struct{ A, B string }
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pair])
	if err != nil {
		return fmt.Errorf("reading what is stored: %w", err)
	}
	r.pairs = map[[2]string]bool{}
	for _, p := range found {
		r.pairs[[2]string{p.A, p.B}] = true
	}
	return nil
}

// newPair refuses a second survey of a day, or a second task of a move.
func (r *run) newPair(out *row, a, b string) {
	key := [2]string{fmt.Sprint(out.doc[a]), fmt.Sprint(out.doc[b])}
	if r.pairs[key] {
		r.fs.add("already_there", out.n, a, out.saying(a)+" "+out.saying(b))
	}
	r.firstPair(out, a, b, key)
}

// examineWork refuses a work that gives more in the dry season than it can.
func examineWork(r *run, out *row) {
	dry, hasDry := out.doc["dry_capacity_m3d"].(float64)
	whole, hasWhole := out.doc["capacity_m3d"].(float64)
	if hasDry && hasWhole && dry > whole {
		r.fs.add("value_part", out.n, "dry_capacity_m3d", fmt.Sprint(dry), fmt.Sprintf("%v (capacity_m3d)", whole))
	}
}

func examineSurvey(r *run, out *row) { r.newPair(out, "village", "on_date") }

func examineMove(r *run, out *row) {
	r.newPair(out, "village", "site")
	r.partOf(out, "registered", "households")
	r.partOf(out, "registered_persons", "persons")
	for _, part := range []string{"moved_in", "demolished", "reclaimed"} {
		_, dated := out.doc["on_date"]
		if n, done := out.doc[part].(int64); done && n > 0 && !dated {
			r.fs.add("value_missing", out.n, "on_date", "")
		}
	}
	r.partOf(out, "eligible", "households")
	r.within(out, "moved_in", "households")
	r.within(out, "moved_in_persons", "persons")
	r.within(out, "demolished", "moved_in")
	r.within(out, "reclaimed", "demolished")
	r.movedRegistered(out)
	if h, p := out.doc["households"].(int64), out.doc["persons"].(int64); h == 0 || p < h {
		r.fs.add("value_range", out.n, "persons", fmt.Sprint(p), "at least one person for each of the households, and at least one household")
	}
}

// movedRegistered settles how many registered households moved in: all of them
// where all moved, else what the file says. Where it says nothing there is a
// warning, for their share would read as none.
func (r *run) movedRegistered(out *row) {
	registered, planned := out.doc["registered"].(int64)
	moved, _ := out.doc["moved_in"].(int64)
	if _, said := out.doc["moved_in_registered"]; !said && planned && moved > 0 && registered > 0 {
		if moved != out.doc["households"].(int64) {
			r.fs.add("registered_assumed", out.n, "moved_in_registered", fmt.Sprint(moved))
			return
		}
		out.doc["moved_in_registered"] = registered
		if persons, ok := out.doc["registered_persons"].(int64); ok && out.doc["moved_in_persons"] == out.doc["persons"] {
			out.doc["moved_in_registered_persons"] = persons
		}
	}
	for _, part := range []string{"moved_in_registered", "moved_in_registered_persons"} {
		whole := map[string]string{"moved_in_registered": "moved_in", "moved_in_registered_persons": "moved_in_persons"}[part]
		if _, ok := out.doc[whole]; !ok && out.doc[part] != nil {
			r.fs.add("value_missing", out.n, whole, "")
		}
		r.partOf(out, part, whole)
		r.within(out, part, strings.TrimPrefix(part, "moved_in_"))
	}
}

// defaults drops coordinate columns beside a geometry, which say the same in
// numbers, and settles what a layer calls rows that do not say.
func (r *run) defaults() {
	if r.src.shapes && len(r.layer.types) == 0 {
		r.fs.add("shape_unused", 0, "", r.layer.name)
		r.src.withoutShapes()
	}
	if r.src.shapes {
		for _, name := range []string{"lon", "lat", "geometry"} {
			if _, asked := r.req.Map[name]; !asked {
				delete(r.columns, name)
			}
		}
	}
	r.args["default_layer"] = "reference"
	if r.layer.name == "reference" && r.req.Map[optionLayer] != "" && !strings.HasPrefix(r.req.Map[optionLayer], "=") {
		r.args["default_layer"] = r.req.Map[optionLayer]
	}
}
