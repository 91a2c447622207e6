package planner

import (
	"cmp"
	"slices"
	"strings"
)

// roadColumns order rows by what the list can be sorted by.
var roadColumns = map[string]func(a, b *RoadRow) int{
	"code": func(a, b *RoadRow) int { return emptyLast(a.Code, b.Code) },
	"name": func(a, b *RoadRow) int { return emptyLast(a.Name, b.Name) },
	"class": func(a, b *RoadRow) int {
		return cmp.Or(classRank(a.Class)-classRank(b.Class), cmp.Compare(a.Class, b.Class))
	},
	"township":    func(a, b *RoadRow) int { return cmp.Compare(a.Township, b.Township) },
	"length":      func(a, b *RoadRow) int { return cmp.Compare(a.Length, b.Length) },
	"planned":     func(a, b *RoadRow) int { return cmp.Compare(a.Planned, b.Planned) },
	"started":     func(a, b *RoadRow) int { return cmp.Compare(a.Started, b.Started) },
	"completed":   func(a, b *RoadRow) int { return cmp.Compare(a.Completed, b.Completed) },
	"disputed":    func(a, b *RoadRow) int { return cmp.Compare(a.Disputed, b.Disputed) },
	"carried":     func(a, b *RoadRow) int { return cmp.Compare(a.CarryOver, b.CarryOver) },
	"rate":        compareRoadRates,
	"lag":         func(a, b *RoadRow) int { return cmp.Compare(*a.LagPP(), *b.LagPP()) },
	"level":       func(a, b *RoadRow) int { return cmp.Compare(a.Level, b.Level) },
	"state":       func(a, b *RoadRow) int { return cmp.Compare(stateOrder(a), stateOrder(b)) },
	"responsible": func(a, b *RoadRow) int { return emptyLast(a.Responsible, b.Responsible) },
	"last_on":     func(a, b *RoadRow) int { return cmp.Compare(a.LastOn, b.LastOn) },
	"reports":     func(a, b *RoadRow) int { return cmp.Compare(a.Reports, b.Reports) },
	"drawn":       func(a, b *RoadRow) int { return cmp.Compare(yesNo(a.Drawn), yesNo(b.Drawn)) },
}

// ofTheTask are the columns in which roads without a task come last, whichever
// way the list is sorted.
var ofTheTask = map[string]bool{"rate": true, "lag": true, "level": true}

// CanSortRoads reports whether RoadQuery.Sort may be a text.
func CanSortRoads(by string) bool {
	column, _ := roadColumn(by)
	return by == "" || roadColumns[column] != nil
}

// roadColumn takes a leading minus and the unit off the name of a column.
func roadColumn(by string) (column string, falling bool) {
	column, falling = strings.CutPrefix(by, "-")
	return strings.TrimSuffix(strings.TrimSuffix(column, "_m"), "_pp"), falling
}

// sortRoads sorts by a column, then by code, name and id; by code where there
// is no such column.
func sortRoads(rows []RoadRow, by string) {
	column, falling := roadColumn(by)
	compare := roadColumns[column]
	if compare == nil {
		compare, falling = roadColumns["code"], false
	}
	slices.SortFunc(rows, func(a, b RoadRow) int {
		if ofTheTask[column] && !(a.HasTask && b.HasTask) {
			if a.HasTask != b.HasTask {
				return yesNo(b.HasTask) - yesNo(a.HasTask)
			}
		} else if order := compare(&a, &b); order != 0 {
			if falling {
				return -order
			}
			return order
		}
		return cmp.Or(emptyLast(a.Code, b.Code), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
}

func compareRoadRates(a, b *RoadRow) int {
	return compareRates(&Standing{Planned: a.Planned, Completed: a.Completed}, &Standing{Planned: b.Planned, Completed: b.Completed})
}

func stateOrder(r *RoadRow) int {
	return slices.Index([]string{"disputed", "not_started", "doing", "done", "no_task"}, r.State)
}

func emptyLast(a, b string) int {
	return cmp.Or(yesNo(a == "")-yesNo(b == ""), cmp.Compare(a, b))
}

func yesNo(b bool) int {
	if b {
		return 1
	}
	return 0
}
