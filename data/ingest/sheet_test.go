package ingest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/planner"
)

// workbook writes cells by their name, and merges some.
func workbook(t testing.TB, cells map[string]any, merged ...[2]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	for at, value := range cells {
		if err := book.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range merged {
		if err := book.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A sheet is read as it stands: row n of the file is row n, what a merged cell
// says stands in every row of it.
func TestASheetIsReadAsItStands(t *testing.T) {
	want := [][]string{{"周报"}, {}, {"路线", "起点", "长度"}, {"C001", "K0+000", "1.25"}, {"C001", "K2+000", ""}}
	book := workbook(t, map[string]any{"A1": "周报", "A3": "路线", "B3": "起点", "C3": "长度", "A4": "C001", "B4": "K0+000", "C4": 1.25, "B5": "K2+000"},
		[2]string{"A4", "A5"}, [2]string{"A1", "C1"})
	text := "周报\n\n路线,起点,长度\nC001,K0+000,1.25\nC001,K2+000,\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"a/周报.xlsx": book, "周报.csv": []byte(text), "gbk.CSV": []byte(gbk), "mark.txt": []byte("\xEF\xBB\xBF" + text), "tab.tsv": []byte(strings.ReplaceAll(text, ",", "\t"))} {
		got, err := ingest.Sheets{}.ReadSheet(t.Context(), name, body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sum := sha256.Sum256(body)
		if got.Hash != hex.EncodeToString(sum[:]) || strings.Contains(got.Name, "/") {
			t.Errorf("%s has the name %q and the hash %s", name, got.Name, got.Hash)
		}
		trimmed := make([][]string, len(got.Rows))
		for i, row := range got.Rows {
			trimmed[i] = strings.Split(strings.TrimRight(strings.Join(row, "|"), "|"), "|")
		}
		for i, row := range want {
			if i >= len(trimmed) || cmp.Diff(strings.TrimRight(strings.Join(row, "|"), "|"), strings.Join(trimmed[i], "|")) != "" {
				t.Errorf("%s: row %d is not %v in %v", name, i+1, row, trimmed)
			}
		}
	}
}

// What is not a sheet, or too much of one, is refused with the reason.
func TestASheetThatCannotBeRead(t *testing.T) {
	bomb := workbook(t, map[string]any{"A1": "x", "A900000": "y"})
	for name, c := range map[string]struct {
		body []byte
		code planner.Code
		says string
	}{
		"a.pdf":       {[]byte("%PDF-"), planner.Invalid, "neither .xlsx nor .csv"},
		"a":           {[]byte("x"), planner.Invalid, "neither"},
		"a.xlsx":      {[]byte("no zip"), planner.Invalid, "not a workbook"},
		"quote.csv":   {[]byte("a,\"b\nc"), planner.Invalid, "quote"},
		"many.csv":    {bytes.Repeat([]byte("a\n"), 20_001), planner.TooLarge, "more rows"},
		"wide.csv":    {bytes.Repeat([]byte("a,"), 100_000), planner.TooLarge, "columns"},
		"cell.csv":    {bytes.Repeat([]byte("a"), 5000), planner.TooLarge, "4,000 bytes"},
		"sparse.xlsx": {bomb, planner.TooLarge, "sparse"},
	} {
		_, err := ingest.Sheets{}.ReadSheet(t.Context(), name, c.body)
		if planner.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s gives %v (%s), not %q", name, err, planner.CodeOf(err), c.says)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := (ingest.Sheets{}).ReadSheet(ctx, "a.csv", bytes.Repeat([]byte("a,b\n"), 5000)); err == nil {
		t.Error("read on although nobody waits")
	}
}

// Whatever is sent as a CSV: an answer, never a panic, and only text.
func FuzzReadSheet(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2", "\xff\xfea\x00", "路线,桩号\nC1,K0+000", "a\"b\n", "\x00", "K0\r\rK1", "\xd5\xae"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sheet, err := ingest.Sheets{}.ReadSheet(t.Context(), "f.csv", body)
		if err != nil {
			if planner.CodeOf(err) == "" {
				t.Errorf("%q gives %v", body, err)
			}
			return
		}
		for _, row := range sheet.Rows {
			for _, cell := range row {
				if strings.ToValidUTF8(cell, "") != cell || strings.ContainsRune(cell, 0) {
					t.Errorf("%q gives the cell %q", body, cell)
				}
			}
		}
	})
}
