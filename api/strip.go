package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

type stripInput struct {
	Question
	ID string `path:"id" maxLength:"30"`
}

type stripOutput struct{ Body stripJSON }

// stripJSON is a route laid out straight.
type stripJSON struct {
	Revision    int64                 `json:"revision"`
	Road        stripRoadJSON         `json:"road"`
	Marks       []markJSON            `json:"marks"`
	Breaks      []breakJSON           `json:"breaks"`
	Ticks       []markJSON            `json:"ticks"`
	Stages      []stripStageJSON      `json:"stages"`
	Scope       []stripScopeJSON      `json:"scope"`
	Completed   []Span                `json:"completed"`
	CarryOver   []Span                `json:"carry_over"`
	Disputed    []stripDisputeJSON    `json:"disputed"`
	Failed      []Span                `json:"failed"`
	RetiredM    exact                 `json:"retired_m"`
	Contracts   []stripContractJSON   `json:"contracts"`
	Inspections []stripInspectionJSON `json:"inspections"`
	Townships   []stripTownshipJSON   `json:"townships"`
	Pins        []pinJSON             `json:"pins"`
	Events      []stripEventJSON      `json:"events"`
	Held        []stripHeldJSON       `json:"held" doc:"reports that need attention; they count nowhere"`
}

type stripRoadJSON struct {
	ID       planner.ID  `json:"id"`
	Code     string      `json:"code"`
	Name     string      `json:"name"`
	NameEN   string      `json:"name_en"`
	Version  int32       `json:"version"`
	LengthMM int64       `json:"length_mm"`
	Drawn    bool        `json:"drawn"`
	Township string      `json:"township"`
	Line     [][]float64 `json:"line" doc:"[lon,lat] along the measure of the version; null: not drawn"`
}

type markJSON struct {
	AtMM  int64  `json:"at_mm"`
	Label string `json:"label"`
}

