package api

import (
	"strings"
	"testing"
	"unicode"
)

// A report as a spreadsheet says metrics, units, classes and states in the
// language asked for, and no code but in the columns of codes.
func TestReportSheetSpeaks(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, target := range []string{"/api/v1/report/completion?region=520527&by=state", "/api/v1/report/completion?region=520527&by=class", "/api/v1/report/coverage?region=520527&within=500", "/api/v1/report/water?region=520527", "/api/v1/report/relocation?region=520527"} {
		for lang, own := range map[string]func(string) bool{"zh-CN": hasHan, "en": func(w string) bool { return !hasHan(w) && !strings.Contains(w, "_") }} {
			_, _, body := get(t, s, target+"&format=xlsx&lang="+lang)
			_, rows := tableOf(t, workbook(t, body))
			if len(rows) == 0 {
				t.Fatalf("%s: no rows", target)
			}
			for _, row := range rows {
				if !own(row["metric"]) || strings.ContainsAny(row["metric"], "{}") || lang == "en" && (hasHan(row["unit"]) || hasHan(row["basis"])) {
					t.Errorf("%s in %s: %v", target, lang, row)
				}
				if scope, _, _ := strings.Cut(row["scope"], ":"); (scope == "class" || scope == "state") && !own(row["name"]) {
					t.Errorf("%s in %s is named %q", row["scope"], lang, row["name"])
				}
			}
		}
	}
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
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
