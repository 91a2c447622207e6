package sample

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// stored is the demo county in a real database.
type stored struct {
	t     *testing.T
	store *data.Store
	conn  *pgx.Conn
}

func storeCounty(t *testing.T, l *data.Load) *stored {
	t.Helper()
	ctx, dsn := context.Background(), clustertest.DB(t)
	store, err := data.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if _, err := store.Store(ctx, l); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &stored{t, store, conn}
}

func (s *stored) reports() rows {
	s.t.Helper()
	snapshot, err := s.store.Snapshot(context.Background(), planner.SnapshotQuery{Region: hezhang.code})
	if err != nil {
		s.t.Fatal(err)
	}
	return reportAll(s.t, snapshot)
}

func (s *stored) exec(sql string, args ...any) {
	s.t.Helper()
	tag, err := s.conn.Exec(context.Background(), sql, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	if tag.RowsAffected() != 1 {
		s.t.Fatalf("%s touched %d rows", sql, tag.RowsAffected())
	}
}

// told is what a figure says, without the day it was asked.
func told(f planner.Figure) string {
	whole := "-"
	if f.Denominator != nil {
		whole = fmt.Sprint(*f.Denominator)
	}
	return fmt.Sprintf("%d/%s ?%d %v", f.Numerator, whole, f.Unknown, f.Masked)
}

// changed are the figures that differ, as metric and scope.
func changed(before, after rows) map[string]bool {
	out := map[string]bool{}
	for key := range before {
		if told(before[key]) != told(after[key]) {
			out[key] = true
		}
	}
	for key := range after {
		if _, ok := before[key]; !ok {
			out[key] = true
		}
	}
	return out
}

// The county goes through a real database: its checks accept every row, the
// figures come out the same and are the published ones.
func TestStoredCountyGivesThePublishedFigures(t *testing.T) {
	p := readPublished(t)
	l := county(1)
	s := storeCounty(t, l)
	fromStore := s.reports()
	checkPublished(t, p, fromStore)
	if diff := cmp.Diff(tellAll(reportAll(t, snapshotOf(l))), tellAll(fromStore)); diff != "" {
		t.Errorf("the store changed figures (-load +store):\n%s", diff)
	}
}

func tellAll(r rows) map[string]string {
	out := map[string]string{}
	for key, f := range r {
		out[key] = told(f)
	}
	return out
}

// soleReport is a surface report that alone covers its metres, on a drawn road
// that nobody contests and where no later stage is reported.
func soleReport(t *testing.T, l *data.Load) planner.Progress {
	t.Helper()
	reports, left := map[planner.ID]int{}, map[planner.ID]bool{}
	for _, p := range l.Progress {
		switch p.Stage {
		case planner.StageSurface:
			reports[p.Road]++
		case planner.StageDrainage:
			left[p.Road] = true
		}
	}
	for _, d := range l.Disputes {
		left[d.Road] = true
	}
	for _, r := range l.Roads {
		left[r.ID] = left[r.ID] || r.Line == nil
	}
	for _, p := range l.Progress {
		if p.Stage == planner.StageSurface && p.Programme == hamletProgramme && reports[p.Road] == 1 && !left[p.Road] {
			return p
		}
	}
	t.Fatal("no road has one surface report")
	return planner.Progress{}
}

// Revoking one report moves the completion of its county, township, class and
// programme by its metres, and nothing that does not depend on it.
func TestRevokedReportMovesWhatDependsOnIt(t *testing.T) {
	l := county(7)
	s := storeCounty(t, l)
	before := s.reports()
	report := soleReport(t, l)
	s.exec(`insert into qiantu.progress_revocation (county, progress, reason) values ($1, $2, 'entered twice')`, hezhang.code, report.ID)
	after := s.reports()
	town := townshipOf(l, report.Road)
	scopes := []string{hezhang.code, town, "programme:" + fmt.Sprint(hamletProgramme)}
	moved := changed(before, after)
	for _, scope := range scopes {
		for _, metric := range []string{"C03 completed_length", "C04 remaining_length", "M02 completion_rate", "M03 physical_progress", "M31 deviation", "M31 spi"} {
			if !moved[metric+" "+scope] {
				t.Errorf("%s of %s did not move", metric, scope)
			}
		}
		key := "C03 completed_length " + scope
		if got := before[key].Numerator - after[key].Numerator; got != report.Span.Length() {
			t.Errorf("%s moved by %d mm, the report has %d", key, got, report.Span.Length())
		}
	}
	// What hangs on whom the network reaches may move anywhere; besides it in the report's own township ranks, levels, what the
	// road now is, and ways over it.
	reached := []string{"M07 ", "M09 ", "M10 ", "C11 ", "C12 ", "C13 ", "C16 ", "C17 ", "C18 ", "C19 ", "M27 ", "C33 ", "C50 ", "C51 ", "C52 ", "C53 "}
	may := append([]string{
		"C03 ", "C04 ", "M02 ", "M03 ", "M31 deviation", "M31 spi", "M32 ", "M33 ", "W0", "C08 ", "M06 ", "M08 ", "M11 ", "C20 ",
	}, reached...)
	for key := range moved {
		if !hasAnyPrefix(key, may) {
			t.Errorf("%s moved: %s, then %s", key, told(before[key]), told(after[key]))
		}
		for _, other := range townships {
			if strings.HasSuffix(key, " "+other.code) && other.code != town && !hasAnyPrefix(key, append([]string{"M33 "}, reached...)) {
				t.Errorf("%s moved, the report is of %s", key, town)
			}
		}
	}
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func townshipOf(l *data.Load, road planner.ID) string {
	for _, s := range l.Segments {
		if s.Road == road {
			return s.Township
		}
	}
	return ""
}

// Spoiling one survey moves the water figures of its county and township by
// one village, and no other figure at all.
func TestSpoiledSurveyMovesWaterOnly(t *testing.T) {
	l := county(0)
	s := storeCounty(t, l)
	before := s.reports()
	village := safeVillage(t, l)
	s.exec(`update qiantu.water_survey set quality_ok = false where county = $1 and village = $2
	         and on_date = (select max(on_date) from qiantu.water_survey where county = $1 and village = $2)`, hezhang.code, int64(village.ID))
	after := s.reports()
	want := map[string]bool{}
	for _, scope := range []string{hezhang.code, village.Township} {
		for _, metric := range []string{
			"M13 water_safe", "M13 water_unsafe", "M14 safe_water_rate", "M14 safe_water_village_rate",
			"C21 villages_without_safe_water", "C22 water_gap_cost",
		} {
			want[metric+" "+scope] = true
		}
	}
	if diff := cmp.Diff(want, changed(before, after)); diff != "" {
		t.Errorf("figures that moved (-expected +moved):\n%s", diff)
	}
	if got := after["C21 villages_without_safe_water "+hezhang.code].Numerator; got != unsafeVillages+1 {
		t.Errorf("%d villages without safe water after the survey was spoiled", got)
	}
}

// safeVillage is an administrative village found safe by every indicator.
func safeVillage(t *testing.T, l *data.Load) planner.Village {
	t.Helper()
	for _, v := range planner.Assess(snapshotOf(l)).Villages {
		if v.Water == planner.WaterSafe && v.Village.Kind == "administrative" {
			return *v.Village
		}
	}
	t.Fatal("no village has safe water")
	return planner.Village{}
}

// BenchmarkSnapshot reads the demo county out of its database.
func BenchmarkSnapshot(b *testing.B) {
	ctx, dsn := context.Background(), clustertest.DB(b)
	store, err := data.Open(ctx, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Store(ctx, County(Options{Seed: 1})); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := store.Snapshot(ctx, planner.SnapshotQuery{Region: hezhang.code}); err != nil {
			b.Fatal(err)
		}
	}
}
