package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type coverageDifferenceInput struct {
	Question
	FromAsOf     string `query:"from_as_of" maxLength:"10" doc:"day of the earlier one; this and all below are those of the later one unless given"`
	FromKnownAt  string `query:"from_known_at" maxLength:"40"`
	FromSeason   string `query:"from_season" enum:"dry,wet,none" doc:"none: no season, so water of the whole year"`
	FromConnectM string `query:"from_connect_m" maxLength:"4" doc:"whole number as in connect_m"`
	FromRAIM     string `query:"from_rai_m" maxLength:"5"`
	FromWalkMin  string `query:"from_walk_min" maxLength:"3"`
	FromEdits    string `query:"from_edits" maxLength:"16000" doc:"none: no edits"`
	FromScenario string `query:"from_scenario" maxLength:"16" doc:"number of a scenario; 0: none"`
}

// coverageDifferenceJSON says why figures of coverage differ.
type coverageDifferenceJSON struct {
	From    questionJSON        `json:"from"`
	To      questionJSON        `json:"to"`
	Metrics []coverageMovedJSON `json:"metrics"`
}

// questionJSON is a question as it was understood.
type questionJSON struct {
	AsOf     string  `json:"as_of"`
	KnownAt  *string `json:"known_at" doc:"null: as known now"`
	Season   string  `json:"season" doc:"empty: none was asked for"`
	ConnectM exact   `json:"connect_m"`
	RAIM     exact   `json:"rai_m"`
	WalkMin  exact   `json:"walk_min"`
	Edits    string  `json:"edits"`
}

type coverageMovedJSON struct {
	Metric  string             `json:"metric"`
	Scope   string             `json:"scope"`
	Unit    planner.Unit       `json:"unit"`
	Basis   planner.Unit       `json:"basis"`
	Before  coverageAtJSON     `json:"before"`
	After   coverageAtJSON     `json:"after"`
	TotalPP *float64           `json:"total_pp" doc:"percentage points; null: one of the two is no percentage"`
	Steps   []coverageStepJSON `json:"steps" doc:"their parts add up to the difference exactly"`
}

type coverageAtJSON struct {
	Value       *float64 `json:"value"`
	Numerator   exact    `json:"numerator"`
	Denominator exact    `json:"denominator"`
	Unknown     exact    `json:"unknown"`
}

type coverageStepJSON struct {
	Cause       planner.Cause      `json:"cause"`
	Undone      bool               `json:"undone" doc:"an edit of the earlier one that the later one has not"`
	Edit        string             `json:"edit" doc:"empty: the cause is no edit"`
	Name        string             `json:"name"`
	Numerator   exact              `json:"numerator"`
	Denominator exact              `json:"denominator"`
	Unknown     exact              `json:"unknown"`
	ValuePP     *float64           `json:"value_pp"`
	Items       []coverageItemJSON `json:"items" doc:"villages that count otherwise"`
}

type coverageItemJSON struct {
	Layer  string       `json:"layer"`
	ID     planner.ID   `json:"id"`
	Name   string       `json:"name"`
	From   planner.Side `json:"from" doc:"where it counted; empty: nowhere"`
	To     planner.Side `json:"to"`
	Amount exact        `json:"amount" doc:"of the numerator"`
}

type coverageDifferenceOutput struct{ Body coverageDifferenceJSON }

func (s *Server) routeCoverageDifference(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-coverage-difference", Method: http.MethodGet, Path: "/api/v1/coverage/difference", Tags: []string{"figures"},
		Summary: "Why figures of coverage differ between two days, thresholds or suppositions, exactly adding up", Errors: questionErrors,
	}, s.getCoverageDifference)
}

func (s *Server) routeWaterDifference(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-water-difference", Method: http.MethodGet, Path: "/api/v1/water/difference", Tags: []string{"figures"},
		Summary: "Why figures of the water report differ between two days or seasons, exactly adding up", Errors: questionErrors,
	}, s.getWaterDifference)
}

func (s *Server) getCoverageDifference(ctx context.Context, in *coverageDifferenceInput) (*coverageDifferenceOutput, error) {
	return s.explainFigures(ctx, in, "coverage", planner.ExplainCoverage)
}

func (s *Server) getWaterDifference(ctx context.Context, in *coverageDifferenceInput) (*coverageDifferenceOutput, error) {
	return s.explainFigures(ctx, in, "water", planner.ExplainWater)
}

