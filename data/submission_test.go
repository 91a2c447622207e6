package data_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

const (
	workCounty = "130101"
	firstID    = "00000000-0000-7000-8000-0000000000a1"
	otherID    = "00000000-0000-7000-8000-0000000000a2"
)

// grounded is a store with the ground of the constraint tests.
func grounded(t testing.TB) (*data.Store, string) {
	t.Helper()
	store, dsn := openStore(t)
	run(t, connect(t, dsn), ground)
	return store, dsn
}

// submission is a report that was applied, of an interval of the ground's road.
func submission(id string) *planner.Submission {
	digest := sha256.Sum256([]byte(id))
	return &planner.Submission{
		County: workCounty, ID: id, Body: []byte(`{"stage": "surface"}`), Digest: digest[:], Status: planner.SubmissionApplied, By: "wang",
		Findings: []planner.RuleFinding{{Rule: "R04", Severity: planner.SeverityHold, Params: map[string]any{"missing_m": 5.5, "needs": "base"}, Span: &chainage.Span{From: 1, To: 9}, Override: "看过"}},
		Progress: &planner.Progress{
			ID: id, Road: 1, Version: 1, Span: chainage.Span{From: 100, To: 900}, Stage: planner.StageSurface, On: day("2020-06-01"), Programme: 1,
			Reporter: "王", By: "wang", Entered: "typed", Note: "雨", Evidence: []string{},
		},
		Dispute:   &planner.Dispute{Road: 1, Version: 1, Span: chainage.Span{From: 100, To: 200}, Stage: planner.StageSurface, Opened: day("2020-06-01"), Reason: "两家", Claims: []string{id}, OpenedBy: "wang", Evidence: []string{}},
		Overrides: []planner.Override{{Progress: id, Rule: "R04", Reason: "看过", By: "wang"}},
		Device:    time.Date(2020, 6, 1, 1, 2, 3, 0, time.UTC),
	}
}

func submit(t testing.TB, store *data.Store, s *planner.Submission) (*planner.Submission, bool, int64) {
	t.Helper()
	stored, again, revision, err := store.Submit(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return stored, again, revision
}

// What came in, its report, overrides and dispute are stored at once; a retry
// gives the first answer; another content under the same id is refused.
func TestASubmissionIsStoredOnce(t *testing.T) {
	store, dsn := grounded(t)
	in := submission(firstID)
	stored, again, revision := submit(t, store, in)
	if again || stored.Received.IsZero() || stored.Progress.Recorded.IsZero() || stored.Dispute.ID == 0 {
		t.Errorf("the first is stored as %+v, again %v", stored, again)
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(planner.Submission{}, "Received"), cmpopts.IgnoreFields(planner.Progress{}, "Recorded"), cmpopts.IgnoreFields(planner.Dispute{}, "ID")}
	if diff := cmp.Diff(in, stored, ignore); diff != "" {
		t.Errorf("stored otherwise than sent (-sent +stored):\n%s", diff)
	}
	snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")})
	if snap.Revision != revision || len(snap.Progress) != 1 || len(snap.Disputes) != 1 || len(snap.Overrides) != 1 {
		t.Errorf("revision %d of %d shows %d reports, %d disputes, %d overrides", snap.Revision, revision, len(snap.Progress), len(snap.Disputes), len(snap.Overrides))
	}
	submit(t, store, submission(otherID)) // something else happens meanwhile
	retry, again, at := submit(t, store, in)
	if diff := cmp.Diff(stored, retry); diff != "" || !again || at != revision {
		t.Errorf("the retry (again %v, revision %d of %d) differs:\n%s", again, at, revision, diff)
	}
	in.Digest = []byte("other")
	if _, _, _, err := store.Submit(t.Context(), in); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("another content under the same id gives %v", err)
	}
	conn := connect(t, dsn)
	if n := value[int](t, conn, `select count(*) from qiantu.audit where object = 'submission:' || $1 and actor = 'wang'`, firstID); n != 1 {
		t.Errorf("the audit has %d lines of it", n)
	}
}

// A report that the database refuses leaves nothing of its submission.
func TestARefusedReportLeavesNothing(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	for says, spoil := range map[string]func(*planner.Submission){
		"outside its measure": func(s *planner.Submission) { s.Progress.Span.To = 1_000_001 },
		"no contract 77":      func(s *planner.Submission) { s.Progress.Contract = 77 },
		"not a UUID":          func(s *planner.Submission) { s.ID = "7" },
		"no county":           func(s *planner.Submission) { s.County = "nowhere" },
		"twice":               func(s *planner.Submission) { s.Overrides = append(s.Overrides, s.Overrides...) },
		"the day from which":  func(s *planner.Submission) { s.Dispute.Opened = 0 },
		"none of clearing":    func(s *planner.Submission) { s.Progress.Stage = "paint" },
	} {
		s := submission(firstID)
		spoil(s)
		_, _, _, err := store.Submit(t.Context(), s)
		if code := planner.CodeOf(err); code != planner.Invalid && code != planner.Conflict && code != planner.NotFound || !strings.Contains(err.Error(), says) {
			t.Errorf("%q gives %v (%s)", says, err, planner.CodeOf(err))
		}
	}
	if n := value[int](t, conn, `select (select count(*) from qiantu.submission) + (select count(*) from qiantu.progress) + (select count(*) from qiantu.dispute) + (select count(*) from qiantu.audit)`); n != 1 {
		t.Errorf("%d rows are left, not only the ground's report", n)
	}
}

