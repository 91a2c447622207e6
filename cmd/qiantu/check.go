package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/planner"
)

// maxPrintedFile is the largest report that is read, in bytes.
const maxPrintedFile = 64 << 20

// printed is a report as its file has it: one of the three is there.
type printed struct {
	figures []planner.PrintedFigure
	rows    []planner.PrintedRow
	table   *planner.Sheet
}

// errPrintedWrong ends the command with status 1: the report was read, and it errs.
var errPrintedWrong = errors.New("the report has figures that its own numbers do not give")

func runCheck(ctx context.Context, env environment, args []string) error {
	set := flags(env, "check")
	c := storeFlags(set, env)
	region := set.String("region", "", "code of the county whose ledger the report is held against too; default: none")
	asOf := set.String("as-of", "", "day of the ledger, YYYY-MM-DD; default: the region's data date")
	knownAt := set.String("known-at", "", "instant that the ledger was printed, RFC 3339; default: now")
	asJSON := set.Bool("json", false, "for machines")
	out := set.String("out", "", "file to write")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return usagef("name one file: .csv, .xlsx or .json")
	}
	query, err := snapshotQuery(*region, *asOf, *knownAt)
	if err != nil {
		return err
	}
	if *region == "" && *asOf+*knownAt != "" {
		return usagef("--as-of and --known-at are of the ledger of a county; add --region")
	}
	report, err := readPrintedFile(ctx, words[0])
	if err != nil {
		return err
	}
	ledger := planner.PrintLedger(nil)
	if *region != "" {
		if ledger, err = c.ledgerOf(ctx, env, query, report.rows); err != nil {
			return err
		}
	}
	check := report.check(ledger)
	if err := writeTo(env, *out, func(w io.Writer) error { return writeCheck(w, filepath.Base(words[0]), check, *asJSON) }); err != nil {
		return err
	}
	if check.Wrong > 0 {
		return errPrintedWrong
	}
	return nil
}

func (p *printed) check(ledger planner.PrintLedger) *planner.PrintCheck {
	switch {
	case p.figures != nil:
		return planner.CheckFigures(p.figures)
	case p.rows != nil:
		return planner.CheckRows(p.rows, ledger)
	}
	return planner.CheckTable(p.table, ledger)
}

func writeCheck(w io.Writer, file string, c *planner.PrintCheck, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(struct {
			File string `json:"file"`
			*planner.PrintCheck
		}{file, c})
	}
	for _, f := range c.Findings {
		at := file
		if f.Row > 0 {
			at += fmt.Sprintf(" row %d", f.Row)
		}
		for _, part := range []string{f.Field, f.Value} {
			if part != "" {
				at += ", " + part
			}
		}
		if _, err := fmt.Fprintf(w, "%s: %s: %s; mend: %s\n", at, f.Severity, f.Message, f.Mend); err != nil {
			return err
		}
	}
	if c.Left > 0 {
		if _, err := fmt.Fprintf(w, "%s: %d findings more\n", file, c.Left); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s: %d figures checked, %d agree, %d cut off instead of rounded, %d wrong; %d held against the ledger\n",
		file, c.Checked, c.Agree, c.Truncated, c.Wrong, c.Ledger)
	return err
}

func readPrintedFile(ctx context.Context, path string) (*printed, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxPrintedFile {
		return nil, fmt.Errorf("%s: %d MB; a report of up to %d MB is read", path, info.Size()>>20, maxPrintedFile>>20)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		return readPrintedJSON(path, body)
	}
	sheet, err := ingest.Sheets{}.ReadSheet(ctx, path, body)
	if err != nil {
		return nil, err
	}
	if rows := planner.ReportRows(sheet); rows != nil {
		return &printed{rows: rows}, nil
	}
	return &printed{table: sheet}, nil
}

// readPrintedJSON reads a report of this program, or a list of figures with
// their formulas: [{id, derived: [{name, formula, printed}]}].
func readPrintedJSON(path string, body []byte) (*printed, error) {
	var report struct {
		Rows []struct {
			Metric, Scope, Unit, Basis, Rule string
			AsOf                             string `json:"as_of"`
			Value, Numerator, Denominator    json.Number
		}
	}
	if body = []byte(strings.TrimPrefix(string(body), "\uFEFF")); len(body) > 0 && body[0] == '{' {
		if err := json.Unmarshal(body, &report); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if report.Rows == nil {
			return nil, fmt.Errorf("%s: no rows; write a report as qiantu report --format json does", path)
		}
		out := &printed{rows: []planner.PrintedRow{}}
		for i, r := range report.Rows {
			out.rows = append(out.rows, planner.PrintedRow{Row: i + 1, Metric: r.Metric, Scope: r.Scope, Value: r.Value.String(), Numerator: r.Numerator.String(),
				Denominator: r.Denominator.String(), Unit: r.Unit, Basis: r.Basis, AsOf: r.AsOf, Rule: r.Rule})
		}
		return out, nil
	}
	var items []struct {
		ID      string
		Derived []struct {
			Name, Formula string
			Printed       *string
		}
	}
	if err := json.Unmarshal(body, &items); err != nil {
		return nil, fmt.Errorf("%s: neither a report {rows: [...]} nor figures [{id, derived: [{name, formula, printed}]}]: %w", path, err)
	}
	out := &printed{figures: []planner.PrintedFigure{}}
	for _, item := range items {
		for _, d := range item.Derived {
			if d.Printed != nil {
				out.figures = append(out.figures, planner.PrintedFigure{ID: item.ID, Name: d.Name, Formula: d.Formula, Printed: *d.Printed})
			}
		}
	}
	return out, nil
}

// ledgerOf reads the figures that a report may be held against: those of all
// reports by township, and by what else its rows are.
func (c *config) ledgerOf(ctx context.Context, env environment, query planner.SnapshotQuery, rows []planner.PrintedRow) (planner.PrintLedger, error) {
	o, err := c.open(ctx, env)
	if err != nil {
		return nil, err
	}
	snapshot, err := o.Snapshot(ctx, query)
	if err != nil {
		return nil, withClose(o, err)
	}
	figures, err := ledgerFigures(planner.Assess(snapshot), breakdowns(rows))
	if err != nil {
		return nil, withClose(o, err)
	}
	return planner.NewPrintLedger(query.Region, figures), o.close()
}

// breakdowns are the ways of breaking down that the scopes of rows are of.
func breakdowns(rows []planner.PrintedRow) []string {
	out := []string{"township"}
	for _, by := range []string{"village", "programme", "class", "state", "contract", "project"} {
		of := func(r planner.PrintedRow) bool {
			return strings.HasPrefix(r.Scope, by+":") || by == "project" && strings.HasPrefix(r.Scope, "water_project:")
		}
		if slices.ContainsFunc(rows, of) {
			out = append(out, by)
		}
	}
	return out
}

func ledgerFigures(a *planner.Assessment, by []string) ([]planner.Figure, error) {
	var out []planner.Figure
	for _, kind := range []planner.ReportKind{planner.ReportCompletion, planner.ReportCoverage, planner.ReportWater, planner.ReportRelocation} {
		for _, b := range by {
			r, err := a.Report(kind, planner.ReportOptions{By: b})
			if planner.CodeOf(err) == planner.Invalid {
				continue // not every report is broken down in every way
			}
			if err != nil {
				return nil, err
			}
			out = append(out, r.Figures...)
		}
	}
	return out, nil
}
