package api

import (
	archive "archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

// MapOptions says what a printed map shows and how. The zero value is the whole
// county with everything on it, in colour and Chinese, on A3 landscape.
type MapOptions struct {
	Township    string     // code; empty: the county
	Bounds      *orb.Bound // degrees that must be on the map; nil: the township or the county
	Paper       string     // a4, a3 or a0
	Orientation string     // landscape or portrait
	Theme       string     // colour or grey
	Lens        string     // road or water: which verdict the villages show
	Supply      bool       // of water: how well they are supplied
	Layers      []string   // of the map; empty: all
	Hide        []string   // legend entries left off, as layer:value
	Lang        Lang
	Title       string // empty: made of the county's name
	Maker       string
	Review      string // number under which the map was reviewed
	Revision    int64  // of the data
}

// MapFile says how a printed map is written: pdf or png, for png the dots to the
// inch, and in how many strips the sheet is cut.
type MapFile struct {
	Format string
	DPI    int
	Strips int
}

// Words that a printed map takes, the first of each standing for none.
var (
	mapPapers       = []string{"a3", "a4", "a0"}
	mapOrientations = []string{"landscape", "portrait"}
	mapThemes       = []string{"colour", "grey"}
	mapLenses       = []string{"road", "water"}
	mapFormats      = []string{"pdf", "png"}
)

// Bounds on a printed map.
const (
	minDPI       = 72
	maxDPI       = 300
	maxDPIOfA0   = 200
	maxStrips    = 12
	stripOverlap = 10 // millimetres that strips have in common, to be glued
	maxMapTitle  = 60 // characters of the title, the maker and the number
)

// fill sets what was not said and refuses what is not understood.
func (o *MapOptions) fill() error {
	for _, word := range []struct {
		name    string
		value   *string
		allowed []string
	}{{"paper", &o.Paper, mapPapers}, {"orientation", &o.Orientation, mapOrientations}, {"theme", &o.Theme, mapThemes}, {"lens", &o.Lens, mapLenses}} {
		if *word.value == "" {
			*word.value = word.allowed[0]
		}
		if !slices.Contains(word.allowed, *word.value) {
			return wrongMap(word.name, "%.20q is none of %s", *word.value, strings.Join(word.allowed, ", "))
		}
	}
	o.Lang = cmp.Or(o.Lang, Chinese)
	for _, layer := range o.Layers {
		if !slices.Contains(mapLayers, layer) {
			return wrongMap("layers", "there is no layer %.40q; there are %s", layer, strings.Join(mapLayers, ", "))
		}
	}
	for _, text := range []struct{ name, value string }{{"title", o.Title}, {"maker", o.Maker}, {"review_number", o.Review}} {
		if len([]rune(text.value)) > maxMapTitle {
			return wrongMap(text.name, "longer than %d characters", maxMapTitle)
		}
	}
	return nil
}

// wrongMap is a refusal that names the option, which has one name in the shell
// and in the request.
func wrongMap(option, format string, args ...any) error {
	return planner.Errorf(planner.Invalid, "%s: %s", option, fmt.Sprintf(format, args...))
}

// fill sets what was not said and refuses what is not understood.
func (f *MapFile) fill(sheet string) error {
	f.Format = cmp.Or(f.Format, "pdf")
	if !slices.Contains(mapFormats, f.Format) {
		return wrongMap("format", "%.20q is none of %s", f.Format, strings.Join(mapFormats, ", "))
	}
	most, usual := maxDPI, 300
	if sheet == "a0" {
		most, usual = maxDPIOfA0, 150
	}
	if f.DPI == 0 {
		f.DPI = usual
	}
	if f.DPI < minDPI || f.DPI > most {
		return wrongMap("dpi", "%d dots to the inch; on %s they go from %d to %d", f.DPI, sheet, minDPI, most)
	}
	f.Strips = max(f.Strips, 1)
	if f.Strips > maxStrips {
		return wrongMap("strips", "a sheet is cut into at most %d strips", maxStrips)
	}
	return nil
}

// CheckMap sets what was not said of a printed map, and refuses what is not
// understood, with the name of the option.
func CheckMap(o *MapOptions, f *MapFile) error {
	if err := o.fill(); err != nil {
		return err
	}
	return f.fill(o.Paper)
}

// WriteMap writes a printed map of an assessed county. Several strips are pages
// of the PDF, and pictures in a zip. The same input gives the same bytes.
func WriteMap(ctx context.Context, w io.Writer, fonts *paper.Fonts, a *planner.Assessment, layers []planner.Layer, o MapOptions, f MapFile) error {
	if err := CheckMap(&o, &f); err != nil {
		return err
	}
	sheet, err := drawMap(fonts, a, layers, o)
	if err != nil {
		return err
	}
	if f.Strips > 1 {
		sheet = sheet.Strips(f.Strips, stripOverlap)
	}
	out := untilDone{ctx, w}
	switch {
	case f.Format == "pdf":
		return sheet.WritePDF(out)
	case f.Strips == 1:
		return sheet.WritePNG(out, 0, float64(f.DPI))
	}
	return writeStrips(out, sheet, float64(f.DPI))
}

// untilDone writes until its context ends, so that a picture nobody waits for
// is not drawn to its end.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

// Write writes, or says that the context has ended.
func (u untilDone) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}