// What needs attention is answered once.
func TestHeldSubmissionsAreAnsweredOnce(t *testing.T) {
	store, _ := grounded(t)
	held := submission(firstID)
	held.Status, held.Progress, held.Dispute, held.Overrides = planner.SubmissionHeld, nil, nil, nil
	submit(t, store, held)
	if list, total, err := store.Submissions(t.Context(), planner.SubmissionQuery{County: workCounty, Status: planner.SubmissionHeld, By: "wang"}); err != nil || total != 1 || len(list) != 1 || list[0].ID != firstID {
		t.Fatalf("%d of %d are listed: %v", len(list), total, err)
	}
	answer := submission(firstID)
	answer.Answer, answer.AnsweredBy = "好", "chen"
	revision, err := store.Answer(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")})
	if snap.Revision != revision || len(snap.Progress) != 1 {
		t.Errorf("at revision %d of %d there are %d reports", snap.Revision, revision, len(snap.Progress))
	}
	stored, again, _ := submit(t, store, held)
	if !again || stored.Status != planner.SubmissionApplied || stored.Progress == nil || stored.Answer != "好" || stored.AnsweredBy != "chen" || stored.Answered.IsZero() {
		t.Errorf("a retry gives %+v", stored)
	}
	if _, err := store.Answer(t.Context(), answer); planner.CodeOf(err) != planner.Conflict || !strings.Contains(err.Error(), "chen") {
		t.Errorf("a second answer gives %v", err)
	}
	answer.ID = otherID
	answer.Progress.ID = otherID
	if _, err := store.Answer(t.Context(), answer); planner.CodeOf(err) != planner.NotFound {
		t.Errorf("the answer to nothing gives %v", err)
	}
	refused := submission(otherID)
	refused.Status, refused.Progress, refused.Overrides, refused.Dispute = planner.SubmissionRefused, nil, nil, nil
	if _, _, _, err := store.Submit(t.Context(), refused); planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), "in words") {
		t.Errorf("refused without a word gives %v", err)
	}
}

func TestSubmissionsAreListedByPages(t *testing.T) {
	store, _ := grounded(t)
	for i := range 7 {
		s := submission(fmt.Sprintf("00000000-0000-7000-8000-0000000001%02d", i))
		s.Status, s.Progress, s.Overrides, s.Dispute = planner.SubmissionHeld, nil, nil, nil
		submit(t, store, s)
	}
	var seen []string
	for offset := 0; offset < 9; offset += 3 {
		list, total, err := store.Submissions(t.Context(), planner.SubmissionQuery{County: workCounty, Offset: offset, Limit: 3})
		if err != nil || total != 7 {
			t.Fatalf("%d in all, %v", total, err)
		}
		for _, s := range list {
			seen = append(seen, s.ID[len(s.ID)-1:])
		}
	}
	if got := strings.Join(seen, ""); got != "6543210" {
		t.Errorf("listed as %s, not the newest first", got)
	}
	for q, want := range map[planner.SubmissionQuery]int{
		{County: workCounty, ID: "00000000-0000-7000-8000-000000000103"}: 1, {County: workCounty, ID: "x"}: 0,
		{County: workCounty, By: "chen"}: 0, {County: workCounty, Status: planner.SubmissionApplied}: 0, {County: "other"}: 0,
	} {
		if list, total, err := store.Submissions(t.Context(), q); err != nil || len(list) != want || total != want {
			t.Errorf("%+v gives %d of %d, %v", q, len(list), total, err)
		}
	}
}

// Many send one report at once: one row, and everybody gets the same answer.
func TestManySendsOfOneReport(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	const senders = 50
	for round := range sendRounds {
		in := submission(fmt.Sprintf("00000000-0000-7000-8000-%012x", 0x1000+round))
		answers, revisions, first := make([]*planner.Submission, senders), make([]int64, senders), make([]bool, senders)
		var all sync.WaitGroup
		for i := range senders {
			all.Go(func() {
				stored, again, revision, err := store.Submit(context.Background(), in)
				if err != nil {
					t.Error(err)
				}
				answers[i], first[i], revisions[i] = stored, !again, revision
			})
		}
		all.Wait()
		fresh := 0
		for i := range senders {
			if diff := cmp.Diff(answers[0], answers[i]); diff != "" || revisions[i] != revisions[0] {
				t.Fatalf("round %d: answer %d (revision %d, not %d) differs:\n%s", round, i, revisions[i], revisions[0], diff)
			}
			if first[i] {
				fresh++
			}
		}
		if n := value[int](t, conn, `select count(*) from qiantu.progress where id = $1`, in.ID); n != 1 || fresh != 1 {
			t.Fatalf("round %d: %d reports, %d first answers", round, n, fresh)
		}
	}
	if n := value[int](t, conn, `select count(*) from qiantu.submission`); n != sendRounds {
		t.Errorf("%d submissions after %d rounds", n, sendRounds)
	}
}
