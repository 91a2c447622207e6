package data_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// fails holds an error against the code and the words it must have.
func fails(t *testing.T, err error, code planner.Code, says string) {
	t.Helper()
	if planner.CodeOf(err) != code || err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v (%s), not %s with %q", err, planner.CodeOf(err), code, says)
	}
}

func TestARevocationIsForEver(t *testing.T) {
	store, _ := grounded(t)
	submit(t, store, submission(firstID))
	if _, err := store.Revoke(t.Context(), workCounty, firstID, "", "wang"); err == nil {
		t.Error("revoked without a reason")
	}
	revision, err := store.Revoke(t.Context(), workCounty, firstID, "量错了", "wang")
	if err != nil {
		t.Fatal(err)
	}
	snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")})
	if snap.Revision != revision || len(snap.Progress) != 0 || len(snap.Overrides) != 0 {
		t.Errorf("revision %d of %d still shows %d reports and %d overrides", snap.Revision, revision, len(snap.Progress), len(snap.Overrides))
	}
	_, err = store.Revoke(t.Context(), workCounty, firstID, "again", "chen")
	fails(t, err, planner.Conflict, "by wang at ")
	_, err = store.Revoke(t.Context(), workCounty, otherID, "x", "chen")
	fails(t, err, planner.NotFound, otherID)
	_, err = store.Revoke(t.Context(), workCounty, "x", "x", "chen")
	fails(t, err, planner.Invalid, "UUID")
}

// A case is open from its day, decided on that or a later one, by somebody else.
func TestADisputeFromOpeningToDecision(t *testing.T) {
	store, dsn := grounded(t)
	run(t, connect(t, dsn), `insert into qiantu.contract (county, id, programme, code) values ('130101', 1, 1, 'HT')`)
	submit(t, store, submission(firstID)) // opens a case of its own
	d := &planner.Dispute{
		Road: 1, Version: 1, Span: chainage.Span{From: 5, To: 900}, Stage: planner.StageBase, Opened: day("2020-06-02"), Reason: "两家都报", Claims: []string{firstID},
		Holder: "村委", Decider: "局", OpenedBy: "zhao", Evidence: []string{},
	}
	id, _, err := store.OpenDispute(t.Context(), workCounty, d)
	if err != nil {
		t.Fatal(err)
	}
	d.ID = id
	at := func(on string) planner.Dispute {
		for _, d := range read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day(on)}).Disputes {
			if d.ID == id {
				return d
			}
		}
		return planner.Dispute{}
	}
	if diff := cmp.Diff(planner.Dispute{}, at("2020-06-01")); diff != "" {
		t.Errorf("there before it was opened:\n%s", diff)
	}
	if diff := cmp.Diff(*d, at("2020-06-20")); diff != "" {
		t.Errorf("opened otherwise than told (-told +read):\n%s", diff)
	}
	decision := planner.Dispute{ID: id, Outcome: planner.OutcomeAwarded, Awarded: 1, Decision: "复测", DecidedBy: "chen", Decided: day("2020-06-10"), Evidence: []string{"ab"}}
	for says, c := range map[string]struct {
		code  planner.Code
		spoil func(*planner.Dispute)
	}{
		"cannot be decided": {planner.Invalid, func(d *planner.Dispute) { d.Decided = day("2020-06-01") }},
		"somebody else":     {planner.Conflict, func(d *planner.Dispute) { d.DecidedBy = "zhao" }},
		"one of its claim":  {planner.Conflict, func(d *planner.Dispute) { d.DecidedBy = "wang" }},
		"is awarded to":     {planner.Invalid, func(d *planner.Dispute) { d.Awarded = 0 }},
		"none of stands":    {planner.Invalid, func(d *planner.Dispute) { d.Outcome, d.Awarded = "maybe", 0 }},
		"no contract 7":     {planner.Invalid, func(d *planner.Dispute) { d.Awarded = 7 }},
		"no dispute 99":     {planner.NotFound, func(d *planner.Dispute) { d.ID = 99 }},
	} {
		wrong := decision
		c.spoil(&wrong)
		_, err := store.Decide(t.Context(), workCounty, &wrong)
		fails(t, err, c.code, says)
	}
	if _, err := store.Decide(t.Context(), workCounty, &decision); err != nil {
		t.Fatal(err)
	}
	_, err = store.Decide(t.Context(), workCounty, &decision)
	fails(t, err, planner.Conflict, "already")
	if diff := cmp.Diff(*d, at("2020-06-09")); diff != "" {
		t.Errorf("the day before the decision it is another (-open +read):\n%s", diff)
	}
	want := *d
	want.Outcome, want.Awarded, want.Decision, want.DecidedBy, want.Decided, want.Evidence = decision.Outcome, 1, "复测", "chen", decision.Decided, decision.Evidence
	if diff := cmp.Diff(want, at("2020-06-10")); diff != "" {
		t.Errorf("decided otherwise than told (-told +read):\n%s", diff)
	}
}

