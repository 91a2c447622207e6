package data

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// Submit stores what came in and, when it is applied, its report, overrides
// and dispute. The same id with the same digest gives what was stored first,
// with true; with another digest it is a Conflict. Of many that come at once
// one is stored and the others wait for it.
func (s *Store) Submit(ctx context.Context, in *planner.Submission) (stored *planner.Submission, again bool, revision int64, err error) {
	if err := checkSubmission(in); err != nil {
		return nil, false, 0, err
	}
	err = s.Transaction(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.SubmissionInsert, append([]any{in.County}, submissionRow(in)...)...)
		if err != nil {
			return err
		}
		if again = tag.RowsAffected() == 0; !again {
			if err := apply(ctx, tx, in, "submit"); err != nil {
				return err
			}
		}
		stored, revision, err = getSubmission(ctx, tx, in.County, in.ID)
		if err == nil && again && !bytes.Equal(stored.Digest, in.Digest) {
			return planner.Errorf(planner.Conflict, "the report %s was sent before with another content; give the new one an id of its own", in.ID)
		}
		return err
	})
	if err != nil {
		return nil, false, 0, err
	}
	return stored, again, revision, nil
}

// Answer moves a submission on that still needs attention: applied, with its
// report, overrides and dispute, refused or withdrawn. What came in stays as it
// was. One that is no longer held is a Conflict.
func (s *Store) Answer(ctx context.Context, in *planner.Submission) (revision int64, err error) {
	if err := checkSubmission(in); err != nil {
		return 0, err
	}
	err = s.Transaction(ctx, func(tx pgx.Tx) error {
		findings, err := putFindings(in.Findings)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, query.SubmissionAnswer, in.County, in.ID, string(in.Status), findings, reportOf(in), in.Answer, in.AnsweredBy)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			before, _, err := getSubmission(ctx, tx, in.County, in.ID)
			if err != nil {
				return err
			}
			return planner.Errorf(planner.Conflict, "the report %s was %s already by %s; look at it again", in.ID, before.Status, or(before.AnsweredBy, or(before.By, "an import")))
		}
		if err := apply(ctx, tx, in, "answer"); err != nil {
			return err
		}
		_, revision, err = getSubmission(ctx, tx, in.County, in.ID)
		return err
	})
	return revision, err
}

// Submissions lists the newest first, and says how many there are in all.
func (s *Store) Submissions(ctx context.Context, q planner.SubmissionQuery) (list []planner.Submission, total int, err error) {
	id := pgtype.UUID{}
	if q.ID != "" && id.Scan(q.ID) != nil {
		return nil, 0, nil
	}
	err = s.pool.transaction(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, query.SubmissionCount, q.County, string(q.Status), q.By, id).Scan(&total); err != nil {
			return err
		}
		found, err := listSubmissions(ctx, tx, q.County, string(q.Status), q.By, id, q.Offset, q.Limit)
		for _, f := range found {
			list = append(list, f.Submission)
		}
		return err
	})
	return list, total, err
}

// apply stores what an applied submission brings with it, and notes the deed.
func apply(ctx context.Context, tx pgx.Tx, in *planner.Submission, action string) error {
	var dispute any
	if in.Status == planner.SubmissionApplied {
		if err := insertReport(ctx, tx, in); err != nil {
			return err
		}
		if in.Dispute != nil {
			id, err := insertDispute(ctx, tx, in.County, in.Dispute)
			if err != nil {
				return err
			}
			dispute = id
		}
	}
	actor, detail := in.By, map[string]any{"status": in.Status}
	if action == "answer" {
		actor, detail["answer"] = in.AnsweredBy, in.Answer
	}
	if err := Audit(ctx, tx, actor, action, in.County, "submission:"+in.ID, detail); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, query.LoadNumber); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, query.SubmissionDone, in.County, in.ID, dispute)
	return err
}

// insertReport stores the report of an applied submission, and the answers for
// the rules that it breaks.
func insertReport(ctx context.Context, tx pgx.Tx, in *planner.Submission) error {
	p := in.Progress
	_, err := tx.Exec(ctx, query.ProgressInsert, in.County, p.ID, p.Road, versionOf(p.Version), putSpan(p.Span), string(p.Stage), putDate(p.On),
		putInstant(in.Device), orNull(p.Programme), orNull(p.Contract), p.Reporter, p.By, or(p.Entered, "typed"), p.Note, texts(p.Evidence))
	if err != nil {
		return err
	}
	for _, o := range in.Overrides {
		if _, err := tx.Exec(ctx, query.ProgressOverrideInsert, in.County, p.ID, o.Rule, o.Reason, o.By); err != nil {
			return err
		}
	}
	return nil
}

// checkSubmission finds what the database could not name as well.
func checkSubmission(in *planner.Submission) error {
	if err := checkUUID("report", in.ID); err != nil {
		return err
	}
	switch {
	case (in.Status == planner.SubmissionApplied) != (in.Progress != nil) && in.Status != planner.SubmissionHeld:
		return planner.Errorf(planner.Invalid, "the report %s is %s, but what it reports is not as that needs", in.ID, in.Status)
	case (in.Status == planner.SubmissionRefused || in.Status == planner.SubmissionWithdrawn) && in.Answer == "":
		return planner.Errorf(planner.Invalid, "say in words why the report %s is %s", in.ID, in.Status)
	case in.Progress != nil && in.Status == planner.SubmissionApplied:
		return checkUUID("report", in.Progress.ID)
	}
	return nil
}