func writeStrips(w io.Writer, sheet *paper.Sheet, dpi float64) error {
	out := archive.NewWriter(w)
	for i := range sheet.Pages() {
		strip, err := out.CreateHeader(&archive.FileHeader{Name: fmt.Sprintf("strip-%02d.png", i+1), Method: archive.Store})
		if err != nil {
			return fmt.Errorf("api: write strips: %w", err)
		}
		if err := sheet.WritePNG(strip, i, dpi); err != nil {
			return err
		}
	}
	return out.Close()
}

// mapSheet is a map being drawn.
type mapSheet struct {
	*paper.Sheet
	o      MapOptions
	a      *planner.Assessment
	layers map[string][]planner.Feature
	hidden map[string]bool
	ink    mapPalette

	width, height float64 // of the sheet, in millimetres
	unit          float64 // a millimetre of furniture of A3 on this paper
	frame         box     // of the map
	page          mapProjection
	px            float64 // millimetres that a pixel of the screen has on paper
	zoom          float64 // at which the screen would show the map so large

	labels  []mapLabel
	names   *nameCrowd      // where names are
	symbols *nameCrowd      // and what they must not hide
	shown   map[string]bool // legend entries that occur on the map
}

// paperSizes are the sheets in portrait, in millimetres, and how large their
// furniture is against that of A3.
var paperSizes = map[string]struct{ width, height, unit float64 }{
	"a4": {210, 297, 0.78}, "a3": {297, 420, 1}, "a0": {841, 1189, 2.3},
}

// drawMap draws the one page of a map.
func drawMap(fonts *paper.Fonts, a *planner.Assessment, layers []planner.Layer, o MapOptions) (*paper.Sheet, error) {
	size := paperSizes[o.Paper]
	m := &mapSheet{
		Sheet: paper.NewSheet(fonts), o: o, a: a, layers: map[string][]planner.Feature{}, hidden: map[string]bool{}, ink: paletteOf(o.Theme),
		width: size.width, height: size.height, unit: size.unit, shown: map[string]bool{}, names: newNameCrowd(10 * size.unit), symbols: newNameCrowd(10 * size.unit),
	}
	if o.Orientation == "landscape" {
		m.width, m.height = m.height, m.width
	}
	for _, key := range o.Hide {
		m.hidden[key] = true
	}
	for _, l := range layers {
		if (len(o.Layers) == 0 || slices.Contains(o.Layers, l.Name)) && !m.hidden[l.Name] {
			m.layers[l.Name] = l.Features
		}
	}
	m.frame = m.mapFrame()
	extent, err := m.extent(layers)
	if err != nil {
		return nil, err
	}
	if m.page, err = fitProjection(extent, m.frame); err != nil {
		return nil, err
	}
	m.px = 0.2 * math.Sqrt(size.unit)
	metres := m.page.scale * m.px / 1000
	m.zoom = math.Log2(earthRound * math.Cos(m.page.centre[1]*math.Pi/180) / (512 * metres))
	m.Title = m.title()
	m.AddPage(m.width, m.height)
	m.drawLayers()
	m.drawLabels()
	m.drawFurniture()
	return m.Sheet, nil
}

