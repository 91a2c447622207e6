package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

type submissionInput struct {
	Region   string `query:"region" required:"true" maxLength:"64"`
	Status   string `query:"status" enum:"applied,held,refused,withdrawn" doc:"default: all"`
	By       string `query:"by" maxLength:"64" doc:"login of who sent it"`
	Township string `query:"township" maxLength:"64" doc:"where its road lies"`
	Page
}

// submissionJSON is a report as it came in, and what became of it.
type submissionJSON struct {
	ID         string                   `json:"id"`
	Status     planner.SubmissionStatus `json:"status"`
	Findings   []Finding                `json:"findings"`
	Body       json.RawMessage          `json:"body" doc:"as it was sent"`
	By         string                   `json:"by"`
	Received   string                   `json:"received"`
	Answer     string                   `json:"answer"`
	AnsweredBy string                   `json:"answered_by"`
	Progress   *string                  `json:"progress" doc:"id of the report it became; null: none"`
	Road       *planner.ID              `json:"road" doc:"null: not clear which"`
	RoadName   string                   `json:"road_name"`
	Township   string                   `json:"township"`
}

type submissionOutput struct {
	Body struct {
		Total int              `json:"total"`
		Items []submissionJSON `json:"items"`
	}
}

type answerInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Region    string         `json:"region" minLength:"1" maxLength:"64"`
		Action    string         `json:"action" enum:"apply,refuse,withdraw"`
		Answer    string         `json:"answer" maxLength:"2000" doc:"in words; may be empty to apply"`
		Overrides []overrideBody `json:"overrides,omitempty" maxItems:"30"`
		Changes   map[string]any `json:"changes,omitempty" doc:"members of the report's body as they should have been"`
	}
}

func (s *Server) routeSubmission(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-submissions", Method: http.MethodGet, Path: "/api/v1/submissions", Tags: []string{"works"},
		Summary: "Reports as they came in, the newest first", Errors: questionErrors,
	}, s.listSubmissions)
	huma.Register(v1, huma.Operation{
		OperationID: "answer-submission", Method: http.MethodPost, Path: "/api/v1/submissions/{id}/answer", Tags: []string{"works"},
		Summary: "Apply, refuse or withdraw a report that is held", Errors: writeErrors,
	}, s.answerSubmission)
	s.works.schemas = v1.OpenAPI().Components.Schemas
}

