package data

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// moved maps local ids to stored ones, by noun.
type moved map[string]map[planner.ID]planner.ID

// reserve draws fresh ids for the rows of a table whose local ids are given,
// in the order of the local ids. Rows without an id (0) come last.
func (w *writer) reserve(table string, local []planner.ID) ([]planner.ID, error) {
	if len(local) == 0 {
		return nil, nil
	}
	var fresh []planner.ID
	if err := w.tx.QueryRow(w.ctx, query.IDReserve, "qiantu."+table, len(local)).Scan(&fresh); err != nil {
		return nil, err
	}
	slices.Sort(fresh)
	order := make([]int, len(local))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(uint64(local[a])-1, uint64(local[b])-1) })
	out := make([]planner.ID, len(local))
	of := make(map[planner.ID]planner.ID, len(local))
	for k, i := range order {
		out[i] = fresh[k]
		if local[i] != 0 {
			of[local[i]] = fresh[k]
		}
	}
	w.ids[table] = of
	return out, nil
}

// idsOf lists the ids of things.
func idsOf[T any](things []T, id func(*T) planner.ID) []planner.ID {
	out := make([]planner.ID, len(things))
	for i := range things {
		out[i] = id(&things[i])
	}
	return out
}

// optional gives the stored id of a local one, nil for 0.
func (w *writer) optional(noun string, local planner.ID) any {
	if local == 0 {
		return nil
	}
	return w.ids[noun][local]
}
