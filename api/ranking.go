package api

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type rankingInput struct {
	Question
	By         string `query:"by" default:"km" enum:"km,yuan" doc:"persons newly connected per kilometre, or per million yuan"`
	BudgetYuan int64  `query:"budget_yuan" minimum:"0" maximum:"1000000000000" doc:"a plan within it is made; 0: none"`
	Page
	Format
}

// rankRowJSON is a work and whom it alone would connect.
type rankRowJSON struct {
	Rank           int            `json:"rank" doc:"equal rows share one; 0 in a plan, whose rows stand in order"`
	Units          []rankUnitJSON `json:"units" doc:"done together: none of them connects anybody alone"`
	Name           string         `json:"name"`
	Township       string         `json:"township"`
	LengthM        exact          `json:"length_m"`
	UnknownM       exact          `json:"unknown_m" doc:"of it, what may be in order: inspect first"`
	CostYuan       exact          `json:"cost_yuan"`
	Persons        int64          `json:"persons" doc:"newly connected"`
	PersonsUnknown int64          `json:"persons_unknown" doc:"villages among them without a count"`
	Villages       []planner.ID   `json:"villages"`
	PerKM          *float64       `json:"per_km"`
	PerMillion     *float64       `json:"per_million_yuan" doc:"null: it costs nothing"`
	Bounds         []float64      `json:"bounds"`
	Edits          string         `json:"edits" doc:"what to suppose to see it done"`
}

type rankUnitJSON struct {
	Do      string      `json:"do" doc:"build or improve"`
	Road    planner.ID  `json:"road"`
	Segment *planner.ID `json:"segment" doc:"null: the whole road"`
}

// rankPlanJSON is what is chosen within a budget.
type rankPlanJSON struct {
	BudgetYuan   exact         `json:"budget_yuan"`
	CostYuan     exact         `json:"cost_yuan"`
	LengthM      exact         `json:"length_m"`
	Persons      int64         `json:"persons"`
	BoundPersons int64         `json:"bound_persons" doc:"no plan within the budget connects more"`
	GapPercent   *float64      `json:"gap_percent" doc:"by how much the bound lies above, in per cent of it; null: the bound is zero"`
	Chosen       []rankRowJSON `json:"chosen" doc:"in the order of choice; persons are those that each adds"`
	Edits        string        `json:"edits"`
}

type rankingJSON struct {
	Revision int64         `json:"revision"`
	Total    int           `json:"total"`
	Rows     []rankRowJSON `json:"rows"`
	Plan     *rankPlanJSON `json:"plan" doc:"null: no budget was given"`
}

func (s *Server) routeRanking(v1 huma.API) {
	op := huma.Operation{
		OperationID: "get-ranking", Method: http.MethodGet, Path: "/api/v1/ranking", Tags: []string{"figures"},
		Summary: "The roads to build or improve, by whom they would connect", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getRanking)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[rankingJSON](), true, "Ranking"))
}

