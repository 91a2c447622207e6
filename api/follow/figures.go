package follow

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Figure is one row of a report. Amounts are decimal texts as the service
// wrote them, so that no digit is lost; "" is unknown or masked.
type Figure struct {
	Metric      string      `json:"metric"` // "M02 completion_rate"
	Scope       string      `json:"scope"`
	ScopeName   string      `json:"scope_name"`
	Value       json.Number `json:"value"` // in Unit
	Numerator   json.Number `json:"numerator"`
	Denominator json.Number `json:"denominator"`
	Unknown     json.Number `json:"unknown"`
	Unit        string      `json:"unit"`
	Basis       string      `json:"basis"` // unit of numerator, denominator and unknown
	AsOf        string      `json:"as_of"`
	Rule        string      `json:"rule"`
	Masked      bool        `json:"masked"`
}

// Figures is a report at a revision, and what of it differs from the one told
// before.
type Figures struct {
	Revision int64
	Region   string
	Kind     string
	Rows     []Figure
	Changed  []Change // in the order of the rows; none in the first of a kind
}

// Change is a figure that changed. One that is new has no Old, one that is
// gone no New.
type Change struct{ Old, New *Figure }

type figuresFrame struct {
	Revision int64  `json:"revision"`
	Region   string `json:"region"`
	Kind     string `json:"kind"`
	Report   struct {
		Rows []Figure `json:"rows"`
	} `json:"report"`
}

// tellFigures reads a report and tells it.
func (c *Client) tellFigures(frame []byte) error {
	var f figuresFrame
	if err := json.Unmarshal(frame, &f); err != nil {
		return fmt.Errorf("follow: figures: %w", err)
	}
	if !slices.Contains(c.options.Reports, f.Kind) {
		return fmt.Errorf("follow: figures of %.40q were not asked for", f.Kind)
	}
	told := Figures{Revision: f.Revision, Region: f.Region, Kind: f.Kind, Rows: f.Report.Rows}
	if before, known := c.reports[f.Kind]; known {
		told.Changed = changes(before, told.Rows)
	}
	c.reports[f.Kind] = told.Rows
	if c.options.On.Figures != nil {
		c.options.On.Figures(told)
	}
	return nil
}

// changes compares two reports row by row: by metric, scope, rule and how many
// of the same stood before it.
func changes(before, now []Figure) []Change {
	type key struct {
		metric, scope, rule string
		nth                 int
	}
	keys := func(rows []Figure) []key {
		seen, out := map[key]int{}, make([]key, len(rows))
		for i := range rows {
			k := key{rows[i].Metric, rows[i].Scope, rows[i].Rule, 0}
			seen[k]++
			out[i] = key{k.metric, k.scope, k.rule, seen[k]}
		}
		return out
	}
	old := map[key]*Figure{}
	for i, k := range keys(before) {
		old[k] = &before[i]
	}
	var out []Change
	for i, k := range keys(now) {
		was := old[k]
		delete(old, k)
		if was == nil || *was != now[i] {
			out = append(out, Change{was, &now[i]})
		}
	}
	for i, k := range keys(before) {
		if old[k] != nil {
			out = append(out, Change{Old: &before[i]})
		}
	}
	return out
}