// explainFigures splits the difference between two questions about a county.
func (s *Server) explainFigures(ctx context.Context, in *coverageDifferenceInput, what string,
	explain func(ctx context.Context, before, after *planner.Assessment) (*planner.CoverageDifference, error)) (*coverageDifferenceOutput, error) {
	from, err := in.from()
	if err != nil {
		return nil, err
	}
	w := s.world.Load() // one for both, so that nobody's change of this moment is among the causes
	after, _, err := s.countyIn(ctx, w, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	before, _, err := s.countyIn(ctx, w, from)
	if err != nil {
		return nil, s.fail(err)
	}
	metrics, err := workOut(ctx, s, after, fmt.Sprintf("%s difference from %d", what, before.number), weighMoved, func(ctx context.Context) ([]planner.CoverageMoved, error) {
		d, err := explain(ctx, before.assessment, after.assessment)
		if err != nil {
			return nil, err
		}
		return d.Metrics, nil // not the two counties, which what is held would keep
	})
	if err != nil {
		return nil, s.fail(err)
	}
	out := coverageDifferenceJSON{From: wireQuestion(before.assessment), To: wireQuestion(after.assessment), Metrics: make([]coverageMovedJSON, len(metrics))}
	for i := range metrics {
		out.Metrics[i] = wireCoverageMoved(&metrics[i])
	}
	return &coverageDifferenceOutput{out}, nil
}

// weighMoved is about how many bytes an explained difference takes.
func weighMoved(metrics []planner.CoverageMoved) (bytes int64) {
	for i := range metrics {
		for j := range metrics[i].Steps {
			bytes += 192 + 96*int64(len(metrics[i].Steps[j].Items))
		}
	}
	return bytes
}

// from is the earlier question: the later one but for what is given.
func (in *coverageDifferenceInput) from() (Question, error) {
	q := in.Question
	for _, one := range []struct {
		given string
		into  *string
	}{{in.FromAsOf, &q.AsOf}, {in.FromKnownAt, &q.KnownAt}, {in.FromSeason, &q.Season}, {in.FromEdits, &q.Edits}} {
		if one.given != "" {
			*one.into = one.given
		}
	}
	if in.FromEdits == "none" {
		q.Edits = ""
	}
	if in.FromSeason == "none" {
		q.Season = ""
	}
	for _, one := range []struct {
		name, given string
		most        int64
		into        *int64
	}{{"from_connect_m", in.FromConnectM, maxConnectM, &q.ConnectM}, {"from_rai_m", in.FromRAIM, maxRAIM, &q.RAIM}, {"from_walk_min", in.FromWalkMin, maxWalkMin, &q.WalkMin}, {"from_scenario", in.FromScenario, 1 << 53, &q.Scenario}} {
		if one.given == "" {
			continue
		}
		n, err := wholeNumber(one.given, 0, one.most)
		if err != nil {
			return q, badParam(one.name, "%v", err)
		}
		*one.into = n
	}
	return q, nil
}

func wireQuestion(a *planner.Assessment) questionJSON {
	rules := &a.Snapshot.Rules
	out := questionJSON{
		AsOf: a.Snapshot.AsOf.String(), Season: a.Question.Season, ConnectM: exactly(rules.ConnectMM, metres), RAIM: exactly(rules.RAIBufferMM, metres),
		WalkMin: exactly(rules.RAIWalkMS, planner.UnitMinute), Edits: planner.FormatEdits(a.Question.Edits),
	}
	if !a.Snapshot.KnownAt.IsZero() {
		known := clock(a.Snapshot.KnownAt)
		out.KnownAt = &known
	}
	return out
}

func wireCoverageMoved(m *planner.CoverageMoved) coverageMovedJSON {
	at := func(v planner.Moved) coverageAtJSON {
		return coverageAtJSON{v.Value, exactly(v.Numerator, m.Basis), exactly(v.Denominator, m.Basis), exactly(v.Unknown, unknownIn(m.Basis))}
	}
	out := coverageMovedJSON{
		Metric: m.Metric, Scope: m.Scope, Unit: m.Unit, Basis: m.Basis, Before: at(m.From), After: at(m.To), TotalPP: m.TotalPP,
		Steps: make([]coverageStepJSON, len(m.Steps)),
	}
	for i := range m.Steps {
		step := &m.Steps[i]
		wired := coverageStepJSON{
			Cause: step.Cause, Undone: step.Undone, Name: step.Name, Numerator: exactly(step.Numerator, m.Basis), Denominator: exactly(step.Denominator, m.Basis),
			Unknown: exactly(step.Unknown, unknownIn(m.Basis)), ValuePP: step.ValuePP, Items: make([]coverageItemJSON, len(step.Items)),
		}
		if step.Edit.Do != "" {
			wired.Edit = step.Edit.String()
		}
		for j, x := range step.Items {
			wired.Items[j] = coverageItemJSON{"village", x.Village, x.Name, x.From, x.To, exactly(x.Numerator, m.Basis)}
		}
		out.Steps[i] = wired
	}
	return out
}
