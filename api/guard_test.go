package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// problemIn checks that an answer is a problem document that gives nothing away.
func problemIn(t *testing.T, header http.Header, body string, sent ...string) huma.ErrorModel {
	t.Helper()
	var p struct {
		huma.ErrorModel
		Errors []map[string]any `json:"errors"`
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil || header.Get("Content-Type") != problemType {
		t.Fatalf("no problem document: %s\n%s", header.Get("Content-Type"), body)
	}
	if p.Title == "" || p.Detail == "" || p.Instance == "" {
		t.Errorf("title, detail or instance is missing: %s", body)
	}
	for _, e := range p.Errors {
		if _, there := e["value"]; there {
			t.Errorf("the sent value is echoed: %s", body)
		}
	}
	for _, secret := range append(sent, "SELECT", "goroutine", ".go:") {
		if strings.Contains(body, secret) {
			t.Errorf("the answer holds %q: %s", secret, body)
		}
	}
	return p.ErrorModel
}

func TestRefusedRequests(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	const report = "/api/v1/report/completion?region=520527"
	for target, status := range map[string]int{
		"/api/v1/nothing": 404, "/api": 404, "/tiles/": 404, "/api/v1/report/money?region=520527": 404, "/api/v1/regions/999999": 404,
		"/api/v1/report/completion": 422, "/api/v1/report/completion?region=999999": 404,
		report + "&role=admin": 422, report + "&as_of=2024-02-30": 422, report + "&as_of=20240231": 422, report + "&as_of=1900-02-29": 422,
		report + "&as_of=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%94": 422, report + "&known_at=now": 422, report + "&by=household": 422, "/api/v1/report/relocation?region=520527&by=village": 422,
		"/api/v1/report/coverage?region=520527&within=1e309": 422, "/api/v1/report/coverage?region=520527&within=-1": 422,
		"/api/v1/report/coverage?region=520527&within=1,,2": 422, "/api/v1/report/coverage?region=520527&class=gold": 422,
		"/api/v1/report/coverage?region=520527&within=" + strings.Repeat("1,", 99) + "1": 422,
		"/api/v1/evidence?region=520527&metric=M99":                                      404, "/api/v1/evidence?region=520527": 422,
		"/api/v1/evidence?region=520527&metric=M02&limit=-1": 422, "/api/v1/evidence?region=520527&metric=M02&offset=1000000000000000000": 422,
		"/api/v1/evidence?region=520527&metric=M02&limit=1e3": 422, "/api/v1/evidence?region=520527&metric=M02&scope=x%27%3B--": 404,
		"/api/v1/distances?region=520527&season=rain": 422, "/api/v1/distances?region=520527&metric=km": 422, "/api/v1/distances?region=520527&nearest=1.5": 422,
		"/api/v1/feature/village/-1?region=520527": 404, "/api/v1/feature/village/9223372036854775808?region=520527": 404,
		"/api/v1/feature/village/%00?region=520527": 404, "/api/v1/feature/village/%7Bid%7D?region=520527": 404,
		"/api/v1/feature/household/1?region=520527": 404, "/api/v1/feature/village/1;DROP?region=520527": 404, "/api/v1/feature/village/01?region=520527": 404,
		"/api/v1/search?q=": 422, "/api/v1/search?q=%00": 422, "/api/v1/search?q=%ff": 422, "/api/v1/search?q=" + strings.Repeat("a", 101): 422,
		"/tiles/household.json": 404, "/tiles/household/9/404/215.mvt": 404, "/tiles/road;DROP/9/404/215.mvt": 404,
		"/tiles/road/-1/0/0.mvt": 404, "/tiles/road/31/0/0.mvt": 404, "/tiles/road/9999/0/0.mvt": 404, "/tiles/road/21/0/0.mvt": 404, "/tiles/road/1/2/0.mvt": 404,
		"/tiles/road/1/0/-1.mvt": 404, "/tiles/road/1e3/0/0.mvt": 404, "/tiles/road/%D9%A3/0/0.mvt": 404, "/tiles/road/1/0/0.pbf": 404,
		"/tiles/road/" + strings.Repeat("1", 200) + "/0/0.mvt": 404, "/tiles/road/1/0/0.mvt/../x": 404, "/tiles/road/1/0/0.mvt?buffer=100000": 200,
		"/api/v1/report/completion?region=" + strings.Repeat("5", 9000): 414,
	} {
		before := len(s.store.(*fakeStore).asked)
		got, header, body := get(t, s, target)
		if want := status; got != want && !(want == 200 && got == 204) {
			t.Errorf("%.90s: %d, want %d: %s", target, got, want, body)
			continue
		}
		if got >= 400 {
			problemIn(t, header, body)
		}
		if strings.HasPrefix(target, "/tiles") && len(s.store.(*fakeStore).asked) != before {
			t.Errorf("%.90s touched the store", target)
		}
	}
}

func TestRefusalsNameTheParameter(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for target, location := range map[string]string{
		"/api/v1/report/completion?region=520527&rol=x":            "query.rol",
		"/api/v1/report/completion?region=520527&as_of=2020-13-01": "query.as_of",
		"/api/v1/report/completion?region=520527&known_at=2020":    "query.known_at",
		"/api/v1/report/coverage?region=520527&within=a":           "query.within",
		"/api/v1/distances?region=520527&nearest=x":                "query.nearest",
		"/api/v1/evidence?region=520527&metric=M02&offset=-1":      "query.offset",
		"/api/v1/search?q=a&limit=0":                               "query.limit",
	} {
		_, _, body := get(t, s, target)
		if !strings.Contains(body, `"location":"`+location+`"`) {
			t.Errorf("%s does not name %s: %s", target, location, body)
		}
	}
}

func TestMethods(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, one := range []struct {
		method, path string
		header       map[string]string
		status       int
	}{
		{"POST", "/api/v1/regions", nil, 405}, {"DELETE", "/tiles/road.json", nil, 405}, {"PUT", "/", nil, 405}, {"POST", "/ws", nil, 405},
		{"HEAD", "/api/v1/regions", nil, 200}, {"HEAD", "/healthz", nil, 200}, {"GET", "/ws", nil, 426},
		{"GET", "/api/v1/regions", map[string]string{"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/metrics", "X-Forwarded-For": "1.2.3.4"}, 200},
		{"GET", "/api/v1/regions", map[string]string{"Content-Encoding": "gzip"}, 415},
	} {
		r := httptest.NewRequest(one.method, one.path, nil)
		r.Host = "localhost"
		for k, v := range one.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != one.status {
			t.Errorf("%s %s: %d, want %d", one.method, one.path, w.Code, one.status)
		}
		if w.Code >= 400 {
			problemIn(t, w.Header(), w.Body.String())
		}
	}
}

func TestHosts(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for host, status := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1": 200, "127.9.9.9:1": 200, "[::1]:8080": 200, "LOCALHOST": 200,
		"evil.example": 400, "127.0.0.1.evil.example": 400, "10.0.0.1": 400, "0.0.0.0": 400, "": 400, "localhost.evil": 400, "[::]": 400,
	} {
		got, header, body := get(t, s, "/healthz", "Host", host)
		if got != status {
			t.Errorf("host %q: %d, want %d", host, got, status)
		}
		if got == 400 {
			problemIn(t, header, body)
		}
	}
}

