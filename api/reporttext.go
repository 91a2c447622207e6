package api

import (
	"encoding/csv"
	"fmt"
	"io"
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
var textHeads = []string{"指标 metric", "范围 scope", "数值 value", "单位 unit", "分子 numerator", "分母 denominator", "未知 unknown"}

// ReportText writes a report as aligned columns for a terminal, values with
// two decimals, heads in Chinese and English.
func ReportText(w io.Writer, r *planner.Report) error {
	table := [][]string{textHeads}
	for i := range r.Figures {
		table = append(table, textRow(&r.Figures[i]))
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s  %s  数据日期 as of %s  版本 revision %d\n\n", r.Region, r.Kind, r.AsOf, r.Revision)
	align(&out, table)
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("api: write report: %w", err)
	}
	return nil
}

func textRow(f *planner.Figure) []string {
	row := wireRow(f)
	value := "–"
	switch {
	case row.Masked:
		value = "已隐去 masked"
	case row.Value != nil:
		value = strconv.FormatFloat(*row.Value, 'f', 2, 64)
	}
	scope := row.Scope
	if row.ScopeName != "" && row.ScopeName != row.Scope {
		scope += " " + row.ScopeName
	}
	return []string{row.Metric, scope, value, string(row.Unit), row.Numerator.String(), row.Denominator.String(), row.Unknown.String()}
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
			if i == 2 || i > 3 {
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