type breakJSON struct {
	AtMM   int64  `json:"at_mm"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type stripStageJSON struct {
	Stage planner.Stage        `json:"stage"`
	Spans []stripStageSpanJSON `json:"spans"`
}

type stripStageSpanJSON struct {
	Span
	On       string   `json:"on"`
	Reporter string   `json:"reporter"`
	Times    int      `json:"times"`
	Events   []string `json:"events"`
}

type stripScopeJSON struct {
	Programme planner.ID `json:"programme"`
	Name      string     `json:"name"`
	Span
	Village     *planner.ID `json:"village" doc:"null: not said"`
	VillageName string      `json:"village_name"`
	Responsible string      `json:"responsible"`
	Phone       string      `json:"phone"`
}

type stripDisputeJSON struct {
	ID planner.ID `json:"id"`
	Span
	Stage planner.Stage `json:"stage"`
}

type stripContractJSON struct {
	ID         planner.ID `json:"id"`
	Code       string     `json:"code"`
	Contractor string     `json:"contractor"`
	Span
}

type stripInspectionJSON struct {
	ID   planner.ID             `json:"id"`
	Kind planner.InspectionKind `json:"kind"`
	Span
	On     string  `json:"on"`
	Result *string `json:"result" doc:"null: still to be held"`
	PQI    exact   `json:"pqi" doc:"null: not measured"`
}

type stripTownshipJSON struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Span
}

type pinJSON struct {
	Hash     string  `json:"hash"`
	AtMM     int64   `json:"at_mm"`
	Label    string  `json:"label"`
	OffsetM  float64 `json:"offset_m"`
	Taken    *string `json:"taken" doc:"null: not known"`
	Media    string  `json:"media"`
	Progress string  `json:"progress"`
}

// stripEventJSON is a report, or what a realignment left of it here.
type stripEventJSON struct {
	Event
	LabelFrom       string `json:"label_from"`
	LabelTo         string `json:"label_to"`
	Fate            string `json:"fate" doc:"counted, repeated, outside, disputed, void, failed, retired"`
	AnchoredVersion int32  `json:"anchored_version"`
}

type stripHeldJSON struct {
	ID       string    `json:"id"`
	Stage    string    `json:"stage"`
	FromMM   *int64    `json:"from_mm" doc:"null: not clear"`
	ToMM     *int64    `json:"to_mm"`
	Findings []Finding `json:"findings"`
}

func (s *Server) routeStrip(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-strip", Method: http.MethodGet, Path: "/api/v1/roads/{id}/strip", Tags: []string{"works"},
		Summary: "The strip diagram of a route: chainage across, stages down, who reported when", Errors: questionErrors,
	}, s.getStrip)
}

func (s *Server) getStrip(ctx context.Context, in *stripInput) (*stripOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	id, err := pathID(in.ID)
	if err != nil {
		return nil, err
	}
	strip, err := a.Strip(id)
	if planner.CodeOf(err) == planner.NotFound {
		return nil, huma.Error404NotFound("there is no road with that number")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	out := &stripOutput{Body: wireStrip(strip)}
	out.Body.Revision = revision
	if in.KnownAt == "" {
		out.Body.Held, err = s.heldOn(ctx, a, in.Region, id)
	}
	return out, s.fail(err)
}

// heldOn lists the reports on a road that need attention, and where each would
// lie as far as that is clear.
func (s *Server) heldOn(ctx context.Context, a *planner.Assessment, county string, road planner.ID) ([]stripHeldJSON, error) {
	out := []stripHeldJSON{}
	if s.works.ledger == nil {
		return out, nil
	}
	held, _, err := s.works.ledger.Submissions(ctx, planner.SubmissionQuery{County: county, Status: planner.SubmissionHeld})
	if err != nil {
		return nil, err
	}
	words, checker := newRoadWords(a), planner.NewChecker(a)
	for i := range held {
		if r := words.meant(&held[i]); r == nil || r.ID != road {
			continue
		}
		var b reportBody
		_ = json.Unmarshal(held[i].Body, &b) // words.meant has read it
		item := stripHeldJSON{ID: held[i].ID, Stage: b.Stage, FromMM: b.FromMM, ToMM: b.ToMM, Findings: wireFindings(held[i].Findings)}
		checked := checker.Check(b.entry(&planner.Person{}), s.works.today(), nil)
		if checked.Span != nil && checked.Road == road {
			item.FromMM, item.ToMM = &checked.Span.From, &checked.Span.To
		}
		if checked.Progress != nil {
			item.Stage = string(checked.Progress.Stage)
		}
		out = append(out, item)
	}
	return out, nil
}

func wireStrip(s *planner.Strip) stripJSON {
	r := s.Road
	out := stripJSON{
		Road:  stripRoadJSON{r.ID, r.Code, r.Name, r.NameEN, r.Version, r.Length, len(r.Line) > 1, s.Township, wireLine(r.Line)},
		Marks: wireMarks(s.Marks), Ticks: wireMarks(s.Ticks), Breaks: make([]breakJSON, len(s.Breaks)), Stages: make([]stripStageJSON, len(s.Stages)),
		Completed: wireSpans(s.Completed), CarryOver: wireSpans(s.CarryOver), Failed: wireSpans(s.Failed), RetiredM: exactly(s.Retired, metres),
		Held: []stripHeldJSON{},
	}
	for i, b := range s.Breaks {
		out.Breaks[i] = breakJSON{b.At, b.Before, b.After}
	}
	for i, g := range s.Stages {
		out.Stages[i] = wireStripStage(g)
	}
	out.addTask(s)
	out.addCases(s)
	out.addEvidence(s)
	return out
}

// wireLine writes a line in its own order; nil: it is not drawn.
func wireLine(line orb.LineString) [][]float64 {
	if len(line) < 2 {
		return nil
	}
	out := make([][]float64, len(line))
	for i, point := range line {
		out[i] = []float64{point[0], point[1]}
	}
	return out
}

func wireMarks(marks []planner.StripMark) []markJSON {
	out := make([]markJSON, len(marks))
	for i, m := range marks {
		out[i] = markJSON{m.At, m.Label}
	}
	return out
}

func wireStripStage(g planner.StripStage) stripStageJSON {
	out := stripStageJSON{Stage: g.Stage, Spans: make([]stripStageSpanJSON, len(g.Spans))}
	for i, x := range g.Spans {
		out.Spans[i] = stripStageSpanJSON{Span{x.Span.From, x.Span.To}, x.On.String(), x.Reporter, x.Times, orEmpty(x.Events)}
	}
	return out
}

func (out *stripJSON) addTask(s *planner.Strip) {
	out.Scope = make([]stripScopeJSON, len(s.Scope))
	for i, x := range s.Scope {
		out.Scope[i] = stripScopeJSON{
			Programme: x.Programme, Name: x.Name, Span: Span{x.Span.From, x.Span.To},
			VillageName: x.VillageName, Responsible: x.Responsible, Phone: x.Phone,
		}
		if x.Village != 0 {
			out.Scope[i].Village = &x.Village
		}
	}
	out.Contracts = make([]stripContractJSON, len(s.Contracts))
	for i, x := range s.Contracts {
		out.Contracts[i] = stripContractJSON{x.Contract.ID, x.Contract.Code, x.Contract.Contractor, Span{x.Span.From, x.Span.To}}
	}
	out.Townships = make([]stripTownshipJSON, len(s.Townships))
	for i, x := range s.Townships {
		out.Townships[i] = stripTownshipJSON{x.Code, x.Name, Span{x.Span.From, x.Span.To}}
	}
}

func (out *stripJSON) addCases(s *planner.Strip) {
	out.Disputed = make([]stripDisputeJSON, len(s.Disputed))
	for i, x := range s.Disputed {
		out.Disputed[i] = stripDisputeJSON{x.ID, Span{x.Span.From, x.Span.To}, x.Stage}
	}
	out.Inspections = make([]stripInspectionJSON, len(s.Inspections))
	for i, x := range s.Inspections {
		out.Inspections[i] = stripInspectionJSON{
			ID: x.Inspection.ID, Kind: x.Inspection.Kind, Span: Span{x.Span.From, x.Span.To},
			On: x.Inspection.On.String(), PQI: wirePQI(x.Inspection.PQIMilli),
		}
		if result := string(x.Inspection.Result); result != "" {
			out.Inspections[i].Result = &result
		}
	}
}

func (out *stripJSON) addEvidence(s *planner.Strip) {
	out.Pins = make([]pinJSON, len(s.Pins))
	for i, x := range s.Pins {
		out.Pins[i] = pinJSON{Hash: x.Hash, AtMM: x.At, Label: x.Label, OffsetM: x.OffsetM, Media: x.Media, Progress: x.Progress}
		if !x.Taken.IsZero() {
			taken := clock(x.Taken)
			out.Pins[i].Taken = &taken
		}
	}
	out.Events = make([]stripEventJSON, len(s.Events))
	for i, x := range s.Events {
		p := x.Progress
		out.Events[i] = stripEventJSON{
			Event: wireEvent(&planner.EvidenceEvent{
				ID: p.ID, Stage: string(p.Stage), On: p.On, Span: x.Span, Reporter: p.Reporter, Evidence: p.Evidence, Recorded: p.Recorded,
				By: p.By, Entered: p.Entered, Contract: p.Contract, Note: p.Note, Overrides: x.Overrides,
			}),
			LabelFrom: x.LabelFrom, LabelTo: x.LabelTo, Fate: x.Fate, AnchoredVersion: p.Version,
		}
	}
}
