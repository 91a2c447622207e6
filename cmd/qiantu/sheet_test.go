package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheetRows reads the table of a workbook back, by the English half of its heads; numbers as they are kept, not as they are shown.
func sheetRows(t *testing.T, file string) (rows []map[string]string) {
	t.Helper()
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	lines, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	var heads []string
	for _, line := range lines {
		switch {
		case heads != nil:
			row := map[string]string{}
			for i, text := range line {
				row[heads[i]] = text
			}
			rows = append(rows, row)
		case len(line) > 2:
			for _, head := range line {
				_, english, _ := strings.Cut(head, " ")
				heads = append(heads, english)
			}
		}
	}
	return rows
}

// sameCell compares a cell with a number of JSON, or none.
func sameCell(cell string, want any) bool {
	if want == nil {
		return cell == ""
	}
	got, err := strconv.ParseFloat(cell, 64)
	number, ok := want.(float64)
	return err == nil && ok && math.Abs(got-number) <= 1e-9*math.Max(1, math.Abs(number))
}

// What is written to a spreadsheet and read back is what the same command prints as JSON.
func TestSpreadsheetsReadBack(t *testing.T) {
	d := demoService(t)
	for _, c := range []struct {
		command []string
		cells   map[string]string // of the JSON, by head
	}{
		{[]string{"report", "water", "--region", "520527", "--by", "village"}, map[string]string{"value": "value", "numerator": "numerator", "denominator": "denominator", "unknown": "unknown"}},
		{[]string{"report", "completion", "--region", "520527", "--by", "state"}, map[string]string{"value": "value", "numerator": "numerator"}},
		{[]string{"distances", "--region", "520527", "--nearest", "3", "--season", "wet"}, map[string]string{
			"from": "from", "to": "to", "persons": "persons", "straight m": "straight_m", "m": "m", "s": "s", "access from m": "access_from_m", "walk out min": "walk_out_min",
		}},
	} {
		var want struct{ Rows []map[string]any }
		if err := json.Unmarshal([]byte(must(t, d.dir, append(c.command, "--json")...)), &want); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "out.xlsx")
		must(t, d.dir, append(c.command, "--format", "xlsx", "--out", file)...)
		got := sheetRows(t, file)
		if len(got) != len(want.Rows) || len(got) < 10 {
			t.Fatalf("%v: %d rows read back, %d as JSON", c.command, len(got), len(want.Rows))
		}
		for i, row := range want.Rows {
			for head, member := range c.cells {
				if masked := row["masked"] == true && head == "value"; !masked && !sameCell(got[i][head], row[member]) {
					t.Fatalf("%v row %d: %s is %q, want %v", c.command, i+1, head, got[i][head], row[member])
				}
			}
			for head, member := range map[string]string{"code": "metric", "scope": "scope", "from name": "from_name", "to name": "to_name"} {
				if text, ok := row[member].(string); ok && got[i][head] != text {
					t.Fatalf("%v row %d: %s is %q, want %q", c.command, i+1, head, got[i][head], text)
				}
			}
		}
	}
}
