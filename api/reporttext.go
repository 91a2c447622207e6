package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/qiantu/qiantu/planner"
)

// reportColumns are the columns of a report as CSV.
var reportColumns = []string{"metric", "scope", "value", "numerator", "denominator", "unknown", "unit", "basis", "as_of", "rule"}

// ReportCSV writes a report as CSV with the same figures as [WriteReport],
// unrounded. What is null there is empty here.
func ReportCSV(w io.Writer, r *planner.Report) error {
	out := csv.NewWriter(w)
	rows := [][]string{reportColumns}
	for i := range r.Figures {
		row := wireRow(&r.Figures[i])
		rows = append(rows, []string{
			row.Metric, row.Scope, shortest(row.Value), row.Numerator.String(), row.Denominator.String(), row.Unknown.String(),
			string(row.Unit), string(row.Basis), row.AsOf, row.Rule,
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("api: write report: %w", err)
	}
	return nil
}

// shortest writes a value with the digits that give it back, as JSON does.
func shortest(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// textHeads are the heads of a report as text.
var textHeads = []string{"指标 metric", "范围 scope", "数值 value", "单位 unit", "分子 numerator", "分母 denominator", "未知 unknown", "口径 basis", "依据 rule"}

// ReportText writes a report as aligned columns for a terminal, heads in Chinese
// and English. Numbers are rounded and grouped for the eye ([ReportCSV] and
// [WriteReport] have them in full): %, km, minutes and yuan to two decimals,
// metres to one, counts, persons and households to none.
func ReportText(w io.Writer, r *planner.Report) error {
	table := [][]string{textHeads}
	for i := range r.Figures {
		table = append(table, textRow(&r.Figures[i]))
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s  %s  %s数据日期 as of %s  %s版本 revision %d\n\n", r.Region, r.Kind, programmeHead(r), r.AsOf, knownHead(r), r.Revision)
	align(&out, table)
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("api: write report: %w", err)
	}
	return nil
}

// programmeHead says which programme a report speaks of.
func programmeHead(r *planner.Report) string {
	if r.Programme == nil {
		return ""
	}
	words := []string{"项目 programme", r.Programme.Code, r.Programme.Name, r.Programme.NameEN}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ") + "  "
}

// knownHead says what was known when, where that is not now.
func knownHead(r *planner.Report) string {
	if r.KnownAt == "" {
		return ""
	}
	return "已知截至 known at " + r.KnownAt + "  "
}

func textRow(f *planner.Figure) []string {
	row := wireRow(f)
	value := "–"
	switch {
	case row.Masked:
		value = "已隐去 masked"
	case row.Value != nil:
		value = grouped(*row.Value, row.Unit)
	}
	scope := row.Scope
	if row.ScopeName != "" && row.ScopeName != row.Scope {
		scope += " " + row.ScopeName
	}
	return []string{row.Metric, scope, value, string(row.Unit), row.Numerator.text(), row.Denominator.text(), row.Unknown.text(), string(row.Basis), row.Rule}
}

// text rounds and groups an exact number; nothing for an unknown one.
func (e exact) text() string {
	switch {
	case !e.known:
		return ""
	case e.basis == planner.UnitMinute:
		return grouped(float64(e.n)/60_000, e.basis)
	case decimalsOf(e.basis) == 0:
		return grouped(float64(e.n), planner.UnitCount)
	}
	return grouped(float64(e.n)/math.Pow10(decimalsOf(e.basis)), e.basis)
}

// textDecimals are the decimals that an amount of a unit is read with; whole
// where the unit is not listed.
var textDecimals = map[planner.Unit]int{
	planner.UnitPercent: 2, planner.UnitKM: 2, planner.UnitMinute: 2, planner.UnitYuan: 2, planner.UnitMetre: 1, personMetre: 1, planner.UnitM3Day: 1, planner.UnitRatio: 3, planner.UnitYuanPerKM: 2, planner.UnitM2: 2,
}

// grouped writes a number with the decimals of its unit and a comma between
// thousands. What rounds to zero has no sign.
func grouped(v float64, unit planner.Unit) string {
	digits := strconv.FormatFloat(math.Abs(v), 'f', textDecimals[unit], 64)
	whole, part, _ := strings.Cut(digits, ".")
	var out strings.Builder
	if v < 0 && strings.Trim(digits, "0.") != "" {
		out.WriteByte('-')
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	if part != "" {
		out.WriteString("." + part)
	}
	return out.String()
}

// align writes rows in columns as wide as their widest cell; numbers to the
// right, words to the left.
func align(out *strings.Builder, table [][]string) {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range table {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i == 2 || i >= 4 && i <= 6 {
				line.WriteString(pad + cell + "  ")
			} else {
				line.WriteString(cell + pad + "  ")
			}
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// columns is how many columns of a terminal a text takes: Chinese signs two.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
