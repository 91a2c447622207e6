package api

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

type mapInput struct {
	Question
	Township    string `query:"township" maxLength:"64" doc:"code of the township to show; empty: the county"`
	Bbox        string `query:"bbox" maxLength:"120" doc:"west,south,east,north in degrees that must be on the map; empty: the township or the county"`
	Paper       string `query:"paper" enum:"a4,a3,a0" doc:"default: a3"`
	Orientation string `query:"orientation" enum:"landscape,portrait" doc:"default: landscape"`
	Format      string `query:"format" enum:"pdf,png" doc:"default: pdf"`
	DPI         int    `query:"dpi" minimum:"0" maximum:"300" doc:"of png, 72 to 300 (a0: to 200); default: 300, of a0 150"`
	Strips      int    `query:"strips" minimum:"0" maximum:"12" doc:"into how many the sheet is cut across its longer side, with 10 mm to glue: pages of the pdf, pictures in a zip; default: 1"`
	Theme       string `query:"theme" enum:"colour,grey" doc:"grey: warnings are hatched; default: colour"`
	Lens        string `query:"lens" enum:"road,water" doc:"what the villages show; default: road"`
	Supply      bool   `query:"supply" doc:"with lens=water: how well the works supply them, instead of how safe their water is"`
	Layers      string `query:"layers" maxLength:"200" doc:"layers of the map, comma separated; empty: all"`
	Hide        string `query:"hide" maxLength:"1000" doc:"legend entries left off, space separated, as road:planned"`
	Lang        Lang   `query:"lang" enum:"zh-CN,en" doc:"default: as the reader's program asks"`
	Accept      string `header:"Accept-Language" maxLength:"1000"`
	Title       string `query:"title" maxLength:"240"`
	Maker       string `query:"maker" maxLength:"240" doc:"whom the imprint names"`
	Review      string `query:"review_number" maxLength:"240" doc:"number under which the map was reviewed; empty: for internal use"`
}

type mapOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// mapTypes are the media types of a printed map by the end of its name.
var mapTypes = map[string]string{"pdf": "application/pdf", "png": "image/png", "zip": "application/zip"}

func (s *Server) routeMapSheet(v1 huma.API) {
	op := huma.Operation{
		OperationID: "export-map", Method: http.MethodGet, Path: "/api/v1/export/map", Tags: []string{"figures"},
		Summary: "The map of a county on a sheet of paper", Errors: questionErrors,
		Description: "A finished sheet with title, legend, scale, north, projection, days, source and review number: what the tiles show, drawn at a true " +
			"round scale. A PDF has vectors and embedded fonts. The same question at the same revision gives the same bytes.",
	}
	huma.Register(v1, op, s.getMapSheet)
	content := map[string]*huma.MediaType{}
	for _, media := range mapTypes {
		content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	v1.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = content
}

// printFonts are looked for until they are there.
type printFonts struct {
	mu    sync.Mutex
	found *paper.Fonts
}

func (p *printFonts) find() (*paper.Fonts, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		fonts, err := paper.FindFonts()
		if err != nil {
			return nil, planner.Errorf(planner.Unavailable, "%v", err)
		}
		p.found = fonts
	}
	return p.found, nil
}

func (s *Server) getMapSheet(ctx context.Context, in *mapInput) (*mapOutput, error) {
	o, f, err := in.parse()
	if err != nil {
		return nil, s.fail(err)
	}
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	fonts, err := s.fonts.find()
	if err != nil {
		return nil, s.fail(err)
	}
	o.Revision = revision
	what := fmt.Sprintf("map %q %q", mapWordsOf(o), fmt.Sprint(f))
	body, err := workOut(ctx, s, c, what, weighBytes, func(ctx context.Context) ([]byte, error) {
		var out bytes.Buffer
		err := WriteMap(ctx, &out, fonts, c.assessment, c.drawnLayers(), o, f)
		return out.Bytes(), err
	})
	if err != nil {
		return nil, s.fail(err)
	}
	name := MapFileName(in.Region, o, f)
	_, end, _ := strings.Cut(name, ".")
	return &mapOutput{mapTypes[end], "inline; filename=\"" + name + "\"", body}, nil
}

// mapWordsOf tells printed maps apart.
func mapWordsOf(o MapOptions) string {
	bounds := ""
	if o.Bounds != nil {
		bounds = fmt.Sprint(*o.Bounds)
	}
	o.Bounds = nil
	return fmt.Sprintf("%+v %s", o, bounds)
}

// drawnLayers are the layers of a county as the map draws them.
func (c *county) drawnLayers() []planner.Layer {
	if c.of != nil {
		c.draw()
	}
	return c.shown
}

// MapFileName is the name of the file of a printed map.
func MapFileName(region string, o MapOptions, f MapFile) string {
	parts := []string{"qiantu", region}
	if o.Township != "" {
		parts = append(parts, o.Township)
	}
	end := f.Format
	if f.Strips > 1 && f.Format == "png" {
		end = "zip"
	}
	return url.PathEscape(strings.Join(append(parts, o.Paper), "-")) + "." + end
}

func (in *mapInput) parse() (MapOptions, MapFile, error) {
	o := MapOptions{
		Township: in.Township, Paper: in.Paper, Orientation: in.Orientation, Theme: in.Theme, Lens: in.Lens, Supply: in.Supply,
		Hide: strings.Fields(in.Hide), Lang: langOf(string(in.Lang), in.Accept), Title: in.Title, Maker: in.Maker, Review: in.Review,
	}
	f := MapFile{Format: in.Format, DPI: in.DPI, Strips: in.Strips}
	if in.Layers != "" {
		o.Layers = strings.Split(in.Layers, ",")
	}
	var err error
	if o.Bounds, err = ParseBounds(in.Bbox); err != nil {
		return o, f, err
	}
	err = CheckMap(&o, &f)
	return o, f, err
}

// ParseBounds reads west,south,east,north in degrees; nothing is nil.
func ParseBounds(text string) (*orb.Bound, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ",")
	var v [4]float64
	for i := range v {
		if len(parts) != 4 {
			return nil, wrongMap("bbox", "%.60q: want west,south,east,north in degrees", text)
		}
		n, err := strconv.ParseFloat(parts[i], 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, wrongMap("bbox", "%.30q is no number of degrees", parts[i])
		}
		v[i] = n
	}
	if !(v[0] < v[2] && v[1] < v[3] && v[0] >= -180 && v[2] <= 180 && v[1] >= -90 && v[3] <= 90) {
		return nil, wrongMap("bbox", "%.60q: west must lie west of east and south south of north, within 180 and 90 degrees", text)
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, nil
}