func (s *Server) getRanking(ctx context.Context, in *rankingInput) (*listOutput, error) {
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	options := planner.RankOptions{By: in.By, BudgetFen: in.BudgetYuan * 100}
	ranking, err := workOut(ctx, s, c, fmt.Sprintf("ranking %s %d", in.By, in.BudgetYuan), weighRanking, func(ctx context.Context) (*planner.Ranking, error) {
		return c.assessment.RankRoads(ctx, options)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	if in.Format.Format == "xlsx" {
		out, err := asSheet("ranking-"+in.Region, func(w io.Writer) error { return rankingSheet(w, c.assessment, ranking.Rows, revision, in.lang()) })
		return out, s.fail(err)
	}
	from, to := in.of(len(ranking.Rows))
	body := rankingJSON{Revision: revision, Total: ranking.Total, Rows: wireRanked(ranking.Rows[from:to])}
	if p := ranking.Plan; p != nil {
		body.Plan = wirePlan(p)
	}
	return &listOutput{Body: body}, nil
}

// weighRanking is about how many bytes a ranking takes.
func weighRanking(r *planner.Ranking) (bytes int64) {
	lists := [][]planner.RankRow{r.Rows}
	if r.Plan != nil {
		lists = append(lists, r.Plan.Chosen)
	}
	for _, rows := range lists {
		for i := range rows {
			bytes += 256 + 8*int64(len(rows[i].Villages)) + 32*int64(len(rows[i].Units))
		}
	}
	return bytes
}

func wirePlan(p *planner.RankPlan) *rankPlanJSON {
	out := &rankPlanJSON{
		BudgetYuan: exactly(p.BudgetFen, planner.UnitYuan), CostYuan: exactly(p.CostFen, planner.UnitYuan), LengthM: exactly(p.LengthMM, metres),
		Persons: p.Persons, BoundPersons: p.BoundPersons, Chosen: wireRanked(p.Chosen),
	}
	if p.BoundPersons > 0 {
		gap := float64(p.BoundPersons-p.Persons) * 100 / float64(p.BoundPersons)
		out.GapPercent = &gap
	}
	var all []planner.Edit
	for i := range p.Chosen {
		all = append(all, editsOf(p.Chosen[i].Units)...)
	}
	out.Edits = planner.FormatEdits(all)
	return out
}

func editsOf(units []planner.RankUnit) []planner.Edit {
	out := make([]planner.Edit, len(units))
	for i, u := range units {
		if out[i] = (planner.Edit{Do: u.Do, Segment: u.Segment}); u.Segment == 0 {
			out[i].Road = u.Road
		}
	}
	return out
}

func wireRanked(rows []planner.RankRow) []rankRowJSON {
	out := make([]rankRowJSON, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = rankRowJSON{
			Rank: r.Rank, Units: make([]rankUnitJSON, len(r.Units)), Name: r.Name, Township: r.Township, LengthM: exactly(r.LengthMM, metres),
			UnknownM: exactly(r.UnknownMM, metres), CostYuan: exactly(r.CostFen, planner.UnitYuan), Persons: r.Persons, PersonsUnknown: r.PersonsUnknown,
			Villages: orNone(r.Villages), PerKM: r.PerKM, PerMillion: r.PerMillionYuan, Bounds: wireBounds(r.Bounds), Edits: planner.FormatEdits(editsOf(r.Units)),
		}
		for j, u := range r.Units {
			out[i].Units[j] = rankUnitJSON{u.Do, u.Road, idUnless(false, u.Segment)}
		}
	}
	return out
}

var rankingSheetColumns = []sheetColumn{
	{"排名 rank", 8}, {"路段 name", 24}, {"乡镇 township", 14}, {"长度 length m", 14}, {"待查 unknown m", 14}, {"造价 cost yuan", 16}, {"新增通车人口 persons", 14},
	{"每公里 per km", 14}, {"每百万元 per million yuan", 14}, {"村寨数 villages", 10}, {"内容 works", 40},
}

// rankingSheet writes the ranking as a workbook.
func rankingSheet(w io.Writer, a *planner.Assessment, rows []planner.RankRow, revision int64, lang Lang) error {
	s, err := newSpreadsheet(aboutList(a, "待建路段排名 ranking", revision), rankingSheetColumns)
	if err != nil {
		return err
	}
	townships := lang.townshipNames(a.Snapshot)
	for i, r := range wireRanked(rows) {
		villages := int64(len(r.Villages))
		rank := int64(r.Rank)
		if err := s.write(&rank, r.Name, cmp.Or(townships[r.Township], r.Township), r.LengthM, r.UnknownM, r.CostYuan, &r.Persons, amount{r.PerKM, planner.UnitPercent}, amount{r.PerMillion, planner.UnitPercent}, &villages, lang.works(rows[i].Units)); err != nil {
			return err
		}
	}
	return s.end(w)
}
