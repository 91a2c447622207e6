package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// reportBody is a report as somebody wants to enter it. What it means is found
// out by the rules: only what is no report at all is refused.
type reportBody struct {
	Region       string         `json:"region" minLength:"1" maxLength:"64"`
	ID           string         `json:"id,omitempty" format:"uuid" doc:"made by the client, so that a report sent twice is the same report"`
	Road         planner.ID     `json:"road,omitempty" minimum:"0" maximum:"9007199254740992"`
	RoadText     string         `json:"road_text,omitempty" maxLength:"200" doc:"code or name, where the number is not known"`
	RoadName     string         `json:"road_name,omitempty" maxLength:"200" doc:"the name, where road_text is a code and both are written; they have to agree"`
	Township     string         `json:"township,omitempty" maxLength:"64" doc:"narrows road_text"`
	Text         string         `json:"text,omitempty" maxLength:"200" doc:"the interval in words: K0+000-K1+250"`
	From         string         `json:"from,omitempty" maxLength:"40" doc:"label"`
	To           string         `json:"to,omitempty" maxLength:"40" doc:"label"`
	FromMM       *int64         `json:"from_mm,omitempty" minimum:"0" maximum:"10000000000" doc:"of the version in force, instead of labels"`
	ToMM         *int64         `json:"to_mm,omitempty" minimum:"0" maximum:"10000000000"`
	LengthMM     *int64         `json:"length_mm,omitempty" minimum:"0" maximum:"10000000000" doc:"as written, where one label or none says the interval"`
	Choice       int            `json:"choice,omitempty" minimum:"0" maximum:"1000" doc:"which of several places, from 1"`
	Stage        string         `json:"stage" maxLength:"40"`
	On           string         `json:"on" maxLength:"40" doc:"the day, YYYY-MM-DD"`
	Programme    planner.ID     `json:"programme,omitempty" minimum:"0" maximum:"9007199254740992"`
	Contract     planner.ID     `json:"contract,omitempty" minimum:"0" maximum:"9007199254740992"`
	ContractText string         `json:"contract_text,omitempty" maxLength:"200" doc:"code or name, where the number is not known"`
	Reporter     string         `json:"reporter,omitempty" maxLength:"100" doc:"who says so; default: who enters it"`
	Evidence     []string       `json:"evidence,omitempty" maxItems:"50" doc:"hashes of attachments"`
	Note         string         `json:"note,omitempty" maxLength:"2000"`
	Entered      string         `json:"entered,omitempty" enum:"typed,strip,map,sheet,track" doc:"default: typed"`
	DeviceTime   string         `json:"device_time,omitempty" format:"date-time" doc:"of the device's clock; not part of what makes two reports the same"`
	Overrides    []overrideBody `json:"overrides,omitempty" maxItems:"30"`

	SheetTownship string `json:"sheet_township,omitempty" maxLength:"64" doc:"of the sheet that it stands in: the interval has to lie there"`
	LengthAssumed bool   `json:"length_assumed,omitempty" doc:"length_mm stands beside a longer interval, and nobody says where in it"`
}

