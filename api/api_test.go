package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// get asks a server and returns status, header and body.
func get(t testing.TB, s *Server, target string, header ...string) (int, http.Header, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "127.0.0.1:8080"
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Result().Header, string(body)
}

var update = os.Getenv("UPDATE_GOLDEN") != ""

var moving = regexp.MustCompile(`"stale_seconds": [0-9.e-]+|"instance": "[^"]*"|"seconds": [0-9.e-]+`)

// golden compares an answer with api/testdata; UPDATE_GOLDEN=1 writes it anew.
func golden(t *testing.T, name, body string) {
	t.Helper()
	var v any
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber() // a figure is compared digit by digit
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%s is no JSON: %v\n%s", name, err, body)
	}
	pretty, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got := moving.ReplaceAllString(string(pretty), `"moving": 0`) + "\n"
	file := filepath.Join("testdata", name+".json")
	if update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestAnswers(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for name, target := range map[string]string{
		"revision":          "/api/v1/revision",
		"regions":           "/api/v1/regions",
		"region":            "/api/v1/regions/520527",
		"report_completion": "/api/v1/report/completion?region=520527",
		"report_past":       "/api/v1/report/completion?region=520527&by=none&as_of=2020-04-01",
		"report_coverage":   "/api/v1/report/coverage?region=520527&within=100,2000&class=class4%2B",
		"report_water":      "/api/v1/report/water?region=520527&by=project",
		"report_relocation": "/api/v1/report/relocation?region=520527",
		"report_decision":   "/api/v1/report/decision?region=520527",
		"evidence":          "/api/v1/evidence?region=520527&metric=M02+completion_rate&scope=520527101",
		"village":           "/api/v1/feature/village/2?region=520527",
		"road":              "/api/v1/feature/road/1?region=520527",
		"road_segment":      "/api/v1/feature/road_segment/12?region=520527",
		"site":              "/api/v1/feature/relocation_site/1?region=520527",
		"township":          "/api/v1/feature/region/520527101?region=520527",
		"search":            "/api/v1/search?q=%E5%A4%A7%E5%9D%AA",
		"distances":         "/api/v1/distances?region=520527&nearest=1&metric=s",
		"tilejson":          "/tiles/road.json",
	} {
		t.Run(name, func(t *testing.T) {
			status, header, body := get(t, s, target)
			if status != http.StatusOK || header.Get("Content-Type") != "application/json" {
				t.Fatalf("%s: %d %s\n%s", target, status, header.Get("Content-Type"), body)
			}
			if strings.Contains(body, "$schema") || header.Get("Link") != "" {
				t.Error("the answer carries $schema or Link")
			}
			golden(t, name, body)
		})
	}
}
