package api

import (
	archive "archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

var mapFonts = sync.OnceValues(paper.FindFonts)

// printedCounty has a village whose name ordinary fonts cannot show.
func printedCounty() *planner.Assessment {
	s := smallCounty("520527", 104.5)
	s.Villages[0].Name = "𪛖家寨"
	s.Region.Notice = "虚构数据，勿作凭据"
	return planner.Assess(s)
}

func printed(t *testing.T, o MapOptions, f MapFile) []byte {
	t.Helper()
	fonts, err := mapFonts()
	if err != nil {
		t.Fatal(err)
	}
	a := printedCounty()
	var out bytes.Buffer
	if err := WriteMap(context.Background(), &out, fonts, a, a.Layers(), o, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readPDF runs a program of poppler on a PDF.
func readPDF(t *testing.T, program string, document []byte, after ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("no " + program + ": install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "map.pdf")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, append([]string{file}, after...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// TestMapIsRead opens printed maps with a reader of PDF: words, fonts, size.
func TestMapIsRead(t *testing.T) {
	document := printed(t, MapOptions{Maker: "交通运输局", Review: "黔S(2026)001号", Revision: 1204}, MapFile{})
	text := readPDF(t, "pdftotext", document, "-")
	for _, want := range []string{
		"测试县520527农村公路与搬迁规划图", "𪛖家寨", "图例", "已完工", "未开工", "比例尺 1:150 000", "高斯-克吕格 3 度带第 35 带", "数据截至 2020-06-30", "数据版本 1204",
		"编制：交通运输局", "审图号：黔S(2026)001号", "虚构数据，勿作凭据", "104°40′", "50.00 %",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(readPDF(t, "pdffonts", document)), "\n")[2:] {
		if !regexp.MustCompile(`yes yes yes`).MatchString(line) {
			t.Errorf("not embedded, cut down and readable: %s", line)
		}
	}
	if !bytes.Equal(document, printed(t, MapOptions{Maker: "交通运输局", Review: "黔S(2026)001号", Revision: 1204}, MapFile{})) {
		t.Error("the same map has other bytes")
	}
	english := readPDF(t, "pdftotext", printed(t, MapOptions{Lang: English, Lens: "water", Theme: "grey"}, MapFile{}), "-")
	for _, want := range []string{"rural water supply", "Legend", "Scale 1:150 000", "For internal use", "Data as of 2020-06-30"} {
		if !strings.Contains(english, want) {
			t.Errorf("no %q in\n%s", want, english)
		}
	}
	for _, word := range []string{"图例", "未", "已"} {
		if strings.Contains(english, word) {
			t.Errorf("%s is on an English map", word)
		}
	}
}

func TestMapSizes(t *testing.T) {
	for _, c := range []struct{ paper, orientation, size string }{
		{"a4", "landscape", "841.89 x 595.276 pts (A4)"}, {"a4", "portrait", "595.276 x 841.89 pts (A4)"}, {"a3", "landscape", "1190.55 x 841.89 pts (A3)"},
		{"a3", "portrait", "841.89 x 1190.55 pts (A3)"}, {"a0", "landscape", "3370.39 x 2383.94 pts (A0)"}, {"a0", "portrait", "2383.94 x 3370.39 pts (A0)"},
	} {
		info := readPDF(t, "pdfinfo", printed(t, MapOptions{Paper: c.paper, Orientation: c.orientation}, MapFile{}))
		if !strings.Contains(info, c.size) {
			t.Errorf("%s %s: no %s in\n%s", c.paper, c.orientation, c.size, info)
		}
	}
	strips := readPDF(t, "pdfinfo", printed(t, MapOptions{Paper: "a0"}, MapFile{Strips: 3}))
	if !strings.Contains(strips, "Pages:           3") {
		t.Errorf("three strips are\n%s", strips)
	}
	zipped := printed(t, MapOptions{Paper: "a4"}, MapFile{Format: "png", DPI: 72, Strips: 2})
	files, err := archive.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil || len(files.File) != 2 || files.File[1].Name != "strip-02.png" {
		t.Errorf("two strips are %v, %v", files, err)
	}
}

func mapPicture(t *testing.T, o MapOptions, dpi int) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(printed(t, o, MapFile{Format: "png", DPI: dpi})))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestMapPicture(t *testing.T) {
	picture := mapPicture(t, MapOptions{Paper: "a3"}, 300)
	if picture.Bounds() != image.Rect(0, 0, 4961, 3508) {
		t.Errorf("A3 at 300 dpi is %v", picture.Bounds())
	}
	colours := map[color.Color]bool{}
	for x := 0; x < 4961; x += 7 {
		for y := 0; y < 3508; y += 7 {
			colours[picture.At(x, y)] = true
		}
	}
	if len(colours) < 50 {
		t.Errorf("%d colours are on the map", len(colours))
	}
}

// TestScaleBarIsTrue measures the bar on the picture: as long as its words say
// at the scale that is written above it.
func TestScaleBarIsTrue(t *testing.T) {
	picture := mapPicture(t, MapOptions{Paper: "a4"}, 254) // ten pixels to the millimetre
	longest := 0
	for y := 1500; y < 2100; y++ { // the imprint
		run := 0
		for x := 2300; x < 2970; x++ {
			if gray(picture, x, y) < 128 {
				run++
				longest = max(longest, run)
			} else {
				run = 0
			}
		}
	}
	text := readPDF(t, "pdftotext", printed(t, MapOptions{Paper: "a4"}, MapFile{}), "-")
	scale := regexp.MustCompile(`1:(\d+) 000`).FindStringSubmatch(text)
	bar := regexp.MustCompile(`(\d+) km`).FindStringSubmatch(text)
	if scale == nil || bar == nil {
		t.Fatalf("no scale in\n%s", text)
	}
	var thousands, km float64
	fmt.Sscan(scale[1], &thousands)
	fmt.Sscan(bar[1], &km)
	want := km / thousands * 10_000 // pixels
	if math.Abs(float64(longest)-want) > 5 {
		t.Errorf("the bar of %g km at 1:%g 000 is %d pixels of a tenth of a millimetre, not %g", km, thousands, longest, want)
	}
}

func gray(picture image.Image, x, y int) uint8 {
	return color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y
}

// TestMapScaleIsTrue: what lies apart on the sheet lies so many times as far
// apart on the earth, and the extent is on the map whole and not needlessly
// small.
func TestMapScaleIsTrue(t *testing.T) {
	frame := box{20, 30, 380, 270}
	rapid.Check(t, func(t *rapid.T) {
		west, south := rapid.Float64Range(74, 134).Draw(t, "west"), rapid.Float64Range(4, 52).Draw(t, "south")
		size := math.Pow(10, rapid.Float64Range(-2.5, 0).Draw(t, "size"))
		extent := orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{west + size, south + size*rapid.Float64Range(0.2, 2).Draw(t, "shape")}}
		p, err := fitProjection(extent, frame)
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) orb.Point {
			return orb.Point{rapid.Float64Range(extent.Min[0], extent.Max[0]).Draw(t, name), rapid.Float64Range(extent.Min[1], extent.Max[1]).Draw(t, name)}
		}
		a, b := at("a"), at("b")
		placed, other := p.place(a), p.place(b)
		if !frame.has(placed) || !frame.has(other) {
			t.Fatalf("%v lies off the map at %v", a, placed)
		}
		back := p.degrees(placed)
		if math.Abs(back[0]-a[0])+math.Abs(back[1]-a[1]) > 1e-9 {
			t.Fatalf("%v comes back as %v", a, back)
		}
		drawn := math.Hypot(placed[0]-other[0], placed[1]-other[1]) * p.scale / 1000
		if true_ := geo.Distance(a, b); math.Abs(drawn-true_) > 0.0012*true_+0.01 {
			t.Fatalf("%g m on the map are %g m at 1:%g", drawn, true_, p.scale)
		}
	})
}

func TestRoundScale(t *testing.T) {
	for _, c := range [][2]float64{{500, 500}, {501, 600}, {149_999, 150_000}, {150_000, 150_000}, {810_000, 1_000_000}, {1_000_001, 1_200_000}} {
		if got := roundUp(c[0]); got != c[1] {
			t.Errorf("at least 1:%g is 1:%g, want %g", c[0], got, c[1])
		}
	}
	for _, c := range [][2]float64{{9999, 5000}, {5000, 5000}, {4100, 4000}, {1999, 1000}, {25_000, 20_000}} {
		if got := roundBar(c[0]); got != c[1] {
			t.Errorf("a bar of at most %g m is %g, want %g", c[0], got, c[1])
		}
	}
	for v, want := range map[float64]string{105: "105°", 104.5: "104°30′", 27.0083333333: "27°00′30″", -0.25: "-0°15′", 59.99999: "60°"} {
		if got := formatDegrees(v); got != want {
			t.Errorf("%g is %s, want %s", v, got, want)
		}
	}
}

// TestGreyIsReadWithoutColour: whatever colours tell apart has another dash,
// core, width, glyph or hatching.
func TestGreyIsReadWithoutColour(t *testing.T) {
	for i, a := range roadStyles {
		for _, b := range roadStyles[:i] {
			if fmt.Sprint(a.dash) == fmt.Sprint(b.dash) && (a.core > 0) == (b.core > 0) && math.Abs(a.factor-b.factor) < 0.3 {
				t.Errorf("without colour, roads %s are drawn as %s", a.state, b.state)
			}
		}
	}
	for _, g := range legendGroups {
		if g.layer != "village" && g.layer != "supply" && g.layer != "water" {
			continue
		}
		fills := map[byte]string{}
		for _, value := range g.values {
			if other := fills[glyphFills[value]]; other != "" {
				t.Errorf("without colour, villages %s look like %s", value, other)
			}
			fills[glyphFills[value]] = value
		}
	}
	hatches := map[string]string{}
	for level, h := range warningHatches {
		if other := hatches[fmt.Sprint(h)]; other != "" {
			t.Errorf("%s is hatched like %s", level, other)
		}
		hatches[fmt.Sprint(h)] = level
	}
	picture := mapPicture(t, MapOptions{Theme: "grey", Paper: "a4"}, 100)
	for x := range picture.Bounds().Dx() {
		for y := range picture.Bounds().Dy() {
			if r, g, b, _ := picture.At(x, y).RGBA(); r != g || g != b {
				t.Fatalf("the pixel %d, %d of a grey map has a colour", x, y)
			}
		}
	}
}

// TestMapOptionsRefused: what is not understood is said with its parameter.
func TestMapOptionsRefused(t *testing.T) {
	fonts, err := mapFonts()
	if err != nil {
		t.Fatal(err)
	}
	a := printedCounty()
	off := orb.Bound{Min: orb.Point{10, 10}, Max: orb.Point{11, 11}}
	wide := orb.Bound{Min: orb.Point{90, 10}, Max: orb.Point{120, 40}}
	for _, c := range []struct {
		says string
		o    MapOptions
		f    MapFile
	}{
		{"paper", MapOptions{Paper: "a5"}, MapFile{}}, {"orientation", MapOptions{Orientation: "up"}, MapFile{}}, {"theme", MapOptions{Theme: "pink"}, MapFile{}},
		{"lens", MapOptions{Lens: "eye"}, MapFile{}}, {"layers", MapOptions{Layers: []string{"road", "moon"}}, MapFile{}}, {"title", MapOptions{Title: strings.Repeat("长", 61)}, MapFile{}},
		{"format", MapOptions{}, MapFile{Format: "gif"}}, {"dpi", MapOptions{}, MapFile{DPI: 71}}, {"dpi", MapOptions{Paper: "a0"}, MapFile{DPI: 300}}, {"strips", MapOptions{}, MapFile{Strips: 13}},
		{"township", MapOptions{Township: "520527999"}, MapFile{}}, {"bbox", MapOptions{Bounds: &off}, MapFile{}}, {"bbox", MapOptions{Bounds: &wide}, MapFile{}},
	} {
		err := WriteMap(context.Background(), &bytes.Buffer{}, fonts, a, a.Layers(), c.o, c.f)
		if planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v %+v: %v does not name %s", c.o, c.f, err, c.says)
		}
	}
	empty := planner.Assess(&planner.Snapshot{Region: planner.Region{Code: "520500", Level: planner.LevelCounty}})
	if err := WriteMap(context.Background(), &bytes.Buffer{}, fonts, empty, empty.Layers(), MapOptions{}, MapFile{}); err == nil || !strings.Contains(err.Error(), "nothing of 520500 is drawn") {
		t.Errorf("a county without anything: %v", err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := WriteMap(gone, &bytes.Buffer{}, fonts, a, a.Layers(), MapOptions{}, MapFile{Format: "png"}); err == nil {
		t.Error("a map nobody waits for is drawn to its end")
	}
}

// TestLabelsDoNotOverlap places many names and looks at every pair.
func TestLabelsDoNotOverlap(t *testing.T) {
	fonts, err := mapFonts()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := &mapSheet{Sheet: paper.NewSheet(fonts), unit: 1, px: 0.2, zoom: 12, frame: box{0, 0, 120, 90}, names: newNameCrowd(10), symbols: newNameCrowd(10)}
		var placed, symbols []box
		for i := range rapid.IntRange(1, 60).Draw(t, "names") {
			at := orb.Point{rapid.Float64Range(0, 120).Draw(t, "x"), rapid.Float64Range(0, 90).Draw(t, "y")}
			l := mapLabel{kind: labelKind(rapid.IntRange(0, int(hamletLabel)).Draw(t, "kind")), lines: []string{strings.Repeat("村", 1+i%6)}, at: at, reach: 1.5}
			symbol := box{at[0] - 1, at[1] - 1, at[0] + 1, at[1] + 1}
			m.symbols.add(symbol)
			symbols = append(symbols, symbol)
			place, found := m.freePlace(l, m.labelType(l.kind))
			if !found {
				continue
			}
			if !within(m.frame, place) {
				t.Fatalf("%v lies off the map", place)
			}
			for _, other := range placed {
				if place.meets(other) {
					t.Fatalf("%v lies over %v", place, other)
				}
			}
			for _, s := range symbols {
				if l.kind > townshipLabel && place.meets(s) {
					t.Fatalf("%v hides a symbol at %v", place, s)
				}
			}
			placed = append(placed, place)
			m.names.add(place)
		}
		if len(placed) == 0 && len(symbols) > 20 {
			t.Fatal("of many names none is placed")
		}
	})
}

// TestHatchingIsInside: the middle of every stretch lies in the area, and as
// much of any level line as the area has of it.
func TestHatchingIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "corners")
		ring := make([][2]float64, n)
		for i := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r := rapid.Float64Range(5, 50).Draw(t, "r")
			ring[i] = [2]float64{r * cos, r * sin}
		}
		inside := orb.Ring{}
		for _, p := range ring {
			inside = append(inside, p)
		}
		sum := 0.0
		for _, s := range scan([][][2]float64{ring}, 0.25) {
			if s.from > s.to {
				t.Fatalf("%v goes backwards", s)
			}
			sum += (s.to - s.from) * 0.25
		}
		area := 0.0
		for i, p := range inside {
			q := inside[(i+1)%n]
			area += (p[0]*q[1] - q[0]*p[1]) / 2
		}
		if math.Abs(sum-area) > 0.02*area+2 {
			t.Fatalf("hatched %g of %g", sum, area)
		}
	})
}

// TestLegendFlow: entries keep their order, none lies on another, and a head
// has an entry under it.
func TestLegendFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []legendEntry
		for range rapid.IntRange(1, 8).Draw(t, "groups") {
			entries = append(entries, legendEntry{text: "head"})
			for range rapid.IntRange(1, 7).Draw(t, "entries") {
				entries = append(entries, legendEntry{"entry", func(orb.Point) {}})
			}
		}
		fit := rapid.IntRange(2, 30).Draw(t, "rows")
		for _, whole := range []bool{true, false} {
			places, columns := flow(entries, fit, whole)
			for i, p := range places {
				if p[1] >= fit || p[0] >= columns || i > 0 && (p[0] < places[i-1][0] || p[0] == places[i-1][0] && p[1] != places[i-1][1]+1) {
					t.Fatalf("%d lies at %v of %d rows", i, p, fit)
				}
				if entries[i].draw == nil && i+1 < len(places) && places[i+1][0] != p[0] {
					t.Fatalf("the head %d ends a column", i)
				}
			}
		}
	})
}