// A case that is opened and decided on one day is decided on that day, there
// before it on none, and once.
func TestADisputeDecidedOnItsFirstDay(t *testing.T) {
	store, dsn := grounded(t)
	opened := day("2020-06-02")
	id, _, err := store.OpenDispute(t.Context(), workCounty, &planner.Dispute{Road: 1, Version: 1, Span: chainage.Span{To: 900}, Opened: opened, Reason: "两家都报", OpenedBy: "zhao"})
	if err != nil {
		t.Fatal(err)
	}
	decision := planner.Dispute{ID: id, Outcome: planner.OutcomeStands, Decision: "复测", DecidedBy: "chen", Decided: opened}
	if _, err := store.Decide(t.Context(), workCounty, &decision); err != nil {
		t.Fatal(err)
	}
	_, err = store.Decide(t.Context(), workCounty, &decision)
	fails(t, err, planner.Conflict, "already")
	for _, on := range []planner.Date{opened - 1, opened, opened + 1} {
		got := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: on}).Disputes
		if on < opened {
			if len(got) != 0 {
				t.Errorf("there on %s, before it was opened: %+v", on, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Decided != opened || got[0].Outcome != planner.OutcomeStands || got[0].DecidedBy != "chen" {
			t.Errorf("on %s it is %+v", on, got)
		}
	}
	if got := value[string](t, connect(t, dsn), `select valid || ' ' || decided_on from qiantu.dispute`); got != "[2020-06-02,2020-06-03) 2020-06-02" {
		t.Errorf("it is stored as %s", got)
	}
}

// A case of which every claim was revoked is known to be empty, from then on.
func TestACaseWithoutClaims(t *testing.T) {
	store, _ := grounded(t)
	submit(t, store, submission(firstID)) // opens a case of its own
	open := func(known time.Time) planner.Dispute {
		return read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-30"), KnownAt: known}).Disputes[0]
	}
	before := open(time.Time{})
	instant := time.Now()
	for _, id := range before.Claims {
		if _, err := store.Revoke(t.Context(), workCounty, id, "两家都撤回", "wang"); err != nil {
			t.Fatal(err)
		}
	}
	if after := open(time.Time{}); len(before.Claims) == 0 || before.Withdrawn || !after.Withdrawn || open(instant).Withdrawn {
		t.Errorf("%d claims, withdrawn %v before, %v after, %v as it was known", len(before.Claims), before.Withdrawn, after.Withdrawn, open(instant).Withdrawn)
	}
}

func TestInspectionsAndTheirResults(t *testing.T) {
	store, _ := grounded(t)
	drawn := []planner.Inspection{
		{Kind: planner.InspectionRandom, Road: 1, Version: 1, Span: chainage.Span{To: 500}, On: day("2020-09-01"), Seed: ptr(int64(7)), By: "chen"},
		{Kind: planner.InspectionPlanned, Road: 1, Version: 1, Span: chainage.Span{From: 500, To: 900}, On: day("2020-06-10"), Result: planner.InspectionPass, PQIMilli: ptr(int64(91_500)), By: "chen"},
	}
	ids, _, err := store.AddInspections(t.Context(), workCounty, drawn)
	if err != nil || len(ids) != 2 {
		t.Fatal(ids, err)
	}
	at := func(on string) []planner.Inspection {
		return read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day(on)}).Inspections
	}
	if got := at("2020-06-09"); len(got) != 1 || got[0].ID != ids[0] || *got[0].Seed != 7 {
		t.Errorf("still to be held are %+v", got)
	}
	found := planner.Inspection{ID: ids[0], Result: planner.InspectionFail, PQIMilli: ptr(int64(51_000)), Inspector: "陈", Note: "裂", Evidence: []string{"ab"}, By: "chen"}
	if _, err := store.SetInspection(t.Context(), workCounty, &found, ""); err != nil {
		t.Fatal(err)
	}
	if got := at("2020-06-15"); len(got) != 1 || got[0].ID != ids[1] {
		t.Errorf("before the day of the other one %+v was held", got)
	}
	if got := at("2020-09-01"); len(got) != 2 || got[0].Result != planner.InspectionFail || *got[0].PQIMilli != 51_000 || got[0].Evidence[0] != "ab" {
		t.Errorf("held is %+v", got)
	}
	found.Result, found.Note = planner.InspectionPass, "看错"
	_, err = store.SetInspection(t.Context(), workCounty, &found, "")
	fails(t, err, planner.Conflict, "by somebody else meanwhile: it is \"fail\"")
	if _, err := store.SetInspection(t.Context(), workCounty, &found, planner.InspectionFail); err != nil {
		t.Error(err)
	}
	found.ID = 99
	_, err = store.SetInspection(t.Context(), workCounty, &found, "")
	fails(t, err, planner.NotFound, "inspection 99")
	for says, spoil := range map[string]func(*planner.Inspection){
		"outside its measure": func(i *planner.Inspection) { i.Span.To = 2_000_000 },
		"between 0 and 100":   func(i *planner.Inspection) { i.PQIMilli = ptr(int64(100_001)) },
		"needs its day":       func(i *planner.Inspection) { i.On = 0 },
		"one of planned":      func(i *planner.Inspection) { i.Kind = "sudden" },
		"no version 3":        func(i *planner.Inspection) { i.Version = 3 },
	} {
		wrong := []planner.Inspection{drawn[0], drawn[1]}
		spoil(&wrong[1])
		_, _, err := store.AddInspections(t.Context(), workCounty, wrong)
		fails(t, err, planner.Invalid, says)
	}
	if got := at("2020-09-01"); len(got) != 2 {
		t.Errorf("a refused draw has left %d inspections", len(got)-2)
	}
}

