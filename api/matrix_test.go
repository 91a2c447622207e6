package api

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/geo/route"
)

// table asks for a matrix over a real socket.
func table(t testing.TB, base, body string) (*http.Response, []byte) {
	t.Helper()
	answer, err := http.Post(base+"/api/v1/matrix", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, raw
}

// A matrix is the distances as whole numbers, row by row.
func TestMatrixIsDistances(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	for _, metric := range []string{"m", "s"} {
		for _, more := range []string{"", "&season=wet", "&edits=close:segment:12"} {
			_, _, list := get(t, s, "/api/v1/distances?region=520527&metric="+metric+more)
			var want struct{ Rows []map[string]any }
			if err := json.Unmarshal([]byte(list), &want); err != nil || len(want.Rows) != 3 {
				t.Fatalf("%v: %s", err, list)
			}
			members := strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(more, "&", `,"`), "=", `":"`), "wet", `wet"`)
			if strings.Contains(more, "edits") {
				members += `"`
			}
			answer, raw := table(t, base, fmt.Sprintf(`{"region":"520527","metric":"%s"%s,
				"from":[[104.6,27.1005],[104.8,27.15],[104.849,27.1202],[0,0]],"to":[[0,0],[104.53,27.1]]}`, metric, members))
			if answer.StatusCode != 200 || len(raw) != 4*4*2 || answer.Header.Get("X-Rows") != "4" || answer.Header.Get("X-Columns") != "2" ||
				answer.Header.Get("X-Unit") != "m"+metric || answer.Header.Get("X-Revision") != "7" {
				t.Fatalf("%d %v %s", answer.StatusCode, answer.Header, raw)
			}
			for i := range 4 {
				none, got := binary.LittleEndian.Uint32(raw[8*i:]), binary.LittleEndian.Uint32(raw[8*i+4:])
				expect := float64(route.NoPath)
				if i < 3 && want.Rows[i][metric] != nil {
					expect = want.Rows[i][metric].(float64) * 1000
				}
				if none != route.NoPath || float64(got)-expect > 0.5 || expect-float64(got) > 0.5 {
					t.Errorf("%s%s row %d: %d and %d, want none and %v", metric, more, i, none, got, expect)
				}
			}
		}
	}
	if _, _, about := get(t, s, "/api/v1/openapi.json"); !strings.Contains(about, `"schema":{"$ref":"#/components/schemas/MatrixBodyJSON"}`) {
		t.Error("the description does not say what a matrix is asked with")
	}
	if answer, raw := table(t, base, `{"region":"520527","from":[],"to":[]}`); answer.StatusCode != 200 || len(raw) != 0 {
		t.Errorf("of nothing: %d %s", answer.StatusCode, raw)
	}
}

func TestRefusedMatrices(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	many := func(n int) string { return strings.TrimSuffix(strings.Repeat("[1,2],", n), ",") }
	for body, status := range map[string]int{
		`{`: 400, `[]`: 400, `{"region":"520527","from":[[1,2]],"to":[[1,2]],"role":"admin"}`: 400, `{"region":"520527","from":"x","to":[]}`: 400,
		`{"region":"520527","from":[[1,2]],"From":[[1,2]],"to":[]}`: 400, `{"region":"520527","from":[[1e999,2]],"to":[]}`: 400, `{"region":"520527","from":[[NaN,2]],"to":[]}`: 400,
		`{"region":"520527","from":[[1]],"to":[]}`: 422, `{"region":"520527","from":[[1,2,3]],"to":[]}`: 422, `{"region":"520527","from":[[181,2]],"to":[]}`: 422,
		`{"region":"520527","from":[null],"to":[]}`: 422, `{"region":"520527","from":[],"to":[[0,-90.1]]}`: 422,
		`{"region":"520527","metric":"km","from":[],"to":[]}`: 422, `{"region":"520527","season":"rain","from":[],"to":[]}`: 422,
		`{"region":"520527","edits":"close","from":[],"to":[]}`: 422, `{"region":"520527","edits":"close:segment:99","from":[],"to":[]}`: 422,
		`{"region":"520527","as_of":"2020-02-30","from":[],"to":[]}`: 422, `{"region":"999999","from":[],"to":[]}`: 404, `{"from":[],"to":[]}`: 404,
		`{"region":"520527","from":[],"to":[` + many(matrixTo+1) + `]}`: 422, `{"region":"520527","from":[` + many(matrixFrom+1) + `],"to":[]}`: 422,
		`{"region":"520527","from":[` + many(1_500_000) + `],"to":[]}`: 413,
	} {
		got, header, answer := ask(t, s, "POST", "/api/v1/matrix", "", body)
		if got != status {
			t.Errorf("%.70s: %d, want %d: %.200s", body, got, status, answer)
		}
		if got >= 400 {
			problemIn(t, header, answer)
		}
	}
}

// beginTable asks for a matrix, reads its beginning, and gives what leaves it.
func beginTable(t *testing.T, base, body string) (leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/matrix", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != 200 {
		t.Fatal(answer, err)
	}
	if _, err := io.CopyN(io.Discard, answer.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	return func() {
		cancel()
		answer.Body.Close()
	}
}

// count is how many matrices are made or waited for.
func (m *matrices) count() (all int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.of {
		all += n
	}
	return all
}

// Who has as many matrices made as one may is told so, and may ask again when one
// has ended; others are not in its way.
func TestMatricesOfOneCaller(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	points := strings.TrimSuffix(strings.Repeat("[104.6,27.1005],", 10_000), ",")
	var leave []func()
	for range matrixEach {
		leave = append(leave, beginTable(t, base, `{"region":"520527","from":[`+points+`],"to":[`+points+`]}`))
	}
	small := `{"region":"520527","from":[[104.6,27.1]],"to":[[104.6,27.1]]}`
	answer, raw := table(t, base, small)
	if answer.StatusCode != 429 || answer.Header.Get("Retry-After") == "" || !strings.Contains(string(raw), "2 of your matrices") {
		t.Errorf("one too many: %d %v %s", answer.StatusCode, answer.Header, raw)
	}
	problemIn(t, answer.Header, string(raw))
	if other := s.matrices.join("login another"); other == nil {
		t.Error("another has no place")
	} else {
		other()
	}
	leave[0]()
	until(t, "a place again", func() bool { return s.matrices.count() < matrixEach })
	if answer, raw := table(t, base, small); answer.StatusCode != 200 {
		t.Errorf("after one ended: %d %s", answer.StatusCode, raw)
	}
	leave[1]()
	until(t, "all to be left", func() bool { return s.matrices.count() == 0 })
}

// A reader that leaves stops the making, and frees its place.
func TestMatrixStopsWithItsReader(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	points := strings.TrimSuffix(strings.Repeat("[104.6,27.1005],", 10_000), ",")
	body := `{"region":"520527","from":[` + points + `],"to":[` + points + `]}` // 400 MB
	for range 2 * matrixAtOnce {
		until(t, "a place of one's own", func() bool { return s.matrices.count() < matrixEach })
		beginTable(t, base, body)()
	}
	until(t, "free places", func() bool { return len(s.matrices.slots) == 0 })
	start := time.Now()
	if answer, _ := table(t, base, `{"region":"520527","from":[[104.6,27.1]],"to":[[104.6,27.1]]}`); answer.StatusCode != 200 || time.Since(start) > matrixPatience/2 {
		t.Errorf("after those: %d in %v", answer.StatusCode, time.Since(start))
	}
}
