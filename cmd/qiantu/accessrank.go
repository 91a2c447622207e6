package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// rank asks whom the planned roads connect, each by itself and those together that help only together: most persons for a
// kilometre first, or for the money where there is a budget.
func (r *accessResult) rank(ctx context.Context, env environment) error {
	r.ranking = &planner.Ranking{}
	if len(r.plannedIDs) == 0 {
		return nil // without a list every failing road would be ranked
	}
	bar := newBar(env.stderr, "ranking planned roads")
	defer bar.end()
	o := planner.RankOptions{By: r.order(), Roads: r.plannedIDs, CostFen: r.costs, BudgetFen: r.study.budget, Progress: r.far(bar)}
	var err error
	r.ranking, err = r.a.RankRoads(ctx, o)
	r.noteCosts()
	return err
}

// far shows how far the ranking is; all roads once ranked, what is left is the plan under the budget.
func (r *accessResult) far(bar *bar) func(done, total int) {
	return func(done, total int) {
		if done < total || r.study.budget == 0 {
			bar.set(done, total)
			return
		}
		bar.drawn = time.Time{} // this must be seen
		bar.say("the plan under the budget, and its bound")
	}
}

func (r *accessResult) order() string {
	if r.study.budget > 0 {
		return "yuan"
	}
	return "km"
}

// noteCosts says what was taken where the list has no cost.
func (r *accessResult) noteCosts() {
	if without := len(r.plannedIDs) - len(r.costs); without > 0 {
		r.note("%d of %d planned roads have no cost: that of the table of docs/access.md is taken, in yuan", without, len(r.plannedIDs))
	}
}

// Where a cost comes from.
const (
	costOfFile  = "file"
	costOfTable = "table"
	costMixed   = "both"
)

// costFrom says where the cost of a row comes from.
func (r *accessResult) costFrom(row *planner.RankRow) string {
	said := 0
	for _, u := range row.Units {
		if _, ok := r.costs[u.Road]; ok {
			said++
		}
	}
	switch said {
	case len(row.Units):
		return costOfFile
	case 0:
		return costOfTable
	}
	return costMixed
}

// roadsOf are the ids and the names of the planned roads of a row.
func (r *accessResult) roadsOf(row *planner.RankRow) (ids, names []string) {
	for _, u := range row.Units {
		road := r.road(u.Road)
		ids = append(ids, road.Code)
		if road.Name != "" {
			names = append(names, road.Name)
		}
	}
	return ids, names
}

// writeRanking prints what the planned roads would do, in the order of the ranking.
func (r *accessResult) writeRanking(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"rank", "ids", "names", "length_m", "cost", "cost_from", "persons", "settlements", "settlements_uncounted", "per_km", "per_million", "settlement_ids"}}
	for i := range r.ranking.Rows {
		row := &r.ranking.Rows[i]
		ids, names := r.roadsOf(row)
		rows = append(rows, []string{strconv.Itoa(row.Rank), strings.Join(ids, ";"), strings.Join(names, "; "), thousandths(&row.LengthMM), money(row.CostFen), r.costFrom(row),
			strconv.FormatInt(row.Persons, 10), strconv.Itoa(len(row.Villages)), strconv.FormatInt(row.PersonsUnknown, 10), plainNumber(row.PerKM), plainNumber(row.PerMillionYuan),
			strings.Join(r.codes(row.Villages), ";")})
	}
	return out.WriteAll(rows)
}

// codes are the ids that the table of population gives.
func (r *accessResult) codes(ids []planner.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = r.snapshot.Villages[id-1].Code
	}
	return out
}

// money writes hundredths as whole units with their two decimals.
func money(hundredths int64) string {
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

func plainNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// best prints the first rows of the ranking.
func (r *accessResult) best(b *strings.Builder) {
	rows := r.ranking.Rows
	if len(rows) == 0 {
		return
	}
	const shown = 10
	by := map[string]string{"km": "a kilometre", "yuan": "the money"}[r.order()]
	fmt.Fprintf(b, "\nplanned roads, each as if built alone; the most persons newly connected for %s:\n", by)
	for i := range rows[:min(shown, len(rows))] {
		r.line(b, rows[i].Rank, &rows[i])
	}
	if len(rows) > shown {
		fmt.Fprintf(b, "  and %d more\n", len(rows)-shown)
	}
}

// line prints a row for a reader; a star marks a cost that the list does not say.
func (r *accessResult) line(b *strings.Builder, number int, row *planner.RankRow) {
	star := " "
	if r.costFrom(row) != costOfFile {
		star = "*"
	}
	var labels []string
	for _, u := range row.Units {
		labels = append(labels, roadLabel(r.road(u.Road)))
	}
	fmt.Fprintf(b, "  %3d  %9s km  cost %14s%s %9d persons  %s\n", number, kilometres(row.LengthMM), money(row.CostFen), star, row.Persons, strings.Join(labels, " + "))
}

// starred explains the star.
func (r *accessResult) starred(b *strings.Builder) {
	if len(r.costs) < len(r.plannedIDs) {
		b.WriteString("\n* with a cost of the table in it, in yuan: the list does not say one\n")
	}
}

// noteJoins says which planned roads were joined to another road by a loose end, and which end just short of one.
func (r *accessResult) noteJoins() {
	joined, short := 0, []string(nil)
	for _, f := range r.a.Findings() {
		switch f.Rule {
		case "R37":
			joined++
		case "R38":
			short = append(short, roadLabel(r.road(f.Road)))
		}
	}
	if joined > 0 {
		r.note("%d loose ends of planned roads were joined to the road they nearly meet", joined)
	}
	if len(short) > 0 {
		r.note("%d ends of planned roads stop short of a road and are not joined: %s", len(short), strings.Join(short[:min(len(short), 5)], ", "))
	}
}
