package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// Every printed error of the public reports is found, and nothing else.
func TestCheckFindsWhatPublishedReportsPrintWrong(t *testing.T) {
	file := filepath.Join(clustertest.Shared(t), "data", "published", "figures.json")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var items []struct {
		ID      string
		Derived []struct {
			Name    string
			Printed *string
			Agree   bool
		}
	}
	if err := json.Unmarshal(raw, &items); err != nil {
		t.Fatal(err)
	}
	want, checked := map[string]bool{}, 0
	for _, item := range items {
		for _, d := range item.Derived {
			if d.Printed != nil {
				checked++
				if !d.Agree {
					want[item.ID+" "+d.Name] = true
				}
			}
		}
	}
	stdout, stderr, status := inside(t, "check", file, "--json")
	var got planner.PrintCheck
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || status != exitFailed {
		t.Fatalf("status %d, %v: %s%s", status, err, stdout, stderr)
	}
	for _, f := range got.Findings {
		if !want[f.Field] {
			t.Errorf("a false finding: %+v", f)
		}
		delete(want, f.Field)
	}
	if len(want) > 0 || got.Checked != checked || got.Wrong != 1 || got.Truncated != 1 {
		t.Errorf("not found: %v; %d of %d checked, %d wrong, %d cut off", want, got.Checked, checked, got.Wrong, got.Truncated)
	}
}

// What report prints, check reads: it agrees with itself and with the ledger, and a digit changed by hand does not.
func TestCheckReadsTheReportsOfThisProgram(t *testing.T) {
	d := demoService(t)
	for _, c := range [][2]string{{"completion", "csv"}, {"completion", "json"}, {"coverage", "csv"}, {"water", "csv"}, {"relocation", "csv"}} {
		file := filepath.Join(t.TempDir(), c[0]+"."+c[1])
		if _, stderr, status := program(t, d.dir, "report", c[0], "--region", hezhang, "--format", c[1], "--out", file); status != exitOK {
			t.Fatalf("report %s: status %d: %s", c[0], status, stderr)
		}
		stdout, stderr, status := program(t, d.dir, "check", file, "--region", hezhang)
		if status != exitOK || !strings.Contains(stdout, " 0 wrong") || strings.Contains(stdout, " 0 figures checked") || strings.Contains(stdout, " 0 held against") {
			t.Errorf("check of %s as %s: status %d: %s%s", c[0], c[1], status, stdout, stderr)
		}
	}
}

func TestCheckNamesTheFigureThatWasChanged(t *testing.T) {
	d := demoService(t)
	file := filepath.Join(t.TempDir(), "completion.csv")
	if _, stderr, status := program(t, d.dir, "report", "completion", "--region", hezhang, "--format", "csv", "--out", file); status != exitOK {
		t.Fatalf("report: status %d: %s", status, stderr)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(raw), "\n")
	changed := 0
	for i, line := range lines {
		if strings.HasPrefix(line, "M02 completion_rate,"+hezhang+",") {
			cells := strings.Split(line, ",")
			cells[2] = "46.75"
			lines[i], changed = strings.Join(cells, ","), i+1
		}
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil || changed == 0 {
		t.Fatalf("row %d, %v", changed, err)
	}
	stdout, _, status := program(t, d.dir, "check", file, "--region", hezhang)
	at := fmt.Sprintf("completion.csv row %d, M02 completion_rate %s, 46.75: error: ", changed, hezhang)
	if status != exitFailed || strings.Count(stdout, at) != 2 || !strings.Contains(stdout, "the ledger has 45.75 as of 2020-06-30") {
		t.Errorf("status %d: %s", status, stdout)
	}
}

// A bulletin as a county's office makes it, with merged heads.
func TestCheckReadsAWorkbook(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{
		{"组组通公路周报"}, {"填报单位：县交通运输局", nil, nil, "截至日期：2020-06-30"},
		{"乡镇", "计划", nil, "路面完成", nil}, {nil, "条", "km", "km", "完工率%"},
		{"合计", 12, 30.5, 14.5, "47.54%"}, {"甲乡", 5, 10.5, 5.25, "50.00%"}, {"乙乡", 7, 20, 9.25, "46.52%"},
	} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "C3"}, {"D3", "E3"}} {
		if err := book.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "周报.xlsx")
	if err := book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := inside(t, "check", file)
	if status != exitFailed || !strings.Contains(stdout, "周报.xlsx row 7, 路面完成 完工率%, 46.52%: error: 9.25 / 20 gives 46.25%; mend: print 46.25%") ||
		!strings.Contains(stdout, "6 figures checked, 5 agree, 0 cut off instead of rounded, 1 wrong") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
}
