package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
)

// Tiles over HTTP show what a question supposes: in the layers, in the layer of
// what is supposed, and in what villages lack.
func TestTilesOfAQuestion(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5), smallCounty("520502", 105.5)))
	tile := geo.TileAt(orb.Point{104.8, 27.11}, 9).String() + ".mvt"
	read := func(layer, query string) []mvttest.Feature {
		status, _, body := get(t, s, "/tiles/"+layer+"/"+tile+query)
		if status != http.StatusOK && status != http.StatusNoContent {
			t.Fatalf("%s%s: %d %s", layer, query, status, body)
		}
		return mvttest.Decode(t, []byte(body)).Features(layer)
	}
	asked := "?region=520527&edits=" + url.QueryEscape("improve:segment:12")
	if live := read("scenario", ""); len(live) != 0 {
		t.Errorf("nothing is supposed and %d features are drawn", len(live))
	}
	supposed := read("scenario", asked)
	for _, f := range supposed {
		if f.Properties["edit"] != "improve" || f.Properties["layer"] != "road" || f.Properties["segment"] != uint64(12) {
			t.Errorf("supposed: %v", f.Properties)
		}
	}
	edited := 0
	for _, f := range read("road", asked) {
		if f.Properties["edit"] != nil {
			edited++
		}
		if f.Properties["county"] != "520527" {
			t.Errorf("another county's road: %v", f.Properties)
		}
	}
	if len(supposed) == 0 || edited != len(supposed) {
		t.Errorf("%d roads have an edit, %d are in the layer of them", edited, len(supposed))
	}
	lacking, still := read("coverage", "?region=520527"), read("coverage", asked)
	if len(lacking) == 0 || len(still) >= len(lacking) || lacking[0].Properties["verdict"] == nil {
		t.Errorf("%d villages lack something, %d if the road were improved", len(lacking), len(still))
	}
}

// What a question does not change has the tag of the live tile; the rest has its
// own.
func TestTagsOfAQuestion(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	tag := func(layer string, lon float64, query string) string {
		_, h, _ := get(t, s, "/tiles/"+layer+"/"+geo.TileAt(orb.Point{lon, 27.11}, 12).String()+".mvt"+query)
		return h.Get("ETag")
	}
	const asked = "?region=520527&edits=improve:segment:12"
	if tag("road", 104.55, asked) != tag("road", 104.55, "?region=520527") || tag("road", 104.8, asked) == tag("road", 104.8, "?region=520527") {
		t.Error("the tag of a tile that a question does not change is another, or of one that it changes the same")
	}
	if tag("coverage", 104.8, asked) == tag("coverage", 104.8, "?region=520527") {
		t.Error("what villages lack has the same tag whatever is supposed")
	}
}

func TestTileQuestionsRefused(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for query, want := range map[string]struct {
		status int
		names  string
	}{
		"?season=wet":                            {http.StatusUnprocessableEntity, "query.region"},
		"?region=520527&season=dry&season=wet":   {http.StatusUnprocessableEntity, "query.season"},
		"?region=520527&season=mud":              {http.StatusUnprocessableEntity, "query.season"},
		"?region=520527&connect_m=-1":            {http.StatusUnprocessableEntity, "query.connect_m"},
		"?region=520527&connect_m=1e9":           {http.StatusUnprocessableEntity, "query.connect_m"},
		"?region=520527&as_of=yesterday":         {http.StatusUnprocessableEntity, "query.as_of"},
		"?region=520527&edits=explode:segment:1": {http.StatusUnprocessableEntity, "query.edits"},
		"?region=999999":                         {http.StatusNotFound, "999999"},
		"?region=520527&scenario=77":             {http.StatusNotFound, ""},
	} {
		for _, path := range []string{"/tiles/road/9/404/215.mvt", "/tiles/road.json"} {
			status, header, body := get(t, s, path+query)
			if status != want.status || !strings.Contains(body, want.names) {
				t.Errorf("%s%s: %d %s", path, query, status, body)
			}
			problemIn(t, header, body)
		}
	}
	if status, _, body := get(t, s, "/tiles/rod/9/404/215.mvt"); status != http.StatusNotFound || !strings.Contains(body, "coverage, scenario") {
		t.Errorf("no layer: %d %s", status, body)
	}
}

// The description of a question's tiles leads to them, and GDAL reads them.
func TestTileJSONOfAQuestion(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	for _, layer := range served() {
		var doc tileJSON
		_, _, body := get(t, s, "/tiles/"+layer+".json?region=520527&edits=improve:segment:12", "Host", strings.TrimPrefix(base, "http://"))
		if err := json.Unmarshal([]byte(body), &doc); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		tile := geo.TileAt(orb.Point{104.8, 27.11}, 8)
		at := strings.NewReplacer("{z}/{x}/{y}", tile.String()).Replace(doc.Tiles[0])
		r, err := http.Get(at)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		decoded := mvttest.Decode(t, raw)
		for _, f := range decoded.Features(layer) {
			for name := range f.Properties {
				if doc.VectorLayers[0].Fields[name] == "" {
					t.Errorf("%s has the attribute %s, which is not described", layer, name)
				}
			}
		}
		if layer == "coverage" || layer == "scenario" || layer == totalLayer {
			readByGDAL(t, raw, layer, len(decoded.Features(layer)))
		}
	}
}

// readByGDAL has GDAL, which shares no code with us, count the features of a layer.
func readByGDAL(t *testing.T, raw []byte, layer string, want int) {
	t.Helper()
	ogr, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed")
	}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(ogr, "-al", "-q", file, layer).CombinedOutput()
	if got := strings.Count(string(out), "OGRFeature("); err != nil || got != want || want == 0 {
		t.Errorf("%s: GDAL reads %d features, want %d, %v\n%s", layer, got, want, err, out)
	}
}
