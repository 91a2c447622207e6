package api

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/qiantu/qiantu/planner"
)

// workbook opens an answer as a spreadsheet program does.
func workbook(t *testing.T, body string) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader([]byte(body)), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatalf("%v: %.100s", err, body)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

// tableOf are the block before a table, and its rows by their heads.
func tableOf(t *testing.T, book *excelize.File) (map[string]string, []map[string]string) {
	t.Helper()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	about, i := map[string]string{}, 0
	for ; len(rows[i]) > 0; i++ {
		about[rows[i][0]] = rows[i][1]
	}
	heads, out := rows[i+1], []map[string]string{}
	for _, row := range rows[i+2:] {
		cells := map[string]string{}
		for j, text := range row {
			cells[heads[j][strings.Index(heads[j], " ")+1:]] = text
		}
		out = append(out, cells)
	}
	return about, out
}

// A report as a spreadsheet has the figures of the report as JSON, as numbers,
// under what they are of.
func TestReportAsSheet(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, target := range []string{"/api/v1/report/completion?region=520527", "/api/v1/report/coverage?region=520527&by=village&edits=close:segment:11", "/api/v1/report/relocation?region=520527&as_of=2020-03-01"} {
		_, _, plain := get(t, s, target)
		var want plainReport
		if err := json.Unmarshal([]byte(plain), &want); err != nil {
			t.Fatal(err)
		}
		status, header, body := get(t, s, target+"&format=xlsx")
		if status != 200 || header.Get("Content-Type") != sheetType || !strings.Contains(header.Get("Content-Disposition"), ".xlsx") {
			t.Fatalf("%s: %d %v", target, status, header)
		}
		about, rows := tableOf(t, workbook(t, body))
		if about["单位 unit"] != "测试县520527 520527" || about["截至日期 as of"] != want.AsOf || (about["假设 supposed"] == "close:segment:11") != strings.Contains(target, "edits") {
			t.Errorf("%s: above the table stands %v", target, about)
		}
		if len(rows) != len(want.Rows) {
			t.Fatalf("%s: %d rows, want %d", target, len(rows), len(want.Rows))
		}
		for i, row := range want.Rows {
			got := rows[i]
			if got["code"] != row.Metric || got["metric"] == row.Metric || got["metric"] == "" || got["scope"] != row.Scope || !sameNumber(got["value"], row.Value) || !sameNumber(got["numerator"], row.Numerator) || !sameNumber(got["unknown"], row.Unknown) {
				t.Errorf("%s row %d: %v, want %+v", target, i, got, row)
			}
		}
	}
}

type plainReport struct {
	AsOf string `json:"as_of"`
	Rows []struct {
		Metric    string   `json:"metric"`
		Scope     string   `json:"scope"`
		Value     *float64 `json:"value"`
		Numerator *float64 `json:"numerator"`
		Unknown   *float64 `json:"unknown"`
	} `json:"rows"`
}

// sameNumber compares a cell with a number of JSON; a masked one may say so.
func sameNumber(cell string, want *float64) bool {
	if want == nil {
		return cell == "" || cell == "已隐去"
	}
	got, err := strconv.ParseFloat(cell, 64)
	return err == nil && math.Abs(got-*want) <= 1e-9*math.Max(1, math.Abs(*want))
}