func TestListening(t *testing.T) {
	host := []string{"roads.example.org"}
	for _, one := range []struct {
		Listening
		ok, outside bool
	}{
		{Listening{Address: "127.0.0.1:8080"}, true, false}, {Listening{Address: "localhost:0"}, true, false}, {Listening{Address: "[::1]:80"}, true, false},
		{Listening{Address: "127.0.0.1:8080", Hosts: host}, true, true}, {Listening{Address: "127.0.0.1:8080", Hosts: host, BehindTLS: true}, true, true},
		{Listening{Address: "0.0.0.0:8080"}, false, true}, {Listening{Address: ":8080"}, false, true}, {Listening{Address: "10.1.2.3:80", TLS: true}, false, true},
		{Listening{Address: "10.1.2.3:80", Hosts: host}, false, true}, {Listening{Address: "10.1.2.3:80", Hosts: host, TLS: true}, true, true},
		{Listening{Address: "10.1.2.3:80", Hosts: host, BehindTLS: true}, true, true},
		{Listening{Address: "10.1.2.3:80", Hosts: []string{"https://roads.example.org"}, TLS: true}, false, true},
		{Listening{Address: "8080"}, false, true}, {Listening{}, false, true},
	} {
		if err := one.Check(); (err == nil) != one.ok || one.Outside() != one.outside {
			t.Errorf("%+v: %v, outside %v", one.Listening, err, one.Outside())
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, target := range []string{"/api/v1/regions", "/nothing/here.js", "/tiles/road.json", "/metrics", "/"} {
		_, header, _ := get(t, s, target)
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"} {
			if header.Get(name) == "" {
				t.Errorf("%s has no %s", target, name)
			}
		}
	}
}

func TestNotReady(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	store.err = errors.New("secret: no connection")
	s := New(Config{Store: store, Log: quiet()})
	for _, target := range []string{"/readyz", "/api/v1/regions", "/api/v1/revision", "/tiles/road.json", "/tiles/road/9/404/215.mvt"} {
		status, header, body := get(t, s, target)
		if status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d before the first world", target, status)
		}
		problemIn(t, header, body)
	}
	if status, _, _ := get(t, s, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, nil) }()
	until(t, "the reason", func() bool { _, _, body := get(t, s, "/readyz"); return strings.Contains(body, "cannot be drawn") })
	store.mu.Lock()
	store.err = nil
	store.mu.Unlock()
	until(t, "readiness", func() bool { status, _, _ := get(t, s, "/readyz"); return status == http.StatusOK })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestInternalErrorsAreNotShown(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, _ := live(t, store)
	store.mu.Lock()
	store.err = errors.New("secret: relation does not exist")
	store.mu.Unlock()
	status, header, body := get(t, s, "/api/v1/report/completion?region=520527&as_of=2019-01-01")
	if status != http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
	problemIn(t, header, body, "secret", "relation")
}