// earthRound is the circumference that the screen's zoom levels divide.
const earthRound = 2 * math.Pi * 6378137

func (m *mapSheet) word(group, code string) string { return m.o.Lang.mapWord(group, code) }

// extent is the degrees that must be on the map.
func (m *mapSheet) extent(layers []planner.Layer) (orb.Bound, error) {
	s := m.a.Snapshot
	whole := s.Region.Boundary.Bound()
	if len(s.Region.Boundary) == 0 {
		whole = boundOf(layers)
	}
	switch {
	case whole.IsEmpty():
		return whole, planner.Errorf(planner.Invalid, "nothing of %s is drawn yet, so there is no map of it; import roads or villages first", s.Region.Code)
	case m.o.Bounds != nil:
		if !m.o.Bounds.Intersects(whole) {
			return whole, wrongMap("bbox", "nothing of %s is there; it lies within %.4f,%.4f,%.4f,%.4f", s.Region.Code, whole.Min[0], whole.Min[1], whole.Max[0], whole.Max[1])
		}
		return *m.o.Bounds, nil
	case m.o.Township != "":
		return m.townshipBound()
	}
	return whole, nil
}

// townshipBound is the boundary of the township asked for, else what lies in it.
func (m *mapSheet) townshipBound() (orb.Bound, error) {
	s := m.a.Snapshot
	i := slices.IndexFunc(s.Townships, func(r planner.Region) bool { return r.Code == m.o.Township })
	if i < 0 {
		return orb.Bound{}, wrongMap("township", "%.40q is no township of %s", m.o.Township, s.Region.Code)
	}
	if len(s.Townships[i].Boundary) > 0 {
		return s.Townships[i].Boundary.Bound(), nil
	}
	bound := noBound
	for v := range s.Villages {
		if s.Villages[v].Township == m.o.Township {
			bound = bound.Extend(s.Villages[v].Point)
		}
	}
	if bound.IsEmpty() {
		return bound, wrongMap("township", "%.40q has neither a boundary nor a village on the map", m.o.Township)
	}
	return bound, nil
}

// noBound holds no place.
var noBound = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}

func boundOf(layers []planner.Layer) orb.Bound {
	bound := noBound
	for _, l := range layers {
		for _, f := range l.Features {
			if l.Name != "reference" {
				bound = bound.Union(f.Geometry.Bound())
			}
		}
	}
	return bound
}

// regionName is the name of the county, or of it and the township.
func (m *mapSheet) regionName() string {
	s := m.a.Snapshot
	name := m.nameOf(s.Region.Name, s.Region.NameEN)
	for _, t := range s.Townships {
		if t.Code == m.o.Township {
			if m.o.Lang == English {
				return m.nameOf(t.Name, t.NameEN) + ", " + name
			}
			return name + t.Name
		}
	}
	return name
}

func (m *mapSheet) nameOf(name, english string) string {
	if m.o.Lang == English {
		return cmp.Or(english, name)
	}
	return name
}

func (m *mapSheet) title() string {
	return cmp.Or(m.o.Title, strings.ReplaceAll(m.word("mapsheet", "title_"+m.o.Lens), "{name}", m.regionName()))
}
