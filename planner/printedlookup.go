package planner

import "strings"

// PrintLedger answers by metric, and by scope or by the name of a township; the
// empty one is the county. Nil: it has no such figure.
type PrintLedger func(metric, scope string) *Figure

// NewPrintLedger is a ledger of figures of one county.
func NewPrintLedger(county string, figures []Figure) PrintLedger {
	at := map[[2]string]*Figure{}
	for i := range figures {
		f := &figures[i]
		names := []string{f.Scope}
		if !strings.Contains(f.Scope, ":") {
			names = append(names, narrow(f.ScopeName))
		}
		if f.Scope == county {
			names = append(names, "")
		}
		for _, name := range names {
			if _, twice := at[[2]string{f.Metric, name}]; !twice {
				at[[2]string{f.Metric, name}] = f
			}
		}
	}
	return func(metric, scope string) *Figure { return at[[2]string{metric, scope}] }
}

// ReportRows reads the sheet as a report of this program, whose head names
// metric, scope, value, numerator and denominator; nil: it is another table.
func ReportRows(s *Sheet) []PrintedRow {
	if len(s.Rows) == 0 {
		return nil
	}
	at := map[string]int{}
	for i, head := range s.Rows[0] {
		at[strings.ToLower(narrow(head))] = i + 1
	}
	for _, head := range []string{"metric", "scope", "value", "numerator", "denominator", "unit"} {
		if at[head] == 0 {
			return nil
		}
	}
	out := []PrintedRow{}
	for n, cells := range s.Rows[1:] {
		text := func(head string) string { return cellAt(cells, at[head]-1) }
		out = append(out, PrintedRow{Row: n + 2, Metric: text("metric"), Scope: text("scope"), Value: text("value"), Numerator: text("numerator"),
			Denominator: text("denominator"), Unit: text("unit"), Basis: text("basis"), AsOf: text("as_of"), Rule: text("rule")})
	}
	return out
}
