package planner

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// The matrix from villages to gates is the table of distances; a place off all
// roads has a row, or a column, of nothing.
func TestDriveMatrixIsDistances(t *testing.T) {
	s := demoCounty(7, 40, 12)
	a := Assess(s)
	off := orb.Point{0, 0}
	from, to := []orb.Point{off}, []orb.Point{off}
	for i := range s.Villages {
		from = append(from, s.Villages[i].Point)
	}
	for i := range s.Sites {
		to = append(to, s.Sites[i].Gate)
	}
	from, to = append(from, off), append(to, off)
	for metric, name := range map[route.Metric]string{route.ByLength: "m", route.ByTime: "s"} {
		for _, season := range []string{route.Dry, route.Wet} {
			rows := must(a.Distances(DistanceOptions{Metric: name, Season: season}))
			want := map[[2]ID]uint32{}
			for _, r := range rows {
				value := r.MM
				if metric == route.ByTime {
					value = r.MS
				}
				if want[[2]ID{r.From, r.To}] = route.NoPath; value != nil {
					want[[2]ID{r.From, r.To}] = uint32(*value)
				}
			}
			next := 0
			err := must(a.Drive(season)).Matrix(t.Context(), from, to, route.MatrixOptions{Metric: metric}, func(i int, values []uint32) error {
				if i != next || len(values) != len(to) {
					t.Fatalf("row %d of %d values comes after row %d", i, len(values), next-1)
				}
				next++
				for j, got := range values {
					edge := i == 0 || j == 0 || i == len(from)-1 || j == len(to)-1
					if edge && got != route.NoPath {
						t.Fatalf("the way from %d to %d, off all roads, is %d", i, j, got)
					}
					if !edge && got != want[[2]ID{s.Villages[i-1].ID, s.Sites[j-1].ID}] {
						t.Fatalf("%s %s from village %d to site %d: %d, distances say %d", name, season, i-1, j-1, got, want[[2]ID{s.Villages[i-1].ID, s.Sites[j-1].ID}])
					}
				}
				return nil
			})
			if err != nil || next != len(from) {
				t.Fatalf("%d rows of %d: %v", next, len(from), err)
			}
		}
	}
}

func TestDriveMatrixStops(t *testing.T) {
	d := must(Assess(demoCounty(7, 40, 12)).Drive(""))
	stop := errors.New("enough")
	for _, from := range [][]orb.Point{slices.Repeat([]orb.Point{{0, 0}}, 9), {d.a.Snapshot.Villages[0].Point}} {
		rows := 0
		if err := d.Matrix(t.Context(), from, from, route.MatrixOptions{}, func(int, []uint32) error { rows++; return stop }); !errors.Is(err, stop) || rows != 1 {
			t.Errorf("%v after %d rows", err, rows)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := d.Matrix(ctx, from, from, route.MatrixOptions{}, func(int, []uint32) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled, and yet %v", err)
		}
	}
	if err := d.Matrix(t.Context(), nil, nil, route.MatrixOptions{}, func(int, []uint32) error { return stop }); err != nil {
		t.Errorf("no places: %v", err)
	}
}
