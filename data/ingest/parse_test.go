package ingest

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"pgregory.net/rapid"
)

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want       int64
		ok         bool
	}{
		{"12.345", "km", 12_345_000, true}, {"１２．３４５", "公里", 12_345_000, true}, {"1,234.5", "km", 1_234_500_000, true},
		{"4,500米", "km", 4_500_000, true}, {"0.1", "km", 100_000, true}, {"0.2公里", "", 200_000, true}, {"3.5㎞", "", 3_500_000, true},
		{"12.3455554", "km", 12_345_555, true}, {"12.3455555", "km", 12_345_556, true}, {" 7 ", "m", 7_000, true}, {".5", "m", 500, true},
		{"1,5", "km", 0, false}, {"12.345", "", 0, false}, {"", "km", 0, false}, {"abc", "km", 0, false}, {"1e3", "km", 0, false},
		{"12 里", "km", 0, false}, {"1.2.3", "km", 0, false}, {"99999999999999999999", "km", 0, false}, {"NaN", "km", 0, false}, {"0x10", "m", 0, false},
	} {
		if got, ok := millimetres(c.text, c.unit); ok != c.ok || ok && got != c.want {
			t.Errorf("millimetres(%q, %q) = %d, %v; want %d, %v", c.text, c.unit, got, ok, c.want, c.ok)
		}
	}
}

