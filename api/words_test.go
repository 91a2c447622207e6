package api

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The words of spreadsheets are those of the map, where the map has one.
func TestSheetWordsAreThoseOfTheMap(t *testing.T) {
	for i, lang := range []string{"zh-CN", "en"} {
		raw, err := os.ReadFile("../frontend/src/i18n/" + lang + "-data.ts")
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for key, words := range sheetWords {
			if words[i] == "" {
				t.Errorf("%s has no word in %s", key, lang)
			}
			if !strings.Contains(string(raw), "'"+key+"':") {
				continue
			}
			if same++; !strings.Contains(string(raw), fmt.Sprintf("'%s': '%s',", key, words[i])) {
				t.Errorf("the map has another word for %s than %q", key, words[i])
			}
		}
		if same < 15 {
			t.Errorf("only %d words are looked up", same)
		}
	}
}

func TestLangOf(t *testing.T) {
	for _, c := range []struct {
		asked, accepted string
		want            Lang
	}{
		{"", "", Chinese}, {"en", "zh-CN", English}, {"zh-CN", "en", Chinese}, {"", "en-GB,en;q=0.8", English}, {"", "de,en;q=0.5", English}, {"", "fr", Chinese},
		{"", "zh-TW,en;q=0.1", Chinese}, {"", ";;;=q,", Chinese}, {"", strings.Repeat("-", 5000), Chinese},
	} {
		if got := langOf(c.asked, c.accepted); got != c.want {
			t.Errorf("%q, %.30q: %s, want %s", c.asked, c.accepted, got, c.want)
		}
	}
}

// Verdicts, kinds, answers and works stand in a spreadsheet as words of the
// language asked for, else of the one that the reader's program takes.
func TestSheetsSpeak(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, c := range []struct{ more, connected, answer, works string }{
		{"", "全天候通到县城", "是", "提升 路段"}, {"&lang=zh-CN", "全天候通到县城", "是", "提升 路段"}, {"&lang=en", "All-weather to the seat", "yes", "improve segment"},
	} {
		_, _, body := get(t, s, "/api/v1/villages?region=520527&format=xlsx"+c.more)
		_, rows := tableOf(t, workbook(t, body))
		spoken := 0
		for _, row := range rows {
			for _, code := range []string{"hamlet", "unsurveyed", "unknown", "no_capacity", "not_surveyed"} {
				if c.more != "&lang=en" && (row["kind"] == code || row["verdict"] == code || row["water"] == code || row["supply"] == code || row["smooth"] == code) {
					t.Errorf("%s: a code stands in %v", c.more, row)
				}
			}
			if row["verdict"] == c.connected && row["connected"] == c.answer {
				spoken++
			}
			if row["township"] != "" && row["township"] == "520527100" {
				t.Errorf("the township has no name in %v", row)
			}
		}
		if spoken == 0 {
			t.Errorf("%s: nobody is %s: %v", c.more, c.connected, rows)
		}
		_, _, body = get(t, s, "/api/v1/ranking?region=520527&format=xlsx"+c.more)
		if _, rows := tableOf(t, workbook(t, body)); len(rows) == 0 || !strings.HasPrefix(rows[0]["works"], strings.Fields(c.works)[0]) && !strings.Contains(rows[0]["works"], strings.Fields(c.works)[1]) {
			t.Errorf("%s: the works are %v", c.more, rows)
		}
	}
	if status, _, _ := get(t, s, "/api/v1/villages?region=520527&format=xlsx&lang=tlh"); status != 422 {
		t.Errorf("Klingon: %d", status)
	}
}
