package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// disputeJSON is a case on an interval.
type disputeJSON struct {
	ID planner.ID `json:"id"`
	Interval
	Version   int32         `json:"version" doc:"of the route now"`
	Stage     planner.Stage `json:"stage"`
	Opened    string        `json:"opened"`
	OpenedBy  string        `json:"opened_by"`
	Decided   string        `json:"decided" doc:"empty: open"`
	Reason    string        `json:"reason"`
	Claims    []Event       `json:"claims"`
	Holder    string        `json:"holder"`
	Decider   string        `json:"decider"`
	Outcome   string        `json:"outcome" doc:"stands, awarded, void; empty: open"`
	Awarded   *planner.ID   `json:"awarded" doc:"contract; null: none"`
	Decision  string        `json:"decision"`
	DecidedBy string        `json:"decided_by"`
	Evidence  []string      `json:"evidence"`
}

type disputeInput struct {
	LedgerQuestion
	Open bool `query:"open" doc:"those alone that are not decided"`
}

type disputeOutput struct {
	Body struct {
		Items []disputeJSON `json:"items"`
	}
}

type disputeWrite struct {
	RawBody []byte
	Body    struct {
		Region  string     `json:"region" minLength:"1" maxLength:"64"`
		ID      string     `json:"id,omitempty" format:"uuid" doc:"made by the client, so that a case sent twice is one"`
		Road    planner.ID `json:"road" minimum:"1" maximum:"9007199254740992"`
		FromMM  int64      `json:"from_mm" minimum:"0" maximum:"10000000000"`
		ToMM    int64      `json:"to_mm" minimum:"0" maximum:"10000000000"`
		Stage   string     `json:"stage" maxLength:"40"`
		Reason  string     `json:"reason" minLength:"1" maxLength:"2000"`
		Claims  []string   `json:"claims,omitempty" maxItems:"100" doc:"ids of the reports"`
		Holder  string     `json:"holder,omitempty" maxLength:"100" doc:"who holds the metres meanwhile"`
		Decider string     `json:"decider,omitempty" maxLength:"100" doc:"who is to decide"`
		On      string     `json:"on" maxLength:"10"`
	}
}

type decideInput struct {
	ID   string `path:"id" maxLength:"30"`
	Body struct {
		Region   string     `json:"region" minLength:"1" maxLength:"64"`
		Version  int32      `json:"version,omitempty" minimum:"0" doc:"of the route as the decider saw it; another one now is refused"`
		Outcome  string     `json:"outcome" enum:"stands,awarded,void"`
		Awarded  planner.ID `json:"awarded,omitempty" minimum:"0" maximum:"9007199254740992" doc:"contract"`
		Decision string     `json:"decision" minLength:"1" maxLength:"2000"`
		On       string     `json:"on" maxLength:"10"`
		Evidence hashes     `json:"evidence,omitempty"`
	}
}

func (s *Server) routeDispute(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-disputes", Method: http.MethodGet, Path: "/api/v1/disputes", Tags: []string{"works"},
		Summary: "Cases of two claims on one metre", Errors: questionErrors,
	}, s.listDisputes)
	huma.Register(v1, huma.Operation{
		OperationID: "open-dispute", Method: http.MethodPost, Path: "/api/v1/disputes", Tags: []string{"works"},
		Summary: "Open a case: its metres are held out until it is decided", Errors: writeErrors,
	}, s.openDispute)
	huma.Register(v1, huma.Operation{
		OperationID: "decide-dispute", Method: http.MethodPost, Path: "/api/v1/disputes/{id}/decide", Tags: []string{"works"},
		Summary: "Decide a case, as somebody who has no claim in it", Errors: writeErrors,
	}, s.decideDispute)
}

func (s *Server) listDisputes(ctx context.Context, in *disputeInput) (*disputeOutput, error) {
	a, err := s.ledgerOf(ctx, in.LedgerQuestion)
	if err != nil {
		return nil, s.fail(err)
	}
	words := newReportWords(a)
	out := &disputeOutput{}
	out.Body.Items = []disputeJSON{}
	for i := range a.Snapshot.Disputes {
		if d := &a.Snapshot.Disputes[i]; !in.Open || d.Decided.IsZero() {
			out.Body.Items = append(out.Body.Items, wireDispute(words, d))
		}
	}
	return out, nil
}

func wireDispute(w *reportWords, d *planner.Dispute) disputeJSON {
	out := disputeJSON{
		ID: d.ID, Interval: wireInterval(w.a, d.Road, d.Version, d.Span), Stage: stageOfDispute(d), Opened: d.Opened.String(), OpenedBy: d.OpenedBy,
		Decided: d.Decided.String(), Reason: d.Reason, Claims: w.list(d.Claims), Holder: d.Holder, Decider: d.Decider,
		Outcome: string(d.Outcome), Decision: d.Decision, DecidedBy: d.DecidedBy, Evidence: orEmpty(d.Evidence),
	}
	if d.Awarded != 0 {
		out.Awarded = &d.Awarded
	}
	if r := roadOf(w.a, out.Road); r != nil {
		out.Version = r.Version
	}
	return out
}

func stageOfDispute(d *planner.Dispute) planner.Stage {
	if d.Stage == "" {
		return planner.StageSurface
	}
	return d.Stage
}

