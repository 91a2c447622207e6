package paper

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fonts are those of the machine; the tests need them, as the program does.
func fonts(t *testing.T) *Fonts {
	t.Helper()
	f, err := FindFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// rareSign is a sign of Extension B that ordinary Chinese fonts lack: it is in village names.
const rareSign = "𪛖"

func drawn(t *testing.T) *Sheet {
	s := NewSheet(fonts(t))
	s.Title = "赫章县 road map"
	s.AddPage(420, 297)
	ink := RGB(0x1D2226)
	s.Text(20, 30, "赫章县通村公路 Roads 45.75 %", Type{Size: 24, Bold: true, Color: ink})
	s.Text(20, 45, "大"+rareSign+"村 (Extension B)", Type{Size: 12, Color: ink, Halo: 0.5, HaloColor: RGB(0xF7F4EC)})
	s.Text(400, 60, "右", Type{Size: 10, Color: ink, Align: Right})
	s.Fill([][][2]float64{{{100, 100}, {200, 100}, {200, 200}, {100, 200}}, {{130, 130}, {170, 130}, {170, 170}, {130, 170}}}, RGB(0xC0392B).Over(0.25), Pen{Width: 0.3, Color: RGB(0xC0392B)})
	s.Line([][2]float64{{20, 250}, {120, 250}}, Pen{Width: 1, Color: ink, Flat: true})
	s.Line([][2]float64{{20, 260}, {120, 260}}, Pen{Width: 1, Color: ink, Dash: []float64{4, 2}, Flat: true})
	return s
}

func pdf(t *testing.T, s *Sheet) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.WritePDF(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// poppler runs one of its programs on a PDF and gives what it says.
func poppler(t *testing.T, program string, document []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, append(args, path)...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no " + program + ": install poppler-utils")
	}
	if text, err := exec.Command(program, append(args, path, "-")...).Output(); program == "pdftotext" && err == nil {
		return string(text)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func TestPDFIsReadByAnother(t *testing.T) {
	document := pdf(t, drawn(t))
	text := poppler(t, "pdftotext", document)
	for _, want := range []string{"赫章县通村公路 Roads 45.75 %", "大" + rareSign + "村 (Extension B)", "右"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("the text %q stands %d times in\n%s", want, strings.Count(text, want), text)
		}
	}
	info := poppler(t, "pdfinfo", document)
	for _, want := range []string{"1190.55 x 841.89 pts (A3)", "赫章县 road map"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	list := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", document)), "\n")[2:]
	embedded := regexp.MustCompile(`CID Type 0C +Identity-H +yes yes yes`)
	for _, line := range list {
		if !embedded.MatchString(line) {
			t.Errorf("a font is not embedded as a subset with its table of signs: %s", line)
		}
	}
	if len(list) < 3 {
		t.Errorf("%d fonts: bold, regular and one for the rare sign are wanted", len(list))
	}
	if len(document) > 60_000 {
		t.Errorf("%d bytes for three lines of text: fonts are not cut down", len(document))
	}
}

func TestPDFSameBytes(t *testing.T) {
	if !bytes.Equal(pdf(t, drawn(t)), pdf(t, drawn(t))) {
		t.Error("two drawings alike differ")
	}
}

func raster(t *testing.T, s *Sheet, dpi float64) image.Image {
	t.Helper()
	var out bytes.Buffer
	if err := s.WritePNG(&out, 0, dpi); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// TestPNGIsThePDF draws the same sheet both ways, ours and poppler's, and compares them pixel by pixel.
func TestPNGIsThePDF(t *testing.T) {
	s := drawn(t)
	path := filepath.Join(t.TempDir(), "a")
	poppler(t, "pdftoppm", pdf(t, s), "-r", "100", "-png") // is there and reads it
	document := path + ".pdf"
	if err := os.WriteFile(document, pdf(t, s), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "100", "-png", "-singlefile", document, path).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	file, err := os.Open(path + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	theirs, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := raster(t, s, 100)
	compare(t, ours, theirs)
	if folder := os.Getenv("QIANTU_SHOTS"); folder != "" {
		var out bytes.Buffer
		_ = s.WritePNG(&out, 0, 100)
		_ = os.WriteFile(filepath.Join(folder, "paper.png"), out.Bytes(), 0o600)
		_ = os.WriteFile(filepath.Join(folder, "paper.pdf"), pdf(t, s), 0o600)
	}
}

// compare allows the edges of shapes to differ by how two programs smooth them, and nothing else.
func compare(t *testing.T, ours, theirs image.Image) {
	t.Helper()
	box := ours.Bounds().Intersect(theirs.Bounds())
	if box.Dx() < 1650 || box.Dy() < 1165 {
		t.Fatalf("%v against %v", ours.Bounds(), theirs.Bounds())
	}
	dark, off, sum := 0, 0, 0.0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			a, b := color.GrayModel.Convert(ours.At(x, y)).(color.Gray).Y, color.GrayModel.Convert(theirs.At(x, y)).(color.Gray).Y
			if a < 128 {
				dark++
			}
			d := math.Abs(float64(a) - float64(b))
			sum += d
			if d > 128 {
				off++
			}
		}
	}
	pixels := float64(box.Dx() * box.Dy())
	if dark < 2000 || float64(off) > float64(dark)/10 || sum/pixels > 0.5 {
		t.Errorf("%d dark pixels, %d far off, mean difference %.3f of 255", dark, off, sum/pixels)
	}
}

func TestPNGMeasures(t *testing.T) {
	picture := raster(t, drawn(t), 254) // ten pixels to the millimetre
	if picture.Bounds() != image.Rect(0, 0, 4200, 2970) {
		t.Fatal(picture.Bounds())
	}
	at := func(x, y int) uint8 { return color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y }
	long := 0
	for x := range 4200 {
		if at(x, 2500) < 128 {
			long++
		}
	}
	if long < 999 || long > 1001 {
		t.Errorf("a line of 100 mm is %d pixels long at 10 to the millimetre", long)
	}
	if edge, ring, hole := at(1000, 1500), at(1100, 1500), at(1500, 1500); edge > 160 || ring < 180 || ring > 240 || hole != 255 {
		t.Errorf("edge %d, ring %d, hole %d", edge, ring, hole)
	}
	gaps := 0
	for x := 201; x < 1200; x++ {
		if at(x-1, 2600) < 128 && at(x, 2600) >= 128 {
			gaps++
		}
	}
	if gaps != 16 {
		t.Errorf("%d gaps in a line of 100 mm with dashes of 4 and gaps of 2", gaps)
	}
}

func TestStripsMakeTheWhole(t *testing.T) {
	cut := drawn(t).Strips(3, 10)
	if wide, high := cut.Size(2); math.Abs(wide-440.0/3) > 1e-9 || high != 297 || cut.Pages() != 3 {
		t.Errorf("%d strips of %g by %g", cut.Pages(), wide, high)
	}
	whole := raster(t, drawn(t), 25.4*3)
	var out bytes.Buffer
	if err := cut.WritePNG(&out, 1, 25.4*3); err != nil {
		t.Fatal(err)
	}
	middle, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	from := 410 // 440/3 - 10 millimetres at 3 pixels each
	for _, y := range []int{300, 450, 750} {
		for x := 0; x < 439; x += 3 {
			if whole.At(from+x, y) != middle.At(x, y) {
				t.Fatalf("pixel %d, %d of the middle strip is not the whole's", x, y)
			}
		}
	}
}

func TestPNGRefusesNonsense(t *testing.T) {
	s := drawn(t)
	for _, dpi := range []float64{0, -1, math.NaN(), math.Inf(1), 1e9} {
		if err := s.WritePNG(&bytes.Buffer{}, 0, dpi); err == nil {
			t.Errorf("%g dpi is taken", dpi)
		}
	}
	if err := s.WritePNG(&bytes.Buffer{}, 1, 72); err == nil {
		t.Error("a page that is not there is taken")
	}
}

func TestNoFontSaysWhatToInstall(t *testing.T) {
	_, err := fontsIn([]string{t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "fonts-noto-cjk") {
		t.Error(err)
	}
}

// TestAnotherFontWillDo: of a machine without the fonts we know, one with Chinese is taken.
func TestAnotherFontWillDo(t *testing.T) {
	rare := fontFiles(fontFolders())["hanamina.ttf"]
	if rare == "" {
		t.Skip("no fonts-hanazono")
	}
	folder := t.TempDir()
	for name, target := range map[string]string{"a.ttf": "/dev/null", "house.ttf": rare, "b.txt": rare} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := fontsIn([]string{folder})
	if err != nil {
		t.Fatal(err)
	}
	s := NewSheet(f)
	s.AddPage(100, 100)
	s.Text(10, 10, "赫章县 A", Type{Size: 10, Bold: true, Color: RGB(0)})
	if text := poppler(t, "pdftotext", pdf(t, s)); !strings.Contains(text, "赫章县 A") {
		t.Errorf("it says %q", text)
	}
}

func TestWidthIsTheSumOfItsSigns(t *testing.T) {
	s := NewSheet(fonts(t))
	of := func(text string) float64 { return s.Width(text, Type{Size: 10}) }
	if got, want := of("迁途"), 2*10*point; math.Abs(got-want) > 1e-9 {
		t.Errorf("two full signs of 10 points are %g mm, want %g", got, want)
	}
	if got, want := of("A1b"), of("A")+of("1")+of("b"); math.Abs(got-want) > 1e-9 {
		t.Errorf("%g, not %g", got, want)
	}
}