// checkUUID refuses an id that is no UUID.
func checkUUID(noun, id string) error {
	var parsed pgtype.UUID
	if err := parsed.Scan(id); err != nil {
		return planner.Errorf(planner.Invalid, "the id %q of the %s is not a UUID, like 0191d2f0-5f4a-7c3e-8b1a-2f6d9c0e4b57", id, noun)
	}
	return nil
}

// reportOf gives the id of the report that an applied submission became.
func reportOf(in *planner.Submission) any {
	if in.Status != planner.SubmissionApplied {
		return nil
	}
	return in.Progress.ID
}

// orNull gives the column value of an id; 0 is null.
func orNull(id planner.ID) any {
	if id == 0 {
		return nil
	}
	return id
}

func submissionRow(in *planner.Submission) []any {
	body, findings := in.Body, []byte("[]")
	if len(body) == 0 {
		body = []byte("{}")
	}
	if len(in.Findings) > 0 {
		findings, _ = putFindings(in.Findings)
	}
	digest := in.Digest
	if digest == nil {
		digest = []byte{}
	}
	return []any{
		in.ID, body, digest, string(in.Status), findings, reportOf(in), in.By, putInstant(in.Device),
		in.Answer, in.AnsweredBy, putInstant(in.Answered),
	}
}

// storedFinding is a finding as it is stored.
type storedFinding struct {
	Rule     string           `json:"rule"`
	Severity planner.Severity `json:"severity"`
	Params   map[string]any   `json:"params,omitempty"`
	From     *int64           `json:"from_mm,omitempty"`
	To       *int64           `json:"to_mm,omitempty"`
	Override string           `json:"override,omitempty"`
}

func putFindings(findings []planner.RuleFinding) ([]byte, error) {
	out := make([]storedFinding, len(findings))
	for i, f := range findings {
		out[i] = storedFinding{Rule: f.Rule, Severity: f.Severity, Params: f.Params, Override: f.Override}
		if f.Span != nil {
			out[i].From, out[i].To = &f.Span.From, &f.Span.To
		}
	}
	return json.Marshal(out)
}

func parseFindings(body []byte) ([]planner.RuleFinding, error) {
	var stored []storedFinding
	if err := json.Unmarshal(body, &stored); err != nil || len(stored) == 0 {
		return nil, err
	}
	out := make([]planner.RuleFinding, len(stored))
	for i, f := range stored {
		out[i] = planner.RuleFinding{Rule: f.Rule, Severity: f.Severity, Params: f.Params, Override: f.Override}
		if f.From != nil && f.To != nil {
			out[i].Span = &chainage.Span{From: *f.From, To: *f.To}
		}
	}
	return out, nil
}

// listed is a submission as it is read.
type listed struct {
	planner.Submission
	dispute  planner.ID
	revision int64
}

// getSubmission reads one submission, and the revision that shows what became
// of it.
func getSubmission(ctx context.Context, tx pgx.Tx, county, id string) (*planner.Submission, int64, error) {
	found, err := listSubmissions(ctx, tx, county, "", "", id, 0, 1)
	if err != nil {
		return nil, 0, err
	}
	if len(found) == 0 {
		return nil, 0, planner.Errorf(planner.NotFound, "there is no report %s in county %s", id, county)
	}
	return &found[0].Submission, found[0].revision, nil
}

func listSubmissions(ctx context.Context, tx pgx.Tx, args ...any) ([]listed, error) {
	rows, err := tx.Query(ctx, query.SubmissionList, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found, err := collect(rows, func(rows pgx.Rows, s *listed) error {
		s.County = args[0].(string)
		return scanSubmission(rows, s)
	})
	if err != nil {
		return nil, err
	}
	return found, withDisputes(ctx, tx, args[0].(string), found)
}

func scanSubmission(rows pgx.Rows, s *listed) error {
	var p planner.Progress
	var findings, overrides []byte
	var applied bool
	err := rows.Scan(&s.ID, &s.Body, &s.Digest, &s.Status, &findings, &s.By, utcInto{&s.Device}, utcInto{&s.Received},
		&s.Submission.Answer, &s.AnsweredBy, utcInto{&s.Answered}, &s.dispute, &s.revision, &applied,
		&p.ID, &p.Road, &p.Version, &p.Span.From, &p.Span.To, &p.Stage, dateInto{&p.On}, utcInto{&p.Recorded}, &p.Programme,
		&p.Contract, &p.Reporter, &p.By, &p.Entered, &p.Note, &p.Evidence, &overrides)
	if err != nil {
		return err
	}
	if applied {
		s.Progress = &p
	}
	if err := json.Unmarshal(overrides, &s.Overrides); err != nil {
		return err
	}
	s.Findings, err = parseFindings(findings)
	return err
}

// withDisputes reads the cases that were opened with submissions.
func withDisputes(ctx context.Context, tx pgx.Tx, county string, found []listed) error {
	var ids []planner.ID
	for i := range found {
		if found[i].dispute != 0 {
			ids = append(ids, found[i].dispute)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, query.DisputeGet, county, ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	disputes, err := collect(rows, scanDispute)
	for i := range found {
		for k := range disputes {
			if disputes[k].ID == found[i].dispute {
				found[i].Dispute = &disputes[k]
			}
		}
	}
	return err
}

// submissions writes what came in and did not become a report.
func (w *writer) submissions() error {
	l := w.load
	columns := []string{
		"id", "body", "digest", "status", "findings", "progress", "by_user", "device_time", "answer", "answered_by", "answered_at", "received_at",
	}
	return w.copyRows("submission", columns, len(l.Submissions), func(i int) []any {
		return append(submissionRow(&l.Submissions[i]), l.Submissions[i].Received)
	})
}