// Of many who say at once what an inspection found, one does.
func TestOneResultOfManyAtOnce(t *testing.T) {
	store, _ := grounded(t)
	ids, _, err := store.AddInspections(t.Context(), workCounty, []planner.Inspection{
		{Kind: planner.InspectionPlanned, Road: 1, Version: 1, Span: chainage.Span{To: 500}, On: day("2020-06-01"), By: "chen"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var written, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			found := planner.Inspection{ID: ids[0], Result: planner.InspectionPass, Inspector: fmt.Sprint(n), By: "chen"}
			_, err := store.SetInspection(t.Context(), workCounty, &found, "")
			switch {
			case err == nil:
				written.Add(1)
			case planner.CodeOf(err) == planner.Conflict:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if written.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d wrote the result, %d were refused", written.Load(), refused.Load())
	}
}

func TestFilesAreKeptOnce(t *testing.T) {
	store, dsn := grounded(t)
	body := []byte("\xff\xd8 a photo")
	sum := sha256.Sum256(body)
	a := &planner.Attachment{Name: "照片.jpg", Media: "image/jpeg", Taken: time.Date(2020, 6, 1, 8, 0, 0, 0, time.UTC), Place: &orb.Point{104.5, 27.5}, By: "wang"}
	for i, fresh := range []bool{true, false} {
		got, err := store.Attach(t.Context(), workCounty, a, body)
		if err != nil || got != fresh || a.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("time %d gives %v, %v with the hash %s", i+1, got, err, a.Hash)
		}
	}
	back, held, err := store.Attachment(t.Context(), workCounty, a.Hash)
	if diff := cmp.Diff(a, back); err != nil || diff != "" || !bytes.Equal(held, body) {
		t.Errorf("%v, %d bytes, differs:\n%s", err, len(held), diff)
	}
	s := submission(firstID)
	s.Progress.Evidence = []string{a.Hash}
	if got := read(t, store, planner.SnapshotQuery{Region: workCounty}).Attachments; len(got) != 0 {
		t.Errorf("%+v is named by nothing yet", got)
	}
	submit(t, store, s)
	if got := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")}).Attachments; len(got) != 1 || !cmp.Equal(got[0], *a) {
		t.Errorf("named is %+v", got)
	}
	_, _, err = store.Attachment(t.Context(), workCounty, "ab")
	fails(t, err, planner.NotFound, "file ab")
	_, err = store.Attach(t.Context(), workCounty, &planner.Attachment{Name: "x", Media: "image/jpeg"}, nil)
	fails(t, err, planner.Invalid, "empty")
	_, err = store.Attach(t.Context(), workCounty, &planner.Attachment{Name: "x", Media: "image/jpeg"}, make([]byte, data.MaxFile+1))
	fails(t, err, planner.TooLarge, "at most")
	_, err = store.Attach(t.Context(), workCounty, &planner.Attachment{Name: "x", Media: "text/html"}, body[:2])
	fails(t, err, planner.Invalid, "one of image/jpeg")
	_, err = store.Attach(t.Context(), "nowhere", &planner.Attachment{Name: "x", Media: "image/png"}, body[:3])
	fails(t, err, planner.Invalid, "no county nowhere")
	if _, err := connect(t, dsn).Exec(t.Context(), `update qiantu.attachment set name = 'other'`); err == nil {
		t.Error("a file was edited")
	}
}

func TestPlansAreReplaced(t *testing.T) {
	store, dsn := grounded(t)
	points := func(shares ...int64) (out []planner.PlanPoint) {
		for i, share := range shares {
			out = append(out, planner.PlanPoint{On: day("2020-02-01") + planner.Date(30*i), SharePPM: share})
		}
		return out
	}
	set := func(township string, p []planner.PlanPoint) error {
		_, err := store.SetPlan(t.Context(), workCounty, 1, township, p, "wang")
		return err
	}
	for _, p := range [][]planner.PlanPoint{points(0, 400_000, 1_000_000), points(0, 1_000_000)} {
		if err := set("", p); err != nil {
			t.Fatal(err)
		}
	}
	if err := set("130101001", points(100_000)); err != nil {
		t.Fatal(err)
	}
	want := append(points(0, 1_000_000), planner.PlanPoint{Township: "130101001", On: day("2020-02-01"), SharePPM: 100_000})
	if diff := cmp.Diff(want, read(t, store, planner.SnapshotQuery{Region: workCounty}).Programmes[0].Plan); diff != "" {
		t.Errorf("the plan is another (-want +got):\n%s", diff)
	}
	if n := value[int](t, connect(t, dsn), `select count(*) from qiantu.plan_point_history`); n != 3 {
		t.Errorf("the history holds %d points of the first plan", n)
	}
	if err := set("", nil); err != nil {
		t.Error(err)
	}
	fails(t, set("130101001", points(5, 4)), planner.Invalid, "falls")
	fails(t, set("", []planner.PlanPoint{{On: 5}, {On: 5}}), planner.Invalid, "not after")
	fails(t, set("", points(1_000_001)), planner.Invalid, "between 0 and 100")
	fails(t, set("", []planner.PlanPoint{{}}), planner.Invalid, "no day")
	fails(t, set("999", points(0)), planner.Invalid, `no township "999"`)
	_, err := store.SetPlan(t.Context(), workCounty, 9, "", nil, "wang")
	fails(t, err, planner.NotFound, "programme 9")
}

func TestSheetsAndHeadsAreKept(t *testing.T) {
	store, _ := grounded(t)
	hash := strings.Repeat("ab", 32)
	sheet := &planner.Sheet{Hash: hash, Name: "周报.xlsx", Rows: [][]string{{"路线", "起点\"'"}, {}, {"C001", "K0+000"}}}
	for range 2 {
		if err := store.KeepSheet(t.Context(), workCounty, sheet, "wang"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.Sheet(t.Context(), workCounty, hash)
	if diff := cmp.Diff(sheet, got); err != nil || diff != "" {
		t.Errorf("%v, it came back changed:\n%s", err, diff)
	}
	_, err = store.Sheet(t.Context(), workCounty, strings.Repeat("cd", 32))
	fails(t, err, planner.NotFound, "upload it again")
	big := &planner.Sheet{Hash: hash, Rows: [][]string{make([]string, 1_000_001)}}
	fails(t, store.KeepSheet(t.Context(), workCounty, big, "x"), planner.TooLarge, "1000001 cells")

	all := planner.SheetHead{Fingerprint: "f", Row: 2, Columns: map[string]int{"road": 1}, By: "wang"}
	own := planner.SheetHead{Township: "130101001", Fingerprint: "f", Row: 3, Columns: map[string]int{"road": 2, "stage": 4}, By: "wang"}
	for _, h := range []planner.SheetHead{own, all, {Township: "130101002", Fingerprint: "f", Row: 9}} {
		if err := store.RememberHead(t.Context(), workCounty, &h); err != nil {
			t.Fatal(err)
		}
	}
	own.Columns["stage"] = 5
	if err := store.RememberHead(t.Context(), workCounty, &own); err != nil {
		t.Fatal(err)
	}
	heads, err := store.SheetHeads(t.Context(), workCounty, "130101001")
	if diff := cmp.Diff([]planner.SheetHead{own, all}, heads); err != nil || diff != "" {
		t.Errorf("%v, heads differ:\n%s", err, diff)
	}
}
