package data_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// What a province is added up from is what each county's own report says, on
// any day.
func TestTallyIsTheSumOfTheCounties(t *testing.T) {
	ctx := context.Background()
	store, _ := openStore(t)
	county := 990100
	rapid.Check(t, func(t *rapid.T) {
		county++
		l := loads(fmt.Sprint(county)).Draw(t, "county")
		if _, err := store.Store(ctx, l); err != nil {
			t.Fatal(err)
		}
		q := planner.SnapshotQuery{Region: l.County, AsOf: lastDay - planner.Date(rapid.IntRange(0, 400).Draw(t, "earlier"))}
		snap, err := store.Snapshot(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		_, _, tallies, err := store.Tally(ctx, q)
		if err != nil || len(tallies) != 1 {
			t.Fatal(len(tallies), err)
		}
		want, err := planner.Assess(snap).Report(planner.ReportCompletion, planner.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := planner.TallyReport(snap.Region, snap.Revision, tallies, "township").Figures
		if diff := gocmp.Diff(lengths(want.Figures, got), lengths(got, want.Figures)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// lengths are the figures of a report that the other has too, without what they
// are made of; the rank among counties is no rank of a county's report.
func lengths(figures, other []planner.Figure) []planner.Figure {
	var out []planner.Figure
	for _, f := range figures {
		same := func(o planner.Figure) bool { return o.Metric == f.Metric && o.Scope == f.Scope }
		if i := slices.IndexFunc(other, same); i >= 0 && !slices.ContainsFunc(out, same) {
			f.Parts, f.Made = nil, nil
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b planner.Figure) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Metric, b.Metric))
	})
	return out
}

func TestTallyOfAProvince(t *testing.T) {
	store, dsn := province(t, 3, 40)
	unit, _, tallies, err := store.Tally(context.Background(), planner.SnapshotQuery{Region: "99"})
	if err != nil || unit.Code != "99" || len(tallies) != 3 {
		t.Fatalf("%v, %d counties, %v", unit, len(tallies), err)
	}
	figures := planner.TallyReport(unit, 1, tallies, "township").Figures
	var whole, sum int64
	for _, f := range figures {
		switch {
		case f.Metric != "C03 completed_length":
		case f.Scope == "99":
			whole = f.Numerator
		case len(f.Scope) == 9:
			sum += f.Numerator
		}
	}
	if whole == 0 || whole != sum {
		t.Errorf("the province has %d mm, its townships %d mm", whole, sum)
	}
	plain, err := os.ReadFile("testdata/province_plain.sql")
	if err != nil {
		t.Fatal(err)
	}
	sql := "select sum(mm)::bigint from (" + strings.TrimSpace(string(plain)) + ") plain (township, mm)"
	if got := value[int64](t, connect(t, dsn), sql, lastDay.Time()); got != whole {
		t.Errorf("plain SQL has %d mm, the province %d", got, whole)
	}
	if _, err := store.Store(context.Background(), &data.Load{County: "970101", Regions: []planner.Region{
		{Code: "97", Level: planner.LevelProvince, Name: "空省"}, {Code: "970101", Level: planner.LevelCounty, Name: "空县", Parent: "97"},
	}}); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = store.Tally(context.Background(), planner.SnapshotQuery{Region: "97"})
	fails(t, err, planner.NotFound, "no county with roads lies below province 97 空省")
	if _, _, _, err := store.Tally(context.Background(), planner.SnapshotQuery{Region: "98"}); planner.CodeOf(err) != planner.NotFound {
		t.Errorf("an unknown province: %v", err)
	}
}

// province is a store with counties of so many routes, five segments and 25
// reports each.
func province(t testing.TB, counties, routes int) (*data.Store, string) {
	t.Helper()
	dsn := clustertest.DB(t)
	conn := connect(t, dsn)
	sql, err := os.ReadFile("testdata/province.sql")
	if err != nil {
		t.Fatal(err)
	}
	run(t, conn, "set session_replication_role = replica")
	run(t, conn, string(sql))
	run(t, conn, "select pg_temp.province($1, $2)", counties, routes)
	run(t, conn, "vacuum analyze")
	store, err := data.Open(context.Background(), dsn, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store, dsn
}

// BenchmarkProvince adds up 1,000,000 segments with 5,000,000 reports: from the
// database, and one county after an edit there.
func BenchmarkProvince(b *testing.B) {
	const counties, routes = 90, 2223
	store, dsn := province(b, counties, routes)
	ctx := context.Background()
	count := func(b *testing.B, region string, want int) {
		for i := 0; b.Loop(); i++ {
			asOf := day("2020-12-31") - planner.Date(i*37%300)
			_, _, tallies, err := store.Tally(ctx, planner.SnapshotQuery{Region: region, AsOf: asOf})
			if err != nil || len(tallies) != want {
				b.Fatal(len(tallies), err)
			}
		}
	}
	b.Run("all counties", func(b *testing.B) { count(b, "99", counties) })
	b.Run("the county of an edit", func(b *testing.B) { count(b, "990150", 1) })
	plain, err := os.ReadFile("testdata/province_plain.sql")
	if err != nil {
		b.Fatal(err)
	}
	conn := connect(b, dsn)
	b.Run("plain SQL", func(b *testing.B) {
		for b.Loop() {
			run(b, conn, string(plain), day("2020-12-31").Time())
		}
	})
}
