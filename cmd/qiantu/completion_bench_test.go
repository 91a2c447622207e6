package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// stateSum is a class of road in a state, with what there is of it.
type stateSum struct {
	Class, State string
	Stretches    int64
	LengthMM     int64
}

// stated are the states of the province's segments, drawn, with the snapshot that they are the truth of.
func stated(p *province) (states []planner.PieceState, lengths []int64, s *planner.Snapshot) {
	const starts = 18_000
	r := rand.New(rand.NewPCG(5, 6))
	s = &planner.Snapshot{Region: planner.Region{Code: "350000", Level: planner.LevelCounty, Name: "province"}, AsOf: starts + 200, Rules: planner.DefaultRules()}
	task := planner.Programme{ID: 1, Name: "task", Starts: starts, Deadline: starts + 365, CompletingStage: planner.StageSurface, Surface: "cement", AllSeason: planner.Yes}
	all := []planner.PieceState{planner.PieceDone, planner.PieceDoing, planner.PieceNotStarted, planner.PiecePlanned, planner.PieceExisting, planner.PieceUnknown}
	built := map[planner.PieceState]planner.Built{planner.PieceExisting: planner.BuiltYes, planner.PieceUnknown: planner.BuiltUnknown}
	for i, line := range p.lines {
		id, state, span := planner.ID(i+1), all[r.IntN(len(all))], chainage.Span{To: max(1, int64(geo.Length(line)))}
		states, lengths = append(states, state), append(lengths, span.To)
		is, known := built[state]
		if !known {
			is = planner.BuiltNone
		}
		s.Roads = append(s.Roads, planner.Road{ID: id, Version: 1, Class: p.class[i], Length: span.To, Line: line})
		s.Segments = append(s.Segments, planner.Segment{
			ID: id, Road: id, Version: 1, Span: span, Class: p.class[i], Direction: planner.Both, Routable: true, Line: line, Surface: "cement", AllSeason: planner.Yes, Built: is,
		})
		stage := map[planner.PieceState]planner.Stage{planner.PieceDone: planner.StageSurface, planner.PieceDoing: planner.StageRoadbed}[state]
		if stage != "" || state == planner.PieceNotStarted {
			task.Scope = append(task.Scope, planner.ScopeItem{ID: id, Road: id, Version: 1, Span: span})
		}
		if stage != "" {
			s.Progress = append(s.Progress, planner.Progress{ID: fmt.Sprintf("s%07d", i), Road: id, Version: 1, Span: span, Stage: stage, On: starts + 90})
		}
	}
	s.Programmes = []planner.Programme{task}
	return states, lengths, s
}

// storeStates puts the segments into a bare table of numbers and words, which is SQL at its best.
func storeStates(b *testing.B, p *province, states []planner.PieceState, lengths []int64) *pgx.Conn {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), clustertest.Empty(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(b.Context()) })
	if _, err := conn.Exec(b.Context(), "create table segment (id int, class text, state text, length_mm bigint)"); err != nil {
		b.Fatal(err)
	}
	_, err = conn.CopyFrom(b.Context(), pgx.Identifier{"segment"}, []string{"id", "class", "state", "length_mm"}, pgx.CopyFromSlice(len(states), func(i int) ([]any, error) {
		return []any{i, p.class[i], string(states[i]), lengths[i]}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range []string{"vacuum analyze segment", "set max_parallel_workers_per_gather = 0", "set work_mem = '256MB'"} {
		if _, err := conn.Exec(b.Context(), s); err != nil {
			b.Fatal(err)
		}
	}
	return conn
}

// groupedSQL gives the sums of the table, and says how long the middle one of some runs takes.
func groupedSQL(b *testing.B, conn *pgx.Conn) (sums []stateSum, wall, cpu time.Duration) {
	b.Helper()
	const runs = 9
	walls, before := make([]time.Duration, runs), serverTime(b, conn)
	for i := range walls {
		began := time.Now()
		rows, err := conn.Query(b.Context(), "select class, state, count(*), sum(length_mm)::bigint from segment group by class, state")
		if err != nil {
			b.Fatal(err)
		}
		if sums, err = pgx.CollectRows(rows, pgx.RowToStructByPos[stateSum]); err != nil {
			b.Fatal(err)
		}
		walls[i] = time.Since(began)
	}
	slices.Sort(walls)
	return sums, walls[runs/2], (serverTime(b, conn) - before) / runs
}

// reportedStates reads the same from a report.
func reportedStates(r *planner.Report) (sums []stateSum) {
	for i := range r.Figures {
		f := &r.Figures[i]
		text, is := strings.CutPrefix(f.Scope, "state:")
		if !is {
			continue
		}
		state, class, _ := strings.Cut(text, "/")
		switch f.Metric {
		case "C46 state_length":
			sums = append(sums, stateSum{Class: class, State: state, LengthMM: f.Numerator})
		case "C47 state_stretches":
			sums[len(sums)-1].Stretches = f.Numerator
		}
	}
	return sums
}

// BenchmarkCompletionByState asks how much of every class of road is in which state, of 1.45 million segments: of the report, which
// reads kept sums, and of PostGIS. Both give the same whole numbers.
func BenchmarkCompletionByState(b *testing.B) {
	p := newProvince(b)
	states, lengths, s := stated(p)
	sql, sqlWall, sqlCPU := groupedSQL(b, storeStates(b, p, states, lengths))
	began, cpu := time.Now(), ownTime()
	a := planner.Assess(s)
	b.Logf("%d segments judged in %v, %v of processor time", len(s.Segments), time.Since(began).Round(time.Millisecond), (ownTime() - cpu).Round(time.Millisecond))
	report := func() *planner.Report {
		r, err := a.Report(planner.ReportCompletion, planner.ReportOptions{By: "state"})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	began = time.Now()
	report()
	b.Logf("the sums made and read the first time in %v; %s", time.Since(began).Round(time.Millisecond), memoryHeld())
	var ours []stateSum
	cpu = ownTime()
	for b.Loop() {
		ours = reportedStates(report())
	}
	took := float64(ownTime()-cpu) / float64(b.N)
	byName := func(x, y stateSum) int { return strings.Compare(x.Class+"/"+x.State, y.Class+"/"+y.State) }
	slices.SortFunc(ours, byName)
	slices.SortFunc(sql, byName)
	if len(ours) < 20 || !slices.Equal(ours, sql) {
		b.Fatalf("the report has %d rows, SQL %d:\n%v\n%v", len(ours), len(sql), ours, sql)
	}
	b.Logf("%d classes and states are equal in every count and millimetre; the SQL takes %v, %v of processor time", len(ours), sqlWall.Round(time.Millisecond), sqlCPU)
	b.ReportMetric(took/1e6, "cpu-ms")
	b.ReportMetric(sqlWall.Seconds()*1000, "sql-ms")
	b.ReportMetric(float64(sqlCPU)/took, "times")
	runtime.KeepAlive(a)
}

// memoryHeld says how much memory what is live takes, and how much this program has taken at most.
func memoryHeld() string {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	peak := "unknown"
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			peak = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("live %.2f GiB, at most %s", float64(m.HeapAlloc)/(1<<30), peak)
}
