package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// rankedRoad is a planned road and what it does if it alone is built.
type rankedRoad struct {
	road      *planner.Road
	cost      *int64       // hundredths; nil: not said
	connects  []planner.ID // settlements that are connected then and are not now
	persons   int64        // of those whose number is known
	uncounted int          // settlements among them without a number
}

// rank builds every planned road by itself and counts whom that connects: most persons for a kilometre first.
func (r *accessResult) rank(env environment) error {
	bar := newBar(env.stderr, "building the planned roads one by one")
	defer bar.end()
	for i, id := range r.plannedIDs {
		q := r.study.question
		q.Edits = append(slices.Clone(q.Edits), planner.Edit{Do: "build", Road: id})
		built, err := r.a.Ask(q)
		if err != nil {
			return fmt.Errorf("building the planned road %s: %w", r.road(id).Code, err)
		}
		row := rankedRoad{road: r.road(id)}
		if cost, said := r.costs[id]; said {
			row.cost = &cost
		}
		r.count(&row, built)
		r.ranking = append(r.ranking, row)
		bar.set(i, len(r.plannedIDs))
	}
	slices.SortStableFunc(r.ranking, func(a, b rankedRoad) int {
		return cmp.Compare(b.perKM(), a.perKM())
	})
	return nil
}

// count finds who is newly connected.
func (r *accessResult) count(row *rankedRoad, built *planner.Assessment) {
	for i := range built.Villages {
		now, then := &r.a.Villages[i], &built.Villages[i]
		if now.Connected == planner.Yes || then.Connected != planner.Yes {
			continue
		}
		row.connects = append(row.connects, then.Village.ID)
		if persons, known := then.Village.Persons(); known {
			row.persons += persons
		} else {
			row.uncounted++
		}
	}
}

// perKM is persons for a kilometre; no planned road is without length.
func (r *rankedRoad) perKM() float64 { return float64(r.persons) * 1e6 / float64(r.road.Length) }

// perMillion is persons for a million of the currency of the list; nil where the road has no cost, or costs nothing.
func (r *rankedRoad) perMillion() *float64 {
	if r.cost == nil || *r.cost == 0 {
		return nil
	}
	v := float64(r.persons) * 1e8 / float64(*r.cost)
	return &v
}

// writeRanking prints the planned roads by what each would do by itself.
func (r *accessResult) writeRanking(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"rank", "id", "name", "length_m", "cost", "persons", "settlements", "settlements_uncounted", "per_km", "per_million", "settlement_ids"}}
	for i := range r.ranking {
		row := &r.ranking[i]
		perKM := row.perKM()
		rows = append(rows, []string{strconv.Itoa(i + 1), row.road.Code, row.road.Name, thousandths(&row.road.Length), money(row.cost), strconv.FormatInt(row.persons, 10),
			strconv.Itoa(len(row.connects)), strconv.Itoa(row.uncounted), plainNumber(&perKM), plainNumber(row.perMillion()), strings.Join(r.codes(row.connects), ";")})
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
func money(hundredths *int64) string {
	if hundredths == nil {
		return ""
	}
	return fmt.Sprintf("%d.%02d", *hundredths/100, *hundredths%100)
}

func plainNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// best prints the first planned roads of the ranking.
func (r *accessResult) best(b *strings.Builder) {
	if len(r.ranking) == 0 {
		return
	}
	const shown = 10
	b.WriteString("\nplanned roads, each built by itself; the most persons newly connected for a kilometre:\n")
	for i := range r.ranking[:min(shown, len(r.ranking))] {
		row := &r.ranking[i]
		fmt.Fprintf(b, "  %3d  %9s km  cost %14s  %9d persons  %s\n", i+1, kilometres(row.road.Length), money(row.cost), row.persons, roadLabel(row.road))
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