func (s *Server) listSubmissions(ctx context.Context, in *submissionInput) (*submissionOutput, error) {
	if err := s.may(ctx, planner.ActionRead, in.Region); err != nil {
		return nil, err
	}
	a, err := s.present(ctx, in.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	q := planner.SubmissionQuery{County: in.Region, Status: planner.SubmissionStatus(in.Status), By: in.By, Offset: in.Offset, Limit: in.Limit}
	if in.Township != "" { // it is known only once a report has been read
		q.Offset, q.Limit = 0, 0
	}
	found, total, err := s.works.ledger.Submissions(ctx, q)
	if err != nil {
		return nil, s.fail(err)
	}
	roads := newRoadWords(a)
	items := make([]submissionJSON, 0, min(len(found), in.Limit))
	for i := range found {
		if item, townships := roads.wire(&found[i]); in.Township == "" || slices.Contains(townships, in.Township) {
			items = append(items, item)
		}
	}
	if in.Township != "" {
		total = len(items)
		from, to := in.of(total)
		items = items[from:to]
	}
	out := &submissionOutput{}
	out.Body.Total, out.Body.Items = total, items
	return out, nil
}

// roadWords finds the road that a report means, as far as that is clear.
type roadWords struct {
	a    *planner.Assessment
	byID map[planner.ID]*planner.Road
	text map[string][]*planner.Road // by folded code and name
}

func newRoadWords(a *planner.Assessment) *roadWords {
	w := &roadWords{a: a, byID: map[planner.ID]*planner.Road{}, text: map[string][]*planner.Road{}}
	for i := range a.Snapshot.Roads {
		r := &a.Snapshot.Roads[i]
		w.byID[r.ID] = r
		for _, word := range []string{fold(r.Code), fold(r.Name)} {
			if word != "" && !slices.Contains(w.text[word], r) {
				w.text[word] = append(w.text[word], r)
			}
		}
	}
	return w
}

func (w *roadWords) find(sub *planner.Submission, b *reportBody) *planner.Road {
	if sub.Progress != nil {
		return w.byID[sub.Progress.Road]
	}
	if b.Road != 0 {
		return w.byID[b.Road]
	}
	if found := w.text[fold(b.RoadText)]; len(found) == 1 {
		return found[0]
	}
	return nil
}

// meant is find for what was sent.
func (w *roadWords) meant(sub *planner.Submission) *planner.Road {
	var b reportBody
	if json.Unmarshal(sub.Body, &b) != nil {
		return nil
	}
	return w.find(sub, &b)
}

// wire gives a submission, and the townships that it means: those of its
// interval, or of its road where the interval is not clear.
func (w *roadWords) wire(sub *planner.Submission) (submissionJSON, []string) {
	out := submissionJSON{
		ID: sub.ID, Status: sub.Status, Findings: wireFindings(sub.Findings), Body: sub.Body, By: sub.By,
		Received: clock(sub.Received), Answer: sub.Answer, AnsweredBy: sub.AnsweredBy,
	}
	if len(out.Body) == 0 {
		out.Body = json.RawMessage("{}")
	}
	if sub.Progress != nil {
		out.Progress = &sub.Progress.ID
	}
	var b reportBody
	_ = json.Unmarshal(sub.Body, &b) // what was stored long ago may have another shape; then its road is not clear
	out.Township = b.Township
	r := w.find(sub, &b)
	if r == nil {
		if b.Township == "" {
			return out, nil
		}
		return out, []string{b.Township}
	}
	out.Road, out.RoadName = &r.ID, r.Name
	townships := w.townships(sub, r, &b)
	if len(townships) > 0 && !slices.Contains(townships, out.Township) {
		out.Township = townships[0]
	}
	return out, townships
}

func (w *roadWords) townships(sub *planner.Submission, r *planner.Road, b *reportBody) []string {
	span := chainage.Span{To: r.Length}
	switch {
	case sub.Progress != nil:
		return townshipsOfReport(w.a, sub.Progress)
	case b.FromMM != nil && b.ToMM != nil && *b.FromMM < *b.ToMM:
		span = chainage.Span{From: *b.FromMM, To: *b.ToMM}
	}
	return slices.DeleteFunc(townshipsOf(w.a, r, span), func(township string) bool { return township == "" })
}

// answerSubmission moves a held report on. Whoever sent it may withdraw it;
// the rest is for those who edit or decide where it lies.
func (s *Server) answerSubmission(ctx context.Context, in *answerInput) (*receiptOutput, error) {
	county, b := in.Body.Region, &in.Body
	if err := s.mayAnyOf(ctx, county, planner.ActionReport, planner.ActionDecide, planner.ActionEdit); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	if _, err := pathUUID(in.ID); err != nil {
		return nil, err
	}
	if err := cleanTexts(map[string]*string{"answer": &b.Answer}); err != nil {
		return nil, err
	}
	if b.Action != "apply" && b.Answer == "" {
		return nil, badMember("answer", "say why, in words, for who sent it")
	}
	done, err := s.turn(ctx, county)
	if err != nil {
		return nil, s.fail(err)
	}
	var wrote int64
	defer func() { done(wrote) }()
	out, revision, err := s.answer(ctx, in)
	wrote = revision
	return out, s.fail(err)
}

func (s *Server) answer(ctx context.Context, in *answerInput) (*receiptOutput, int64, error) {
	held, err := s.heldSubmission(ctx, in.Body.Region, in.ID)
	if err != nil {
		return nil, 0, err
	}
	a, err := s.present(ctx, in.Body.Region)
	if err != nil {
		return nil, 0, err
	}
	next := *held
	next.Answer, next.AnsweredBy, next.Answered = in.Body.Answer, personOf(ctx).Login, s.works.now().UTC()
	switch in.Body.Action {
	case "withdraw":
		if held.By != next.AnsweredBy || held.By == "" {
			err = huma.Error403Forbidden("only who sent a report withdraws it; refuse it")
		}
		next.Status = planner.SubmissionWithdrawn
	case "refuse":
		err = s.mayAnswer(ctx, a, held, nil)
		next.Status = planner.SubmissionRefused
	case "apply":
		err = s.apply(ctx, a, held, &next, in)
	}
	if err != nil {
		return nil, 0, err
	}
	revision, err := s.works.ledger.Answer(ctx, &next)
	if err != nil {
		return nil, 0, err
	}
	return &receiptOutput{Status: http.StatusOK, Body: wireReceipt(&next, revision)}, revision, nil
}

// heldSubmission finds a submission that waits for an answer.
func (s *Server) heldSubmission(ctx context.Context, county, id string) (*planner.Submission, error) {
	found, _, err := s.works.ledger.Submissions(ctx, planner.SubmissionQuery{County: county, ID: id, Limit: 1})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, huma.Error404NotFound("there is no report with that id")
	case found[0].Status != planner.SubmissionHeld:
		return nil, planner.Errorf(planner.Conflict, "the report is not held any more: it was %s", found[0].Status)
	}
	return &found[0], nil
}

