package data

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) programmes(snap *planner.Snapshot) {
	var scope []scopeRow
	var plan []planRow
	list(r, query.ProgrammeList, scanProgramme, &snap.Programmes)
	list(r, query.ProgrammeScopeList, scanScope, &scope)
	listArgs(r, query.PlanPointList, scanPlanPoint, &plan, r.county, r.known)
	r.then(func() error {
		at := make(map[planner.ID]*planner.Programme, len(snap.Programmes))
		for i := range snap.Programmes {
			at[snap.Programmes[i].ID] = &snap.Programmes[i]
		}
		for _, s := range scope {
			at[s.programme].Scope = append(at[s.programme].Scope, s.ScopeItem)
		}
		for _, p := range plan {
			at[p.programme].Plan = append(at[p.programme].Plan, p.PlanPoint)
		}
		return nil
	})
}

func scanProgramme(rows pgx.Rows, p *planner.Programme) error {
	return rows.Scan(&p.ID, &p.Code, &p.Name, &p.NameEN, &p.Kind, dateInto{&p.Starts}, dateInto{&p.Deadline},
		&p.CompletingStage, &p.Surface, &p.AllSeason, &p.PlannedFen, &p.PaidFen, &p.ReportedMM)
}

type scopeRow struct {
	programme planner.ID
	planner.ScopeItem
}

func scanScope(rows pgx.Rows, s *scopeRow) error {
	return rows.Scan(&s.programme, &s.ID, &s.Road, &s.Version, &s.Span.From, &s.Span.To,
		&s.Village, &s.Responsible, &s.Phone)
}

type planRow struct {
	programme planner.ID
	planner.PlanPoint
}

func scanPlanPoint(rows pgx.Rows, p *planRow) error {
	return rows.Scan(&p.programme, &p.Township, dateInto{&p.On}, &p.SharePPM)
}

func (r *reader) progress(snap *planner.Snapshot) {
	list(r, query.ProgressList, func(rows pgx.Rows, p *planner.Progress) error {
		return rows.Scan(&p.ID, &p.Road, &p.Version, &p.Span.From, &p.Span.To, &p.Stage, dateInto{&p.On},
			utcInto{&p.Recorded}, &p.Programme, &p.Contract, &p.Reporter, &p.By, &p.Entered, &p.Note, &p.Evidence)
	}, &snap.Progress)
}

// overrides reads the answers for broken rules, of the reports of the snapshot.
func (r *reader) overrides(snap *planner.Snapshot) {
	listArgs(r, query.ProgressOverrideList, func(rows pgx.Rows, o *planner.Override) error {
		return rows.Scan(&o.Progress, &o.Rule, &o.Reason, &o.By)
	}, &snap.Overrides, r.county, r.known)
	r.then(func() error {
		if len(snap.Overrides) == 0 {
			return nil
		}
		there := make(map[string]bool, len(snap.Progress))
		for i := range snap.Progress {
			there[snap.Progress[i].ID] = true
		}
		snap.Overrides = slices.DeleteFunc(snap.Overrides, func(o planner.Override) bool { return !there[o.Progress] })
		return nil
	})
}

func (r *reader) warnings(snap *planner.Snapshot) {
	list(r, query.WarningList, func(rows pgx.Rows, w *planner.Warning) error {
		return rows.Scan(&w.ID, &w.Township, &w.Level, &w.Reason, dateInto{&w.From})
	}, &snap.Warnings)
}