func (s *Server) openDispute(ctx context.Context, in *disputeWrite) (*wroteOutput, error) {
	b := &in.Body
	a, once, done, err := s.editOnce(ctx, b.Region, "dispute", b.ID, in.RawBody)
	if done != nil || err != nil {
		return done, err
	}
	d, err := s.newDispute(ctx, a, in)
	if err != nil {
		return nil, s.fail(err)
	}
	id, revision, err := s.works.ledger.OpenDispute(ctx, b.Region, d, once...)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &id, Revision: revision}}, nil
}

func (s *Server) newDispute(ctx context.Context, a *planner.Assessment, in *disputeWrite) (*planner.Dispute, error) {
	b := &in.Body
	road, span, err := intervalOf(a, b.Road, b.FromMM, b.ToMM)
	if err != nil {
		return nil, err
	}
	if err := s.mayFor(ctx, planner.ActionEdit, b.Region, townshipsOf(a, road, span)); err != nil {
		return nil, err
	}
	if err := needed("reason", &b.Reason); err != nil {
		return nil, err
	}
	if err := cleanTexts(map[string]*string{"holder": &b.Holder, "decider": &b.Decider}); err != nil {
		return nil, err
	}
	stage, known := planner.ParseStage(b.Stage)
	if !known {
		return nil, badMember("stage", "no stage is called %.40q", b.Stage)
	}
	on, err := s.pastDay("on", b.On)
	if err != nil {
		return nil, err
	}
	words := newReportWords(a)
	for i, id := range b.Claims {
		if words.byID[id] == nil {
			return nil, badMember(fmt.Sprintf("claims[%d]", i), "no report in force has that id")
		}
	}
	return &planner.Dispute{
		Road: road.ID, Version: road.Version, Span: span, Stage: stage, Opened: on, Reason: b.Reason, Claims: b.Claims,
		Holder: b.Holder, Decider: b.Decider, OpenedBy: personOf(ctx).Login,
	}, nil
}

func (s *Server) decideDispute(ctx context.Context, in *decideInput) (*wroteOutput, error) {
	b := &in.Body
	if _, err := s.mayAnywhere(ctx, planner.ActionDecide, b.Region); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	id, err := pathID(in.ID)
	if err != nil {
		return nil, err
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	decided, err := s.decision(ctx, a, id, in)
	if err != nil {
		return nil, s.fail(err)
	}
	revision, err := s.works.ledger.Decide(ctx, b.Region, decided)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &id, Revision: revision}}, nil
}

// decision holds a decision against the case: it has to be open, where the
// decider may decide, and none of his own.
func (s *Server) decision(ctx context.Context, a *planner.Assessment, id planner.ID, in *decideInput) (*planner.Dispute, error) {
	b := &in.Body
	at := slices.IndexFunc(a.Snapshot.Disputes, func(d planner.Dispute) bool { return d.ID == id })
	if at < 0 {
		return nil, huma.Error404NotFound("there is no case with that number")
	}
	d := a.Snapshot.Disputes[at]
	place := wireDispute(newReportWords(a), &d)
	var townships []string
	if road := roadOf(a, place.Road); road != nil {
		townships = townshipsOf(a, road, spanOf(place.Interval))
	}
	if err := s.mayFor(ctx, planner.ActionDecide, b.Region, townships); err != nil {
		return nil, err
	}
	who := personOf(ctx).Login
	switch {
	case !d.Decided.IsZero():
		return nil, planner.Errorf(planner.Conflict, "the case has been decided, on %s", d.Decided)
	case d.OpenedBy == who || slices.ContainsFunc(place.Claims, func(e Event) bool { return e.By == who }):
		return nil, planner.Errorf(planner.Conflict, "you opened the case or made one of its claims; somebody else has to decide it")
	case b.Version != 0 && b.Version != place.Version:
		return nil, planner.Errorf(planner.Conflict, "the route is in version %d now; look at the case again", place.Version)
	}
	return s.fillDecision(ctx, a, &d, in)
}

func (s *Server) fillDecision(ctx context.Context, a *planner.Assessment, d *planner.Dispute, in *decideInput) (*planner.Dispute, error) {
	b := &in.Body
	on, err := s.pastDay("on", b.On)
	if err == nil && on < d.Opened {
		err = badMember("on", "the case is open from %s; it is not decided before", d.Opened)
	}
	if err == nil {
		err = needed("decision", &b.Decision)
	}
	if err == nil {
		err = s.knownEvidence(ctx, a, b.Region, b.Evidence)
	}
	if err != nil {
		return nil, err
	}
	if (b.Outcome == string(planner.OutcomeAwarded)) != (b.Awarded != 0) {
		return nil, badMember("awarded", "say which contract it is awarded to, and only then")
	}
	if b.Awarded != 0 && !slices.ContainsFunc(a.Snapshot.Contracts, func(c planner.Contract) bool { return c.ID == b.Awarded }) {
		return nil, badMember("awarded", "no contract has the number %d", b.Awarded)
	}
	d.Outcome, d.Awarded, d.Decision, d.Decided = planner.Outcome(b.Outcome), b.Awarded, b.Decision, on
	d.DecidedBy, d.Evidence = personOf(ctx).Login, b.Evidence
	return d, nil
}

// knownEvidence refuses hashes of which no file has come.
func (s *Server) knownEvidence(ctx context.Context, a *planner.Assessment, county string, hashes []string) error {
	for i, hash := range hashes {
		if slices.ContainsFunc(a.Snapshot.Attachments, func(f planner.Attachment) bool { return f.Hash == hash }) {
			continue
		}
		_, err := s.file(ctx, county, hash)
		if planner.CodeOf(err) == planner.NotFound {
			return badMember(fmt.Sprintf("evidence[%d]", i), "no file with that hash has come yet")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