// mayAnswer asks for the right to edit or to decide where a report lies: in the
// townships that it means, else in that of its road.
func (s *Server) mayAnswer(ctx context.Context, a *planner.Assessment, held *planner.Submission, townships []string) error {
	if len(townships) == 0 {
		_, townships = newRoadWords(a).wire(held)
	}
	county := held.County
	if s.mayFor(ctx, planner.ActionDecide, county, townships) == nil {
		return nil
	}
	return s.mayFor(ctx, planner.ActionEdit, county, townships)
}

// apply checks a held report again, as it was sent with what was mended, and
// with reasons for the rules that held it.
func (s *Server) apply(ctx context.Context, a *planner.Assessment, held, next *planner.Submission, in *answerInput) error {
	b, err := s.mended(held.Body, in.Body.Changes)
	if err != nil {
		return err
	}
	b.ID, b.Region, b.Overrides = held.ID, held.County, append(b.Overrides, in.Body.Overrides...)
	if err := b.clean(); err != nil {
		return err
	}
	entry := b.entry(&planner.Person{Login: held.By, Name: held.By})
	checked, err := s.check(ctx, a, held.County, entry, nil)
	if err != nil {
		return err
	}
	if err := s.mayAnswer(ctx, a, held, townshipsMeant(a, checked)); err != nil {
		return err
	}
	if checked.Status != planner.SubmissionApplied {
		return stillHeld(checked.Findings)
	}
	settle(next, checked, next.AnsweredBy)
	return nil
}

// stillHeld names the rules that stand in the way.
func stillHeld(findings []planner.RuleFinding) error {
	var rules []error
	for _, f := range findings {
		switch {
		case f.Severity == planner.SeverityBlock:
			rules = append(rules, &huma.ErrorDetail{Location: "body.changes", Message: f.Rule + " stands in the way: what is meant is not clear or not possible; mend it"})
		case f.Severity == planner.SeverityHold && f.Override == "":
			rules = append(rules, &huma.ErrorDetail{Location: "body.overrides", Message: f.Rule + " stands in the way: give a reason, or mend the report"})
		}
	}
	return huma.NewError(http.StatusUnprocessableEntity, "the report still needs attention; it stays held", rules...)
}

// mended is a report's body with some members as they should have been.
func (s *Server) mended(body []byte, changes map[string]any) (*reportBody, error) {
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, err
	}
	unsaid(members, changes)
	for name, value := range changes {
		if name == "id" || name == "region" || name == "overrides" {
			return nil, badMember("changes."+name, "this cannot be changed")
		}
		if members[name] = value; value == nil {
			delete(members, name)
		}
	}
	schema := s.works.schemas.SchemaFromRef(reportSchema)
	found := &huma.ValidateResult{}
	huma.Validate(s.works.schemas, schema, huma.NewPathBuffer([]byte("body.changes"), len("body.changes")), huma.ModeWriteToServer, members, found)
	if len(found.Errors) > 0 {
		return nil, huma.NewError(http.StatusUnprocessableEntity, "the changes do not fit", found.Errors...)
	}
	whole, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	var out reportBody
	if err := json.Unmarshal(whole, &out); err != nil {
		return nil, badMember("changes", "%s", strings.TrimPrefix(fmt.Sprint(wordsOf(err)), "json: "))
	}
	return &out, nil
}

// ways are the members that say an interval, by the way they say it in.
var ways = [][]string{{"text"}, {"from", "to"}, {"from_mm", "to_mm"}}

// unsaid drops from a report how it said its interval, where the changes say it
// in another way.
func unsaid(members, changes map[string]any) {
	says := func(way []string) bool {
		return slices.ContainsFunc(way, func(name string) bool { return changes[name] != nil && changes[name] != "" })
	}
	if !slices.ContainsFunc(ways, says) {
		return
	}
	for _, way := range ways {
		if says(way) {
			continue
		}
		for _, name := range way {
			delete(members, name)
		}
	}
}

// reportSchema is where the OpenAPI document describes a report.
const reportSchema = "#/components/schemas/ReportBody"
