package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type proofInput struct {
	Question
	Village int64 `query:"village" required:"true" minimum:"1" maximum:"9007199254740992" doc:"number of the village"`
}

// proofJSON is why a village is connected or not.
type proofJSON struct {
	Revision  int64      `json:"revision"`
	Village   planner.ID `json:"village"`
	Name      string     `json:"name"`
	NameEN    string     `json:"name_en"`
	Verdict   string     `json:"verdict" doc:"connected, reached, not or unknown"`
	Connected string     `json:"connected" doc:"yes, no or unknown"`
	Smooth    string     `json:"smooth"`
	Reached   string     `json:"reached"`
	Season    string     `json:"season" doc:"dry or wet"`
	ConnectM  exact      `json:"connect_m" doc:"how near the way had to end"`
	Legs      []legJSON  `json:"legs" doc:"from the seat to the village"`
	Weakest   *int       `json:"weakest" doc:"place in legs of the first that fails; null: none"`
	MissingM  exact      `json:"missing_m"`
	Why       []whyJSON  `json:"why"`
	Mends     []mendJSON `json:"mends" doc:"what would mend the way, from the seat outwards"`
}

// legJSON is a stretch of one piece of road, or a straight line to or from one.
type legJSON struct {
	Kind      string      `json:"kind" doc:"access, road, missing or straight"`
	Road      *planner.ID `json:"road" doc:"null: no road, or one beyond the border"`
	Segment   *planner.ID `json:"segment"`
	Name      string      `json:"name"`
	FromMM    int64       `json:"from_mm"`
	ToMM      int64       `json:"to_mm"`
	LabelFrom string      `json:"label_from"`
	LabelTo   string      `json:"label_to"`
	LengthM   exact       `json:"length_m"`
	Line      [][]float64 `json:"coordinates"`
	Meets     string      `json:"meets" doc:"yes, no or unknown: built and all-season"`
	Smooth    string      `json:"smooth" doc:"hardened"`
	Reached   string      `json:"reached" doc:"built"`
	Why       string      `json:"why" doc:"code of the reason why it does not count; empty: it does"`
}

// mendJSON is a work that would mend a way, and whom it would connect.
type mendJSON struct {
	Do             string       `json:"do" doc:"build, improve, or new_road where there is no road at all"`
	Road           *planner.ID  `json:"road" doc:"null: none, or beyond the border"`
	Segment        *planner.ID  `json:"segment"`
	Name           string       `json:"name"`
	LengthM        exact        `json:"length_m"`
	CostYuan       exact        `json:"cost_yuan"`
	Connects       []planner.ID `json:"connects" doc:"villages, each named by the last mend that it needs"`
	Persons        int64        `json:"persons" doc:"in them"`
	PersonsUnknown int64        `json:"persons_unknown" doc:"of them so many villages without a count"`
	Edits          string       `json:"edits" doc:"what to suppose to see it done; empty: cannot be supposed"`
}

type proofOutput struct{ Body proofJSON }

func (s *Server) routeProof(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-proof", Method: http.MethodGet, Path: "/api/v1/proof", Tags: []string{"figures"},
		Summary: "Why a village is connected or not: its way, leg by leg, and what would mend it", Errors: questionErrors,
	}, s.getProof)
}

func (s *Server) getProof(ctx context.Context, in *proofInput) (*proofOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	p, err := a.Proof(planner.ID(in.Village))
	if err != nil {
		return nil, s.fail(err)
	}
	out := &proofOutput{Body: proofJSON{
		Revision: revision, Village: p.Village.ID, Name: p.Village.Name, NameEN: p.Village.NameEN, Verdict: string(p.Verdict),
		Connected: string(p.Connected), Smooth: string(p.Smooth), Reached: string(p.Reached), Season: p.Season,
		ConnectM: exactly(a.Snapshot.Rules.ConnectMM, metres), MissingM: exactly(p.MissingMM, metres),
		Legs: make([]legJSON, len(p.Legs)), Why: make([]whyJSON, len(p.Why)), Mends: make([]mendJSON, len(p.Mends)),
	}}
	if p.Weakest >= 0 {
		out.Body.Weakest = &p.Weakest
	}
	for i := range p.Legs {
		out.Body.Legs[i] = wireLeg(&p.Legs[i])
	}
	for i, w := range p.Why {
		out.Body.Why[i] = whyJSON(w)
	}
	for i := range p.Mends {
		out.Body.Mends[i] = wireMend(&p.Mends[i])
	}
	return out, nil
}

func wireLeg(l *planner.ProofLeg) legJSON {
	return legJSON{
		Kind: l.Kind, Road: idUnless(l.Halo, l.Road), Segment: idUnless(l.Halo, l.Segment), Name: l.Name, FromMM: l.Span.From, ToMM: l.Span.To,
		LabelFrom: l.From, LabelTo: l.To, LengthM: exactly(l.LengthMM, metres), Line: orNone(wireLine(l.Line)),
		Meets: string(l.Connected), Smooth: string(l.Smooth), Reached: string(l.Reached), Why: l.Fault,
	}
}

func wireMend(m *planner.Mend) mendJSON {
	out := mendJSON{
		Do: m.Do, Road: idUnless(m.Halo, m.Road), Segment: idUnless(m.Halo, m.Segment), Name: m.Name, LengthM: exactly(m.LengthMM, metres),
		CostYuan: exactly(m.CostFen, planner.UnitYuan), Connects: orNone(m.Connects), Persons: m.Persons, PersonsUnknown: m.PersonsUnknown,
	}
	if !m.Halo && m.Do != planner.MendNew {
		out.Edits = m.Edit().String()
	}
	return out
}
