package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// complete takes what a stored unit has not: its boundary, or the unit above it.
func (r *run) complete(out *row, code, parent string) {
	out.doc["existing"] = true
	have := r.units[code]
	draws := strings.Contains(out.shape, "POLYGON") && !have.drawn
	hangs := have.parent == "" && slices.Contains(above[have.level], r.units[parent].level)
	if !draws && (!hangs || out.shape != "") {
		r.fs.add("already_there", out.n, "code", code)
		return
	}
	if hangs {
		r.link(out.n, code, parent)
	}
}

// above lists the levels that may stand over one.
var above = map[string][]string{"county": {"prefecture", "province"}, "prefecture": {"province"}}

// link hangs a stored unit under another once the rows are stored.
func (r *run) link(row int, code, parent string) {
	u := r.units[code]
	u.parent = parent
	r.units[code] = u
	r.fs.add("region_linked", row, "parent", code, parent)
	r.finish = append(r.finish, func() error {
		if _, err := r.tx.Exec(r.ctx, statement("region_link"), code, parent); err != nil {
			return fmt.Errorf("putting %s under %s: %w", code, parent, err)
		}
		return nil
	})
}

// prepareRegion hangs units that stand alone under the nearest unit above them
// that their statistical code names: a province often comes after its counties.
// A stored county that hung on its province goes under its prefecture when that
// comes.
func prepareRegion(r *run) error {
	for _, code := range slices.Sorted(maps.Keys(r.units)) {
		u := r.units[code]
		for _, upper := range uppers(code, u.level) {
			over, there := r.units[upper]
			if upper == u.parent || there && u.parent != "" && (over.stored || !u.stored || u.parent != code[:2]+"0000") {
				break
			}
			if there && slices.Contains(above[u.level], over.level) {
				r.link(u.row, code, upper)
				break
			}
		}
	}
	return nil
}

// uppers gives the codes of the units above a county or prefecture, nearest
// first; none where the code is no statistical one of that level.
func uppers(code, level string) []string {
	if levelOf(code) != level {
		return nil
	}
	switch level {
	case "county":
		return []string{code[:4] + "00", code[:2] + "0000"}
	case "prefecture":
		return []string{code[:2] + "0000"}
	}
	return nil
}