// The OpenAPI document is 3.1, describes every route, and only what there is.
func TestOpenAPI(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	status, _, body := get(t, s, "/api/v1/openapi.json")
	var doc struct {
		OpenAPI string
		Info    struct{ Title, Version string }
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Responses   map[string]struct {
				Description string
				Content     map[string]any
			}
			Parameters []struct {
				Name, In string
				Required bool
				Schema   map[string]any
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v", status, err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title == "" || doc.Info.Version != "test" {
		t.Errorf("openapi %q, info %+v", doc.OpenAPI, doc.Info)
	}
	operations := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			done, answers := "", 0
			for status := range op.Responses {
				if strings.HasPrefix(status, "2") {
					done, answers = status, answers+1
				}
			}
			if op.OperationID == "" || operations[op.OperationID] || op.Summary == "" || answers == 0 || done != "204" && len(op.Responses[done].Content) == 0 {
				t.Errorf("%s %s is described by %+v", method, path, op)
			}
			operations[op.OperationID] = true
			for status, answer := range op.Responses {
				if !strings.HasPrefix(status, "2") && answer.Content[problemType] == nil {
					t.Errorf("%s answers %s without a problem document", path, status)
				}
			}
			for _, p := range op.Parameters {
				if p.Schema["type"] == nil || p.In == "path" && (!p.Required || !strings.Contains(path, "{"+p.Name+"}")) {
					t.Errorf("%s: parameter %+v", path, p)
				}
			}
		}
	}
	for _, ref := range references(body) {
		if doc.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")] == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	}
	outside := []string{"/ws", "/healthz", "/readyz", "/metrics", "/tiles/{layer}.json", "/tiles/{layer}/{z}/{x}/{y}.mvt", "/tiles/backdrop/{id}/{layer}/{z}/{x}/{y}", "/tiles/relief/{z}/{x}/{y}.png", "/*",
		"/api/v1/openapi.json", "/api/v1/openapi.yaml", "/api/v1/openapi-3.0.json", "/api/v1/openapi-3.0.yaml"}
	err := chi.Walk(s.routes, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if _, there := doc.Paths[route][strings.ToLower(method)]; !there && !slices.Contains(outside, route) {
			t.Errorf("%s %s is neither described nor on the list of routes outside", method, route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// references finds every $ref of a JSON document.
func references(doc string) []string {
	var refs []string
	for _, part := range strings.Split(doc, `"$ref":"`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		refs = append(refs, ref)
	}
	return refs
}

func TestCompression(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	const target = "/api/v1/report/completion?region=520527"
	_, _, plain := get(t, s, target)
	_, header, zipped := get(t, s, target, "Accept-Encoding", "gzip")
	if header.Get("Content-Encoding") != "gzip" || string(gunzip(t, []byte(zipped))) != plain {
		t.Errorf("encoding %q", header.Get("Content-Encoding"))
	}
}

func TestMetrics(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	get(t, s, "/tiles/road/9/404/215.mvt")
	get(t, s, "/no/such/path/12345")
	_, _, body := get(t, s, "/metrics")
	for _, line := range []string{
		`qiantu_http_requests_total{route="/tiles/{layer}/{z}/{x}/{y}.mvt",status="200"} 1`, "qiantu_world_revision 7", `qiantu_tiles_total{source="made"} 1`,
		"qiantu_world_stale_seconds 0",
	} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s in\n%.2000s", line, body)
		}
	}
	if strings.Contains(body, "12345") {
		t.Error("a path became a label")
	}
}

// Serve answers, refuses what is too large for a head, and stops in order.
func TestServe(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	base := "http://" + l.Addr().String()
	c := dial(t, base)
	c.hello(0)
	for head, status := range map[string]int{
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: " + strings.Repeat("a", 64<<10) + "\r\n\r\n": 431,
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n":     400,
		"GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":                            400,
		"GET //evil.example HTTP/1.1\r\nHost: localhost\r\n\r\n":                                         404,
		"POST /api/v1/regions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n":           413,
		"GET /api/v1/regions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n":                   200,
	} {
		if got := rawRequest(t, l.Addr().String(), head); got != status {
			t.Errorf("%.60q: %d, want %d", head, got, status)
		}
	}
	cancel()
	c.closedWith(closeGoing)
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func rawRequest(t *testing.T, addr, head string) int {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	fmt.Fprint(conn, head)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: %v", head, err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestServeRefusesOpenListener(t *testing.T) {
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Skip("no such interface: ", err)
	}
	s := New(Config{Store: newFake(), Log: quiet()})
	if err := s.Serve(context.Background(), l); err == nil {
		t.Error("an open listener was taken")
	}
}

func TestReportsOfOtherDaysAreReadOnce(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, _ := live(t, store)
	for range 3 {
		get(t, s, "/api/v1/report/completion?region=520527&as_of=2020-03-01")
		get(t, s, "/api/v1/report/coverage?region=520527&as_of=2020-03-01")
	}
	n := 0
	for _, q := range store.asked {
		if q.AsOf == date("2020-03-01") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("read %d times", n)
	}
	if _, _, body := get(t, s, "/api/v1/report/completion?region=520527&as_of=2020-06-30"); !strings.Contains(body, `"value":50`) {
		t.Errorf("the data date is not the live day: %.300s", body)
	}
}
