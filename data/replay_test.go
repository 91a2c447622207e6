package data_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// deed is something done to the ledger; it may be refused.
type deed func(ctx context.Context, store *data.Store, county string) error

// history draws what people do, one after another. Many deeds are refused, as
// in life.
type history struct {
	drawer
	reports []string
	version int32
	length  int64
}

// deeds draws reports, revocations, cases, inspections, realignments, plans.
func deeds(t *rapid.T) []deed {
	h := &history{drawer: drawer{t, "", new(int)}, version: 1, length: 1_000_000}
	kinds := []func() deed{h.report, h.report, h.report, h.answer, h.revoke, h.dispute, h.decide, h.inspect, h.result, h.plan, h.realign}
	var out []deed
	for range rapid.IntRange(1, 14).Draw(t, "deeds") {
		out = append(out, kinds[h.int(0, int64(len(kinds)-1))]())
	}
	return out
}

// reported is the id of one of the reports drawn so far, or of none.
func (h *history) reported() string {
	if len(h.reports) == 0 {
		return h.uuid()
	}
	return h.reports[h.int(0, int64(len(h.reports)-1))]
}

func (h *history) report() deed {
	id := h.uuid()
	h.reports = append(h.reports, id)
	s := submission(id)
	s.Progress.Version, s.Progress.Span, s.Progress.On = h.version, h.span(h.length), day("2020-02-01")+planner.Date(h.int(0, 100))
	s.Progress.Stage, s.Progress.Programme, s.Dispute = planner.Stages[h.int(0, 6)], 0, nil
	if h.yes("held") {
		s.Status, s.Progress, s.Overrides = planner.SubmissionHeld, nil, nil
	}
	return func(ctx context.Context, store *data.Store, county string) error {
		_, _, _, err := store.Submit(ctx, inCounty(*s, county))
		return err
	}
}

func (h *history) answer() deed {
	s := submission(h.reported())
	s.Dispute, s.Progress.Programme, s.AnsweredBy = nil, 0, "chen"
	return func(ctx context.Context, store *data.Store, county string) error {
		_, err := store.Answer(ctx, inCounty(*s, county))
		return err
	}
}

func (h *history) revoke() deed {
	id := h.reported()
	return func(ctx context.Context, store *data.Store, county string) error {
		_, err := store.Revoke(ctx, county, id, "错", "wang")
		return err
	}
}

func (h *history) dispute() deed {
	d := planner.Dispute{Version: h.version, Span: h.span(h.length), Opened: day("2020-03-01") + planner.Date(h.int(0, 60)), Reason: "?", OpenedBy: "wang"}
	return func(ctx context.Context, store *data.Store, county string) error {
		d := d
		d.Road = roadOf(county)
		_, _, err := store.OpenDispute(ctx, county, &d)
		return err
	}
}

func (h *history) decide() deed {
	d := planner.Dispute{ID: planner.ID(h.int(0, 3)), Outcome: planner.Outcome(h.of("stands", "void")), Decided: day("2020-03-02") + planner.Date(h.int(0, 90)), Decision: "好", DecidedBy: "chen"}
	return func(ctx context.Context, store *data.Store, county string) error {
		d := d
		d.ID += roadOf(county)
		_, err := store.Decide(ctx, county, &d)
		return err
	}
}

func (h *history) inspect() deed {
	i := planner.Inspection{Kind: planner.InspectionPlanned, Version: h.version, Span: h.span(h.length), On: day("2020-05-01") + planner.Date(h.int(0, 60)), By: "chen"}
	return func(ctx context.Context, store *data.Store, county string) error {
		i := i
		i.Road = roadOf(county)
		_, _, err := store.AddInspections(ctx, county, []planner.Inspection{i})
		return err
	}
}

func (h *history) result() deed {
	i := planner.Inspection{ID: planner.ID(h.int(0, 3)), Result: planner.InspectionResult(h.of("pass", "fail")), PQIMilli: h.pqi(), By: "chen"}
	was := planner.InspectionResult(h.of("", "", "pass", "fail"))
	return func(ctx context.Context, store *data.Store, county string) error {
		i := i
		i.ID += roadOf(county)
		_, err := store.SetInspection(ctx, county, &i, was)
		return err
	}
}

func (h *history) plan() deed {
	points := []planner.PlanPoint{{On: day("2020-02-01"), SharePPM: h.int(0, 500_000)}, {On: day("2020-08-01"), SharePPM: h.int(500_000, 1_000_000)}}
	return func(ctx context.Context, store *data.Store, county string) error {
		_, err := store.SetPlan(ctx, county, roadOf(county), "", points, "wang")
		return err
	}
}

func (h *history) realign() deed {
	o, next := h.nextVersion(h.version, h.length)
	h.version, h.length = h.version+1, next
	return func(ctx context.Context, store *data.Store, county string) error {
		_, _, err := store.Operate(ctx, county, onRoad(o, roadOf(county)))
		return err
	}
}

func (g drawer) pqi() *int64 { return maybe(g, func() int64 { return g.int(0, 100_000) }) }

