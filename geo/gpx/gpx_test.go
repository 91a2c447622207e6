package gpx_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/gpx"
)

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
 <metadata><name>file</name></metadata>
 <wpt lat="1" lon="2"><name>no</name></wpt>
 <trk><name>Monday &amp; Tuesday</name>
  <trkseg>
   <trkpt lat="27.1" lon="104.7"><ele>1500</ele><time>2026-03-01T08:30:00Z</time><hdop>1.2</hdop></trkpt>
   <trkpt lon=" 104.701 " lat="27.1"><time>2026-03-01T16:30:05.250+08:00</time><extensions><speed>3</speed><time>x</time></extensions></trkpt>
  </trkseg>
  <trkseg><trkpt lat="27.2" lon="104.8"><time>2026-03-01T08:31:00</time></trkpt></trkseg>
 </trk>
</gpx>`

func at(second, ms int) int64 {
	return time.Date(2026, 3, 1, 8, 30, second, ms*1_000_000, time.UTC).UnixMilli()
}

func want() gpx.Track {
	return gpx.Track{Name: "Monday & Tuesday", Points: []geo.TrackPoint{
		{Point: orb.Point{104.7, 27.1}, Time: at(0, 0), HDOP: 1.2, Break: true},
		{Point: orb.Point{104.701, 27.1}, Time: at(5, 250)},
		{Point: orb.Point{104.8, 27.2}, Time: at(60, 0), Break: true},
	}}
}

func TestRead(t *testing.T) {
	for name, text := range map[string]string{
		"plain":      sample,
		"with a BOM": "\ufeff" + sample,
		"prefixed":   strings.NewReplacer("<trk", "<g:trk", "</trk", "</g:trk", "xmlns=", "xmlns:g=", "<gpx", "<g:gpx", "</gpx", "</g:gpx").Replace(sample),
	} {
		got, err := gpx.Read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want(), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadRoute(t *testing.T) {
	got, err := gpx.Read(strings.NewReader(`<gpx><rte><name>r</name><rtept lat="1" lon="2"/><rtept lat="1" lon="3"/></rte></gpx>`))
	if err != nil || got.Name != "r" || len(got.Points) != 2 || !got.Points[0].Break || got.Points[1].Break {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReadGeoJSON(t *testing.T) {
	feature := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Monday & Tuesday","coordTimes":[["2026-03-01T08:30:00Z","2026-03-01T08:30:05.25Z"],["2026-03-01T08:31:00Z"]]},
		"geometry":{"type":"MultiLineString","coordinates":[[[104.7,27.1,1500],[104.701,27.1]],[[104.8,27.2]]]}}]}`
	w := want()
	w.Points[0].HDOP = 0
	got, err := gpx.Read(strings.NewReader(feature))
	if diff := cmp.Diff(w, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = gpx.Read(strings.NewReader(`{"type":"LineString","coordinates":[[104.7,27.1],[104.701,27.1]]}`))
	if err != nil || len(got.Points) != 2 || got.Points[0].Time != 0 {
		t.Errorf("a bare line: %+v, %v", got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	point := func(s string) string { return "<gpx>\n<trk><trkseg>\n" + s + "</trkseg></trk></gpx>" }
	for want, text := range map[string]string{
		"is empty":                           " \n",
		"neither GPX nor GeoJSON":            "lat,lon\n1,2",
		"line 3: lat \"x\" is not a number":  point(`<trkpt lat="x" lon="2"/>`),
		"line 3: latitude 95":                point(`<trkpt lat="95" lon="2"/>`),
		"longitude NaN":                      point(`<trkpt lat="5" lon="NaN"/>`),
		"no lat or no lon":                   point(`<trkpt lat="5"/>`),
		"line 3: time \"yesterday\"":         point(`<trkpt lat="5" lon="6"><time>yesterday</time></trkpt>`),
		"line 4: hdop \"-1\"":                point("\n" + `<trkpt lat="5" lon="6"><hdop>-1</hdop></trkpt>`),
		"no track and no route (1 way":       `<gpx><wpt lat="1" lon="2"/></gpx>`,
		"document type":                      `<!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>`,
		"line 3: invalid character entity":   point(`<trkpt lat="5" lon="6"><name>&a;</name></trkpt>`),
		"more than 64 deep":                  "<gpx>" + strings.Repeat("<a>", 100),
		"line 1: unexpected EOF":             "<gpx><trk>",
		"save it as UTF-8":                   `<?xml version="1.0" encoding="GBK"?><gpx/>`,
		"not gpx":                            `<kml/>`,
		"line 2: invalid character 'x'":      "{\n x}",
		"without a LineString":               `{"type":"Point","coordinates":[1,2]}`,
		"position 2 of a line has 1 numbers": `{"type":"LineString","coordinates":[[1,2],[1]]}`,
		"position 1 of a line: latitude 91":  `{"type":"LineString","coordinates":[[1,91],[1,2]]}`,
		"has 1 coordTimes":                   `{"type":"Feature","properties":{"coordTimes":["2026-03-01T08:30:00Z"]},"geometry":{"type":"LineString","coordinates":[[1,2],[1,3]]}}`,
		"cannot be read":                     `{"type":"LineString","coordinates":"x"}`,
		"export it again":                    `{"type":5}`,
	} {
		if got, err := gpx.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "gpx: ") {
			t.Errorf("%.60q: %v and %d points, want %q", text, err, len(got.Points), want)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("<gpx><trk><trkseg>")
	for range gpx.MaxPoints + 1 {
		b.WriteString(`<trkpt lat="1" lon="2"/>`)
	}
	b.WriteString("</trkseg></trk></gpx>")
	for name, text := range map[string][]byte{
		"points":        b.Bytes(),
		"json points":   []byte(`{"type":"LineString","coordinates":[[1,2]` + strings.Repeat(",[1,2]", 2*gpx.MaxPoints) + "]}"),
		"json numbers":  []byte(`{"type":"LineString","coordinates":[[1,2` + strings.Repeat(",1", 8*gpx.MaxPoints) + "]]}"),
		"megabytes":     []byte("<gpx>" + strings.Repeat(" ", gpx.MaxBytes)),
		"nested arrays": []byte(`{"type":"LineString","coordinates":` + strings.Repeat("[", 100_000)),
	} {
		if got, err := gpx.Read(bytes.NewReader(text)); err == nil {
			t.Errorf("%s: %d points", name, len(got.Points))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{sample, `<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>`, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`,
		`{"type":"GeometryCollection","geometries":[{"type":"MultiLineString","coordinates":[[[1,2]]]}]}`, "<gpx><trkpt", `{"features":[{}]}`, "</gpx>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		track, err := gpx.Read(bytes.NewReader(data))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "gpx: ") || len(track.Points) > 0 {
				t.Fatalf("%v with %d points", err, len(track.Points))
			}
			return
		}
		if len(track.Points) == 0 || !track.Points[0].Break {
			t.Fatalf("%+v", track)
		}
		for _, p := range track.Points {
			if geo.Check(p.Point) != nil || math.IsNaN(p.HDOP) || p.HDOP < 0 {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func ExampleRead() {
	track, err := gpx.Read(strings.NewReader(`<gpx><trk><trkseg><trkpt lat="27.1" lon="104.7"/></trkseg></trk></gpx>`))
	fmt.Println(len(track.Points), track.Points[0].Point, err)
	// Output: 1 [104.7 27.1] <nil>
}
