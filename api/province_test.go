package api

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

func (f *fakeStore) Tally(ctx context.Context, q planner.SnapshotQuery) (planner.Region, int64, []*planner.Tally, error) {
	var out []*planner.Tally
	for _, code := range sortedKeys(f.snapshots) {
		if f.snapshots[code].Region.Parent != q.Region {
			continue
		}
		of := q
		of.Region = code
		s, err := f.Snapshot(ctx, of)
		if err != nil {
			return planner.Region{}, 0, nil, err
		}
		out = append(out, planner.Count(s))
	}
	return planner.Region{Code: q.Region, Name: "市"}, f.revision, out, f.err
}

// A prefecture is the sum of its counties, on the data date and on any other
// day, for who may read all of them.
func TestAPrefectureIsTheSumOfItsCounties(t *testing.T) {
	one, two := smallCounty("520527", 104.5), smallCounty("520528", 105.5)
	one.Region.Parent, two.Region.Parent = "5205", "5205"
	store := newFake(one, two)
	s, _ := live(t, store)
	completed := func(scope, region, rest string) float64 {
		t.Helper()
		var got struct {
			Rows []struct {
				Metric, Scope string
				Value         *float64
			}
		}
		getInto(t, s, "/api/v1/report/completion?region="+region+rest, http.StatusOK, &got)
		for _, row := range got.Rows {
			if row.Metric == "C03 completed_length" && row.Scope == scope {
				return *row.Value
			}
		}
		t.Fatalf("no completed length of %s", scope)
		return 0
	}
	for _, rest := range []string{"", "&as_of=2020-05-20", "&by=none"} {
		a, b := completed("520527", "520527", rest), completed("520528", "520528", rest)
		if sum := completed("5205", "5205", rest); a == 0 || sum != a+b {
			t.Errorf("%s: %v and %v make %v", rest, a, b, sum)
		}
	}
	for path, want := range map[string]int{
		"/api/v1/report/coverage?region=5205":              http.StatusUnprocessableEntity,
		"/api/v1/report/completion?region=5205&by=class":   http.StatusUnprocessableEntity,
		"/api/v1/report/completion?region=5299":            http.StatusNotFound,
		"/api/v1/report/completion?region=5205&as_of=soon": http.StatusUnprocessableEntity,
	} {
		getInto(t, s, path, want, nil)
	}
	store.guest = []string{"520527"}
	guest, _ := live(t, store)
	getInto(t, guest, "/api/v1/report/completion?region=5205", http.StatusNotFound, nil)
}

// getInto asks and holds the answer against a status; into may be nil.
func getInto(t *testing.T, s *Server, path string, want int, into any) {
	t.Helper()
	status, _, body := get(t, s, path)
	if status != want {
		t.Fatalf("%s: %d, want %d: %s", path, status, want, body)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
}