func TestMoneyCountsTruthDates(t *testing.T) {
	for text, want := range map[string]int64{"12.34万元": 12_340_000, "3.86亿": 38_600_000_000, "1,234.56": 123_456, "5元": 500} {
		if got, ok := fen(text, ""); !ok || got != want {
			t.Errorf("fen(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for text, want := range map[string]int64{"３０户": 30, "1,200": 1200, "12.0": 12, "12.5": -1, "-3": -1, "30余户": -1, "": -1} {
		if got, ok := count(text); ok != (want >= 0) || ok && got != want {
			t.Errorf("count(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for text, want := range map[string]string{
		"2018-02-28": "2018-02-28", "2018年2月8日": "2018-02-08", "２０１８.2.8": "2018-02-08", "20180228": "2018-02-28", "2018/2/8": "2018-02-08",
		"20180231": "", "1900-02-29": "", "2018年": "", "20xx-01-01": "", "43159": "2018-02-28",
	} {
		if got, _, ok := date(text); ok != (want != "") || got.String() != want {
			t.Errorf("date(%q) = %s, %v; want %q", text, got, ok, want)
		}
	}
	for text, want := range map[string]string{"是": "yes", "否": "no", "未知": "unknown", "TRUE": "yes", "也许": ""} {
		if got, ok := truth(text); ok != (want != "") || string(got) != want {
			t.Errorf("truth(%q) = %q, %v", text, got, ok)
		}
	}
}

// A length is read exactly: no float is in the way.
func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, frac := rapid.Int64Range(0, 99_999).Draw(t, "whole"), rapid.StringMatching(`[0-9]{0,6}`).Draw(t, "frac")
		got, ok := decimal(fmt.Sprintf("%d.%s", whole, frac), 6)
		want, _ := new(big.Rat).SetString(fmt.Sprintf("%d.%s0", whole, frac))
		want.Mul(want, big.NewRat(1_000_000, 1))
		if !ok || !want.IsInt() || want.Num().Int64() != got {
			t.Fatalf("%d.%s is %d, want %s", whole, frac, got, want)
		}
		if back, ok := millimetres(km(got), "km"); !ok || back != got {
			t.Fatalf("%s km is %d, want %d", km(got), back, got)
		}
	})
}

func TestHeads(t *testing.T) {
	for _, c := range []struct{ layer, head, field, unit string }{
		{"programme", "建设里程（公里）", "length", "公里"}, {"programme", "里程(km)", "length", "km"}, {"programme", "长度/米", "length", "米"},
		{"programme", "length_km", "length", "km"}, {"programme", " 所在 乡镇 ", "township", ""}, {"village", "Name", "name", ""},
		{"village", "\uFEFF村名", "name", ""}, {"village", "name:en", "name_en", ""}, {"village", "POINT_X", "lon", ""}, {"road", "路面宽度(m)", "width", "m"},
		{"village", "序号", "", ""}, {"village", "", "", ""},
	} {
		l, err := findLayer(c.layer)
		if err != nil {
			t.Fatal(err)
		}
		columns := matchHead(l, []string{c.head}, nil, nil, newFindings("f"))
		if c.field == "" {
			if len(columns) != 0 {
				t.Errorf("%q became %v", c.head, columns)
			}
			continue
		}
		if got, ok := columns[c.field]; !ok || got.unit != c.unit {
			t.Errorf("%s %q: %v, want %s in %q", c.layer, c.head, columns, c.field, c.unit)
		}
	}
}

func TestTownshipNames(t *testing.T) {
	for name, want := range map[string]string{
		"可乐彝族苗族乡": "可乐", "可乐乡": "可乐", "兴发苗族彝族回族乡": "兴发", "城关镇": "城关", "双河街道": "双河", "河镇彝族苗族乡": "河镇", "镇": "", "河镇": "",
	} {
		if got := townshipBase(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Text of the three encodings is taken for what it is, or asked about; it is
// never read wrongly without a word.
func TestEncodingsOfRandomText(t *testing.T) {
	const han = "坪寨坝营岩箐水塘大山河田中沙石林村组路乡镇县赫章可乐城关罗州德卓"
	rapid.Check(t, func(t *rapid.T) {
		runes := []rune(han)
		var b strings.Builder
		for range rapid.IntRange(1, 60).Draw(t, "length") {
			b.WriteRune(rapid.SampledFrom(runes).Draw(t, "rune"))
		}
		text := b.String()
		gb, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		var seen evidence
		seen.see(gb)
		if c, guessed, ok := seen.verdict(); ok && c.name != "GBK" && !guessed {
			got, _ := c.decode(gb)
			t.Fatalf("GBK %q taken for %s: %q", text, c.name, got)
		} else if !ok && !utf8.ValidString(gb) {
			t.Fatalf("GBK %q was asked about", text)
		}
		seen = evidence{}
		seen.see(text)
		if c, guessed, ok := seen.verdict(); !ok || guessed || c.name != "UTF-8" {
			t.Fatalf("UTF-8 %q taken for %s", text, c.name)
		}
		big, err := traditionalchinese.Big5.NewEncoder().String(strings.Repeat("這裡的農村公路與飲水安全鄉鎮縣開發計畫", 4))
		if err != nil {
			t.Fatal(err)
		}
		seen = evidence{}
		seen.see(big)
		if c, _, ok := seen.verdict(); ok {
			t.Fatalf("Big5 taken for %s", c.name)
		}
	})
}

func TestTextThatReadsAsEither(t *testing.T) {
	for text, want := range map[string]bool{"\xC6\xBA\xC6\xBA": false, "Canòlich, Encamp é": true, "Ёлка в лесу": true, "水塘": true, "4,5,ʤ": true} {
		var seen evidence
		seen.see(text)
		if c, _, ok := seen.verdict(); ok != want || ok && c.name != "UTF-8" {
			t.Errorf("%q: %v %s", text, ok, c.name)
		}
	}
}

func FuzzValues(f *testing.F) {
	for _, seed := range []string{"１２．３４５公里", "1,234.5", "-0", "2018年2月30日", "是", "K12+345", "=1+1", "1e309", "NaN", "\x00", "万元", "..", "+-1"} {
		f.Add(seed, "km")
	}
	f.Fuzz(func(t *testing.T, text, unit string) {
		if mm, ok := millimetres(text, unit); ok {
			if number, _ := splitUnit(text); number == "" || mm != 0 && strings.HasPrefix(number, "-") != (mm < 0) {
				t.Errorf("%q is %d mm", text, mm)
			}
		}
		if n, ok := count(text); ok && n < 0 {
			t.Errorf("%q counts %d", text, n)
		}
		if d, _, ok := date(text); ok == d.IsZero() {
			t.Errorf("date %q: %v %v", text, d, ok)
		}
		fen(text, unit)
		number(text)
		truth(text)
		if s := shown(text); !utf8.ValidString(s) || len(s) > maxShown+3 {
			t.Errorf("%q is shown as %q", text, s)
		}
		townshipBase(text)
		if sumWord(text) != notSum && len(text) > 200 {
			t.Errorf("%q is a sum", text)
		}
	})
}

func FuzzHeads(f *testing.F) {
	for _, seed := range []string{"里程(公里)", "单位:公里", "name,lon,lat", "建设规模,,里程", "((((", "length_km_km", "/", "#3"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, l := range layers {
			heads := []string{a, b}
			columns := matchHead(l, heads, map[string]string{"name": b}, []bool{true, true}, newFindings("f"))
			used := map[int]string{}
			for field, c := range columns {
				if c.index >= len(heads) {
					t.Fatalf("%s: column %d of %d", field, c.index, len(heads))
				}
				if other, twice := used[c.index]; twice && c.index >= 0 {
					t.Errorf("column %d is both %s and %s", c.index, field, other)
				}
				used[c.index] = field
			}
			headRow(l, []numbered{{1, heads}, {2, []string{b, a}}}, nil)
		}
		titleUnit(a)
	})
}

// Whatever the bytes, a CSV ends in rows or in an answer.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"name,lon,lat\n坪寨,104.7,27.1\n", "\xEF\xBB\xBFname\n", "\xFF\xFEn\x00", "a\rb\rc", "a;b\n1;2", "\"", "\xC6\xBA\xD5\xAF,1\n", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "f.csv")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		fs := newFindings("f")
		d, err := sniffCSV(path, "", fs)
		if err != nil {
			return
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = in.Close() }()
		_ = readCSV(t.Context(), in, d, func(int, int, string) {}, func(row int, cells []string) error {
			if row < 1 || len(cells) > maxColumns {
				t.Errorf("row %d of %d cells", row, len(cells))
			}
			sumRow(cells)
			noteRow(cells)
			return nil
		})
	})
}

func FuzzGeoJSON(f *testing.F) {
	for _, seed := range []string{`{"type":"Point","coordinates":[1,2]}`, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"bbox":[0,0,1,1]}`, `{"features":[`, `{"type":"GeometryCollection","geometries":[{}]}`, `[]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "f.geojson")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		fs := newFindings("f")
		if err := checkGeoJSON(path, false, fs); err == nil && len(content) == 0 {
			t.Error("an empty file is GeoJSON")
		}
	})
}

func FuzzShift(f *testing.F) {
	for _, seed := range []string{"POINT(104.7 27.1)", "LINESTRING Z (104.7 27.1 5,-1e3 .5 6)", "POLYGON((0 0,1 0,1 1,0 0))", "POINT EMPTY", "(", ",1", "(1 2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, wkt string) {
		still := shiftShape(wkt, func(p orb.Point) orb.Point { return p })
		again := shiftShape(still, func(p orb.Point) orb.Point { return p })
		if again != still {
			t.Errorf("%q, %q, %q", wkt, still, again)
		}
		if strings.Count(still, "(") != strings.Count(wkt, "(") || strings.Count(still, ",") != strings.Count(wkt, ",") {
			t.Errorf("%q became %q", wkt, still)
		}
	})
}