// overrideBody is a reason why a rule shall not hold a report.
type overrideBody struct {
	Rule   string `json:"rule" pattern:"^R[0-9]{2}$"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
}

// clean brings the texts of a report to the form they are stored in.
func (b *reportBody) clean() error {
	err := cleanTexts(map[string]*string{
		"road_text": &b.RoadText, "township": &b.Township, "text": &b.Text, "from": &b.From, "to": &b.To, "stage": &b.Stage,
		"on": &b.On, "reporter": &b.Reporter, "note": &b.Note, "road_name": &b.RoadName, "contract_text": &b.ContractText,
		"sheet_township": &b.SheetTownship,
	})
	if err != nil {
		return err
	}
	if (b.FromMM == nil) != (b.ToMM == nil) {
		return badMember("to_mm", "from_mm and to_mm come together, or not at all")
	}
	if err := b.onePlace(); err != nil {
		return err
	}
	for i := range b.Overrides {
		if err := needed(fmt.Sprintf("overrides[%d].reason", i), &b.Overrides[i].Reason); err != nil {
			return err
		}
	}
	for i, hash := range b.Evidence {
		if len(hash) > 64 {
			return badMember(fmt.Sprintf("evidence[%d]", i), "a hash has 64 hexadecimal digits")
		}
	}
	b.ID = strings.ToLower(b.ID)
	return nil
}

// onePlace refuses an interval that is said in more than one way: one of them
// would go unread. A sheet's row has what stands in its columns.
func (b *reportBody) onePlace() error {
	labels, measures := b.From != "" || b.To != "", b.FromMM != nil || b.ToMM != nil
	switch {
	case b.Entered == "sheet":
		return nil
	case b.Text != "" && labels:
		return badMember("text", "the interval is said twice: either text, or from and to")
	case measures && (b.Text != "" || labels):
		return badMember("from_mm", "the interval is said twice: either in words, or as from_mm and to_mm")
	}
	return nil
}

// entry is what the rules are held against. Somebody who does not say who
// reports reports himself.
func (b *reportBody) entry(who *planner.Person) *planner.Entry {
	e := &planner.Entry{
		ID: b.ID, Road: b.Road, RoadText: b.RoadText, RoadName: b.RoadName, Township: b.Township, Text: b.Text, From: b.From, To: b.To, Choice: b.Choice,
		Stage: planner.Stage(b.Stage), On: b.On, Programme: b.Programme, Contract: b.Contract, ContractText: b.ContractText, Length: b.LengthMM, Reporter: b.Reporter,
		Evidence: b.Evidence, Note: b.Note, Entered: b.Entered, SheetTownship: b.SheetTownship, Assumed: b.LengthAssumed,
	}
	if e.Reporter == "" {
		e.Reporter = who.Name
	}
	if e.Entered == "" {
		e.Entered = "typed"
	}
	if b.FromMM != nil && b.ToMM != nil {
		e.Span = &chainage.Span{From: *b.FromMM, To: *b.ToMM}
	}
	if at, err := time.Parse(time.RFC3339, b.DeviceTime); err == nil {
		e.Device = at.UTC()
	}
	for _, o := range b.Overrides {
		e.Overrides = append(e.Overrides, planner.EntryOverride(o))
	}
	return e
}

type reportWrite struct {
	RawBody []byte
	Body    reportBody
}

type checkedJSON struct {
	Status    planner.SubmissionStatus `json:"status" doc:"applied: it would count; held: it would need attention"`
	Findings  []Finding                `json:"findings"`
	Choices   []choiceJSON             `json:"choices"`
	Roads     []roadNameJSON           `json:"roads" doc:"when a name is several"`
	Road      *roadNameJSON            `json:"road" doc:"null: not known"`
	FromMM    *int64                   `json:"from_mm" doc:"null: what is meant is not clear"`
	ToMM      *int64                   `json:"to_mm"`
	LabelFrom string                   `json:"label_from"`
	LabelTo   string                   `json:"label_to"`
	LengthM   exact                    `json:"length_m"`
	FreshM    exact                    `json:"fresh_m" doc:"that no earlier report of the stage covers"`
}

// choiceJSON is one of several places that labels may mean.
type choiceJSON struct {
	FromMM int64  `json:"from_mm"`
	ToMM   int64  `json:"to_mm"`
	From   string `json:"from"`
	To     string `json:"to"`
	Of     string `json:"of" doc:"the piece between chain breaks that it lies on"`
}

// roadNameJSON says which route is meant.
type roadNameJSON struct {
	ID       planner.ID `json:"id"`
	Code     string     `json:"code"`
	Name     string     `json:"name"`
	Township string     `json:"township,omitempty"`
}

type checkOutput struct{ Body checkedJSON }

// receiptJSON is what became of a report.
type receiptJSON struct {
	ID       string                   `json:"id"`
	Status   planner.SubmissionStatus `json:"status"`
	Findings []Finding                `json:"findings"`
	Dispute  *planner.ID              `json:"dispute" doc:"opened with it; null: none"`
	Revision int64                    `json:"revision" doc:"that shows it; 0: not yet numbered"`
}

type receiptOutput struct {
	Status int
	Body   receiptJSON
}

// wroteJSON is the answer to a write that has no other.
type wroteJSON struct {
	ID       *planner.ID `json:"id,omitempty"`
	Revision int64       `json:"revision" doc:"that shows it; 0: not yet numbered"`
}

type wroteOutput struct{ Body wroteJSON }

func (s *Server) routeProgress(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "check-progress", Method: http.MethodPost, Path: "/api/v1/progress/check", Tags: []string{"works"},
		Summary: "What a report would mean and which rules it breaks; nothing is stored", Errors: writeErrors,
	}, s.checkProgress)
	huma.Register(v1, huma.Operation{
		OperationID: "add-progress", Method: http.MethodPost, Path: "/api/v1/progress", Tags: []string{"works"},
		Summary: "Enter a report; one that breaks a rule is kept and held", Errors: writeErrors,
	}, s.addProgress)
	alsoCreated(v1, "/api/v1/progress")
	huma.Register(v1, huma.Operation{
		OperationID: "revoke-progress", Method: http.MethodPost, Path: "/api/v1/progress/{id}/revoke", Tags: []string{"works"},
		Summary: "Revoke a report for ever", Errors: writeErrors,
	}, s.revokeProgress)
}

// alsoCreated describes that a path answers 201 as it answers 200: the one for
// something new, the other for what was there.
func alsoCreated(v1 huma.API, path string) {
	answers := v1.OpenAPI().Paths[path].Post.Responses
	created := *answers["200"]
	created.Description = http.StatusText(http.StatusCreated)
	answers["201"] = &created
}

func (s *Server) checkProgress(ctx context.Context, in *reportWrite) (*checkOutput, error) {
	b := &in.Body
	mayEnter, err := s.mayAnywhere(ctx, planner.ActionReport, b.Region)
	if err != nil {
		return nil, err
	}
	if err := b.clean(); err != nil {
		return nil, err
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	checked, err := s.check(ctx, a, b.Region, b.entry(personOf(ctx)), mayEnter)
	if err != nil {
		return nil, s.fail(err)
	}
	return &checkOutput{Body: wireCheck(a, b.Road, checked)}, nil
}

// check holds an entry against the rules, with what is known of its evidence.
func (s *Server) check(ctx context.Context, a *planner.Assessment, county string, e *planner.Entry, may func(string) bool) (*planner.CheckedEntry, error) {
	if err := s.addFiles(ctx, a, county, e); err != nil {
		return nil, err
	}
	checked := a.CheckEntry(e, s.works.today(), may)
	driven, err := s.addTrack(ctx, a, county, e, checked)
	if err != nil || !driven {
		return checked, err
	}
	return a.CheckEntry(e, s.works.today(), may), nil
}

func wireCheck(a *planner.Assessment, asked planner.ID, c *planner.CheckedEntry) checkedJSON {
	out := checkedJSON{
		Status: c.Status, Findings: wireFindings(c.Findings), Choices: make([]choiceJSON, len(c.Choices)), Roads: make([]roadNameJSON, len(c.Roads)),
		LengthM: exactly(c.Length, metres), FreshM: exactly(c.Fresh, metres),
	}
	for i, x := range c.Choices {
		out.Choices[i] = choiceJSON{x.Span.From, x.Span.To, x.From, x.To, x.Of}
	}
	tellApart(out.Choices)
	for i := range c.Roads {
		out.Roads[i] = wireRoadName(&c.Roads[i])
	}
	r := roadOf(a, cmp.Or(c.Road, asked))
	if r == nil {
		return out
	}
	name := wireRoadName(r)
	out.Road = &name
	if c.Span != nil {
		span := *c.Span
		out.FromMM, out.ToMM = &span.From, &span.To
		out.LabelFrom, out.LabelTo = r.Calibration.String(span.From), r.Calibration.String(span.To)
	}
	return out
}

// tellApart adds to choices that are said alike where they lie on the route, in
// kilometres of measure.
func tellApart(choices []choiceJSON) {
	alike := map[[3]string]int{}
	for _, c := range choices {
		alike[[3]string{c.From, c.To, c.Of}]++
	}
	for i := range choices {
		if c := &choices[i]; alike[[3]string{c.From, c.To, c.Of}] > 1 {
			c.Of = fmt.Sprintf("%s (%.3f – %.3f km)", c.Of, float64(c.FromMM)/1e6, float64(c.ToMM)/1e6)
		}
	}
}

func wireRoadName(r *planner.Road) roadNameJSON {
	return roadNameJSON{r.ID, r.Code, r.Name, r.Township}
}

func (s *Server) addProgress(ctx context.Context, in *reportWrite) (*receiptOutput, error) {
	b := &in.Body
	mayEnter, err := s.mayAnywhere(ctx, planner.ActionReport, b.Region)
	if err == nil {
		err = s.writable()
	}
	if err != nil {
		return nil, err
	}
	if b.ID == "" {
		return nil, badMember("id", "make a UUID for the report, so that it can be sent again")
	}
	digest, err := digestOf(in.RawBody)
	if err == nil {
		err = b.clean()
	}
	if err != nil {
		return nil, s.fail(err)
	}
	done, err := s.turn(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	var wrote int64
	defer func() { done(wrote) }()
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	sub, err := s.newSubmission(ctx, a, b, mayEnter)
	if err != nil {
		return nil, s.fail(err)
	}
	sub.Body, sub.Digest = bytes.Clone(in.RawBody), digest
	out, revision, err := s.submit(ctx, sub)
	wrote = revision
	return out, s.fail(err)
}

// newSubmission checks a report and says what is to be stored of it.
func (s *Server) newSubmission(ctx context.Context, a *planner.Assessment, b *reportBody, may func(string) bool) (*planner.Submission, error) {
	who := personOf(ctx)
	entry := b.entry(who)
	checked, err := s.check(ctx, a, b.Region, entry, may)
	if err != nil {
		return nil, err
	}
	if len(b.Overrides) > 0 {
		if err := s.mayFor(ctx, planner.ActionEdit, b.Region, townshipsMeant(a, checked)); err != nil {
			return nil, err
		}
	}
	sub := &planner.Submission{County: b.Region, ID: b.ID, By: who.Login, Device: entry.Device, Received: s.works.now().UTC()}
	settle(sub, checked, who.Login)
	return sub, nil
}

// townshipsMeant lists the townships of an interval; none when it is not clear.
func townshipsMeant(a *planner.Assessment, c *planner.CheckedEntry) []string {
	if r := roadOf(a, c.Road); r != nil && c.Span != nil {
		return townshipsOf(a, r, *c.Span)
	}
	return nil
}

// settle writes what a check found into a submission; by is who answers for
// the rules that were overridden.
func settle(sub *planner.Submission, c *planner.CheckedEntry, by string) {
	sub.Status, sub.Findings = c.Status, c.Findings
	sub.Progress, sub.Dispute, sub.Overrides = nil, nil, nil
	if c.Status != planner.SubmissionApplied {
		return
	}
	sub.Progress, sub.Dispute = c.Progress, c.Dispute
	sub.Progress.ID, sub.Progress.By = sub.ID, sub.By
	if sub.Dispute != nil {
		sub.Dispute.OpenedBy = sub.By
	}
	given := map[string]bool{}
	for _, f := range c.Findings {
		if f.Override != "" && !given[f.Rule] {
			given[f.Rule] = true
			sub.Overrides = append(sub.Overrides, planner.Override{Progress: sub.ID, Rule: f.Rule, Reason: f.Override, By: by})
		}
	}
}

// submit stores a submission and says what became of it: the first time 201,
// after that 200 and the same.
func (s *Server) submit(ctx context.Context, sub *planner.Submission) (*receiptOutput, int64, error) {
	stored, again, revision, err := s.works.ledger.Submit(ctx, sub)
	if err != nil {
		return nil, 0, err
	}
	out := &receiptOutput{Status: http.StatusCreated, Body: wireReceipt(stored, revision)}
	if again {
		out.Status = http.StatusOK
	}
	return out, revision, nil
}

func wireReceipt(sub *planner.Submission, revision int64) receiptJSON {
	out := receiptJSON{ID: sub.ID, Status: sub.Status, Findings: wireFindings(sub.Findings), Revision: revision}
	if sub.Dispute != nil && sub.Dispute.ID != 0 {
		out.Dispute = &sub.Dispute.ID
	}
	return out
}

// digestOf is the SHA-256 of a report in canonical form: members in order, no
// blanks, without the time of the device, which moves from try to try.
func digestOf(body []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var members map[string]any
	if err := dec.Decode(&members); err != nil {
		return nil, planner.Errorf(planner.Invalid, "the body is no JSON object")
	}
	delete(members, "device_time")
	canonical, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}

type revokeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Region string `json:"region" minLength:"1" maxLength:"64"`
		Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	}
}

// revokeProgress is for editors of the townships of the report, and for who
// entered it.
func (s *Server) revokeProgress(ctx context.Context, in *revokeInput) (*wroteOutput, error) {
	county, id := in.Body.Region, in.ID
	if _, err := s.mayAnywhere(ctx, planner.ActionReport, county); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	if _, err := pathUUID(id); err != nil {
		return nil, err
	}
	if err := needed("reason", &in.Body.Reason); err != nil {
		return nil, err
	}
	if err := s.mayRevoke(ctx, county, id); err != nil {
		return nil, s.fail(err)
	}
	revision, err := s.works.ledger.Revoke(ctx, county, id, in.Body.Reason, personOf(ctx).Login)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{Revision: revision}}, nil
}

func (s *Server) mayRevoke(ctx context.Context, county, id string) error {
	a, err := s.present(ctx, county)
	if err != nil {
		return err
	}
	who := personOf(ctx).Login
	for i := range a.Snapshot.Progress {
		p := &a.Snapshot.Progress[i]
		if p.ID != id {
			continue
		}
		if p.By == who && who != "" {
			return nil
		}
		return s.mayFor(ctx, planner.ActionEdit, county, townshipsOfReport(a, p))
	}
	sent, _, err := s.works.ledger.Submissions(ctx, planner.SubmissionQuery{County: county, ID: id, Limit: 1})
	if err != nil {
		return err
	}
	if len(sent) == 1 && sent[0].By == who && who != "" { // so new that the map does not show it, or revoked
		return nil
	}
	return s.allow(ctx, planner.ActionEdit, county, "") // not in force any more, or nowhere: the ledger says which
}

// townshipsOfReport lists the townships where a report lies today; none when
// nothing of it is in force.
func townshipsOfReport(a *planner.Assessment, p *planner.Progress) []string {
	parts, _ := a.Lift(p.Road, p.Version, p.Span)
	found := map[string]bool{}
	for _, part := range parts {
		if r := roadOf(a, part.Road); r != nil {
			for _, township := range townshipsOf(a, r, part.Span) {
				found[township] = true
			}
		}
	}
	return sortedKeys(found)
}