// A text is a text, whatever it begins with, and what no file can hold does not
// break it.
func TestNoTextIsAFormula(t *testing.T) {
	hostile := []string{"=1+1", `=HYPERLINK("http://evil.example","x")`, "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "</t><f>1</f>", "a\x01b", "\ufffe", strings.Repeat("长", 40_000), "'=1", "＝1"}
	county := smallCounty("520527", 104.5)
	for i, name := range hostile {
		v := county.Villages[0]
		v.ID, v.Code, v.Name, v.Kind = planner.ID(100+i), name, name, "hamlet"
		county.Villages = append(county.Villages, v)
	}
	s, _ := live(t, newFake(county))
	status, _, body := get(t, s, "/api/v1/villages?region=520527&format=xlsx&sort=code")
	if status != 200 {
		t.Fatalf("%d %.200s", status, body)
	}
	book := workbook(t, body)
	_, rows := tableOf(t, book)
	if len(rows) != len(county.Villages) {
		t.Fatalf("%d rows of %d villages", len(rows), len(county.Villages))
	}
	found := map[string]bool{}
	for i, row := range rows {
		found[row["name"]] = true
		for _, column := range []string{"A", "B"} {
			for _, head := range []int{7, 8} { // the table begins in one of these
				cell := column + strconv.Itoa(head+i)
				if formula, err := book.GetCellFormula("Sheet1", cell); err != nil || formula != "" {
					t.Errorf("%s is a formula: %q %v", cell, formula, err)
				}
				if kind, err := book.GetCellType("Sheet1", cell); err != nil || kind == excelize.CellTypeFormula {
					t.Errorf("%s is of type %v: %v", cell, kind, err)
				}
			}
		}
	}
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "</t><f>1</f>"} {
		if !found[name] {
			t.Errorf("%q is not in the sheet as it is", name)
		}
	}
}

// The list of villages is masked in a spreadsheet as everywhere, and holds all
// of them whatever the page.
func TestVillagesAsSheet(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	_, _, plain := get(t, s, "/api/v1/villages?region=520527&sort=name")
	var want struct{ Items []villageItem }
	if err := json.Unmarshal([]byte(plain), &want); err != nil {
		t.Fatal(err)
	}
	_, _, body := get(t, s, "/api/v1/villages?region=520527&sort=name&format=xlsx&offset=2&limit=1")
	_, rows := tableOf(t, workbook(t, body))
	if len(rows) != 3 || len(want.Items) != 3 {
		t.Fatalf("%d rows, %d items", len(rows), len(want.Items))
	}
	masked := 0
	for i, item := range want.Items {
		if rows[i]["name"] != item.Name || rows[i]["verdict"] != Chinese.word("village", item.Verdict) || !sameNumber(rows[i]["households"], item.Households) || !sameNumber(rows[i]["persons"], item.Persons) || !sameNumber(rows[i]["missing m"], item.MissingM) {
			t.Errorf("row %d is %v, want %+v", i, rows[i], item)
		}
		if item.Masked {
			masked++
			if item.Households != nil || rows[i]["households"] != "已隐去" {
				t.Errorf("a masked count is shown: %v", rows[i])
			}
		}
	}
	if masked != 1 {
		t.Errorf("%d villages are masked, want the one of three households", masked)
	}
}

type villageItem struct {
	Name, Verdict, Connected string
	Persons, Households      *float64
	Masked                   bool
	MissingM                 *float64 `json:"missing_m"`
}

func TestVillages(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	var whole struct {
		Total  int
		Counts map[string]int
		Items  []villageItem
	}
	for query, want := range map[string]int{"": 3, "&verdict=connected": 1, "&verdict=connected&edits=close:segment:11": 0, "&q=%E5%B2%A9": 1, "&township=520527101": 2, "&water=safe": 1, "&q=%25": 0} {
		_, _, body := get(t, s, "/api/v1/villages?region=520527"+query)
		whole.Counts = nil
		if err := json.Unmarshal([]byte(body), &whole); err != nil {
			t.Fatal(err)
		}
		if whole.Total != want || len(whole.Items) != want || len(whole.Counts) != 4 {
			t.Errorf("%s: %d of %d, counts %v: %s", query, len(whole.Items), whole.Total, whole.Counts, body)
		}
	}
	for _, query := range []string{"verdict=maybe", "water=wet", "sort=id", "sort=%00", "limit=0", "limit=1001", "offset=-1", "format=pdf", "q=" + strings.Repeat("a", 101)} {
		if status, header, body := get(t, s, "/api/v1/villages?region=520527&"+query); status != 422 {
			t.Errorf("%s: %d %s", query, status, body)
		} else {
			problemIn(t, header, body)
		}
	}
}