// nextVersion keeps some metres from the start of a road and makes the rest new.
func (g drawer) nextVersion(version int32, length int64) (o planner.Operation, next int64) {
	next = g.int(2, 2_000_000)
	kept := g.int(1, min(length, next)-1)
	return planner.Operation{
		Kind: "realign", On: day("2020-04-01") + planner.Date(10*version), Reason: "改线", By: "wang",
		Old: []planner.RoadVersion{{Number: version, Length: length}}, New: []planner.Road{{Version: version + 1, Length: next}},
		Mappings: []planner.Mapping{
			{Kind: planner.MappingCarried, FromVersion: version, FromSpan: chainage.Span{To: kept}, ToVersion: version + 1, ToSpan: chainage.Span{To: kept}},
			{Kind: planner.MappingRetired, FromVersion: version, FromSpan: chainage.Span{From: kept, To: length}},
			{Kind: planner.MappingNew, ToVersion: version + 1, ToSpan: chainage.Span{From: kept, To: next}},
		},
	}, next
}

// inCounty gives a submission on the road of a test county.
func inCounty(s planner.Submission, county string) *planner.Submission {
	s.County = county
	if s.Progress != nil {
		p := *s.Progress
		p.Road = roadOf(county)
		s.Progress = &p
	}
	return &s
}

// onRoad gives a deed on a stored road.
func onRoad(o planner.Operation, road planner.ID) *planner.Operation {
	o.Old = []planner.RoadVersion{{Road: road, Number: o.Old[0].Number, Length: o.Old[0].Length}}
	o.New = []planner.Road{{ID: road, Version: o.New[0].Version, Length: o.New[0].Length}}
	mappings := make([]planner.Mapping, len(o.Mappings))
	for i, m := range o.Mappings {
		if mappings[i] = m; m.Kind != planner.MappingNew {
			mappings[i].FromRoad = road
		}
		if m.Kind != planner.MappingRetired {
			mappings[i].ToRoad = road
		}
	}
	o.Mappings = mappings
	return &o
}

// roadOf is the id of a test county's road, programme and first of all else.
func roadOf(county string) planner.ID {
	var n planner.ID
	_, _ = fmt.Sscan(county, &n)
	return n * 1000
}

// bareCounty makes a county with one road of a kilometre, and has ids run on
// from its own.
func bareCounty(t testing.TB, dsn, county string) {
	conn := connect(t, dsn)
	defer func() { _ = conn.Close(context.Background()) }()
	sql := `insert into qiantu.region (code, level, name, county) values ('C', 'county', 'c', 'C');
		insert into qiantu.road (county, id) values ('C', @road);
		insert into qiantu.road_version (county, road, valid, length_mm) values ('C', @road, '[2020-01-01,)', 1000000);
		insert into qiantu.programme (county, id, name, starts, deadline) values ('C', @road, 'p', '2020-01-01', '2020-12-31');
		insert into qiantu.programme_scope (county, id, programme, road, span) values ('C', @road, @road, @road, '[0,800000)');
		select setval(pg_get_serial_sequence('qiantu.' || table_name, 'id'), @road, false) from information_schema.columns
		where table_schema = 'qiantu' and column_name = 'id' and is_identity = 'YES' and table_name <> 'change' and table_name <> 'audit' and table_name <> 'user'`
	run(t, conn, strings.NewReplacer("'C'", "'"+county+"'", "@road", fmt.Sprint(roadOf(county))).Replace(sql))
}

// What was known at an instant is what a ledger holds in which only that was
// done which was done by then: history is neither lost nor written anew.
func TestWhatWasKnownIsWhatHadBeenDone(t *testing.T) {
	whole, wholeDSN := openStore(t)
	part, partDSN := openStore(t)
	conn := connect(t, wholeDSN)
	ignore := cmp.Options{sameFacts, cmpopts.IgnoreFields(planner.Progress{}, "Recorded")}
	number, refused, done := 100, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		number++
		county := fmt.Sprint(number)
		all := deeds(r)
		upTo := rapid.IntRange(0, len(all)).Draw(r, "known")
		bareCounty(t, wholeDSN, county)
		bareCounty(t, partDSN, county)
		var known time.Time
		for i, do := range all {
			if i == upTo {
				known = value[time.Time](t, conn, `select clock_timestamp()`)
			}
			err := do(t.Context(), whole, county)
			if done++; err != nil {
				refused++
			}
			if err != nil && planner.CodeOf(err) == "" {
				r.Fatalf("deed %d: %v", i, err)
			}
			if i >= upTo {
				continue
			}
			if again := do(t.Context(), part, county); (again == nil) != (err == nil) {
				r.Fatalf("deed %d gives %v in the one ledger, %v in the other", i, err, again)
			}
		}
		for _, on := range []string{"2020-03-15", "2020-04-20", "2020-12-01"} {
			want := read(t, part, planner.SnapshotQuery{Region: county, AsOf: day(on)})
			got := read(t, whole, planner.SnapshotQuery{Region: county, AsOf: day(on), KnownAt: known})
			if diff := cmp.Diff(want, got, ignore); diff != "" {
				r.Fatalf("on %s, known after %d of %d deeds, the county is another (-done by then +known then):\n%s", on, upTo, len(all), diff)
			}
		}
	})
	if refused*2 > done {
		t.Errorf("%d of %d deeds were refused: the test tries too little", refused, done)
	}
}
