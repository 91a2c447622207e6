package frontend

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// built stands for a dist that Vite has filled.
func built() fstest.MapFS {
	return fstest.MapFS{
		".keep":                {},
		"index.html":           {Data: []byte("<!doctype html><title>map</title>")},
		"seal.svg":             {Data: []byte("<svg/>")},
		"assets/index-1a2b.js": {Data: []byte("export {}")},
		"assets/w-3c4d.mjs":    {Data: []byte("export {}")},
	}
}

func get(h http.Handler, method, target string, headers ...string) *http.Response {
	request := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestHandlerServesThePageAndItsFiles(t *testing.T) {
	tests := []struct {
		name, method, target string
		status               int
		cache, contentType   string
	}{
		{"page", "GET", "/", 200, "no-cache", "text/html; charset=utf-8"},
		{"page by name", "GET", "/index.html", 200, "no-cache", "text/html; charset=utf-8"},
		{"a path of the page", "GET", "/some/view", 200, "no-cache", "text/html; charset=utf-8"},
		{"head", "HEAD", "/", 200, "no-cache", "text/html; charset=utf-8"},
		{"hashed script", "GET", "/assets/index-1a2b.js", 200, cacheForEver, "text/javascript; charset=utf-8"},
		{"worker", "GET", "/assets/w-3c4d.mjs", 200, cacheForEver, "text/javascript; charset=utf-8"},
		{"icon", "GET", "/seal.svg", 200, "no-cache", "image/svg+xml"},
		{"missing script", "GET", "/assets/index-old.js", 404, "", "text/plain; charset=utf-8"},
		{"missing asset without extension", "GET", "/assets/old", 404, "", "text/plain; charset=utf-8"},
		{"missing file", "GET", "/robots.txt", 404, "", "text/plain; charset=utf-8"},
		{"hidden file", "GET", "/.keep", 404, "", "text/plain; charset=utf-8"},
		{"out of the folder", "GET", "/../frontend.go", 404, "", "text/plain; charset=utf-8"},
		{"post", "POST", "/", 405, "", "text/plain; charset=utf-8"},
	}
	h := newHandler(built())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response := get(h, test.method, test.target)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if got := response.Header.Get("Cache-Control"); got != test.cache {
				t.Errorf("Cache-Control %q, want %q", got, test.cache)
			}
			if got := response.Header.Get("Content-Type"); got != test.contentType {
				t.Errorf("Content-Type %q, want %q", got, test.contentType)
			}
			policy := response.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") {
				t.Errorf("Content-Security-Policy %q", policy)
			}
			if got := response.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options %q", got)
			}
		})
	}
}

func TestHandlerAnswersNotModified(t *testing.T) {
	h := newHandler(built())
	tag := get(h, "GET", "/").Header.Get("ETag")
	if tag == "" {
		t.Fatal("the page has no ETag")
	}
	if status := get(h, "GET", "/", "If-None-Match", tag).StatusCode; status != http.StatusNotModified {
		t.Errorf("status %d with the same ETag, want 304", status)
	}
	if status := get(h, "GET", "/", "If-None-Match", `"other"`).StatusCode; status != http.StatusOK {
		t.Errorf("status %d with another ETag, want 200", status)
	}
}

func TestHandlerSaysWhenTheMapWasNotBuilt(t *testing.T) {
	h := newHandler(fstest.MapFS{".keep": {}})
	response := get(h, "GET", "/")
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", response.StatusCode)
	}
	if !strings.Contains(string(body), "The web map was not built: run make build") {
		t.Errorf("the page does not say what to do:\n%s", body)
	}
	if response.Header.Get("Cache-Control") != "no-cache" {
		t.Error("the notice may be cached, and would outlive the build")
	}
}

func TestEmbeddedHandlerAnswers(t *testing.T) {
	status := get(Handler(), "GET", "/").StatusCode
	_, err := dist.ReadFile("dist/index.html")
	want := http.StatusOK
	if err != nil {
		want = http.StatusServiceUnavailable
	}
	if status != want {
		t.Errorf("status %d, want %d", status, want)
	}
}
