package planner

import (
	"cmp"
	"slices"
	"strings"
)

// VillageQuery asks for the list of villages. Zero values leave out nothing.
type VillageQuery struct {
	Verdict  RoadVerdict
	Water    WaterVerdict
	Township string
	Q        string // part of the code or of either name
	Sort     string // a column, with - before it for falling; empty: the code
	Offset   int
	Limit    int // 0: all
}

// VillageList is a part of the villages that a query means.
type VillageList struct {
	Total  int                 // that it means
	Counts map[RoadVerdict]int // by verdict, whatever verdict is asked for
	Items  []VillageRow
}

// VillageRow is a village as the list shows it.
type VillageRow struct {
	*VillageVerdict
	Supply     SupplyVerdict // in the season asked for
	Persons    *int64        // nil: not known
	Households *int64        // nil: not known, or masked
	Masked     bool
	Weakest    string // name of the road where the way from the seat breaks first; empty: nowhere, or beyond the border
}

// villageColumns order rows by what the list can be sorted by.
var villageColumns = map[string]func(a, b *VillageRow) int{
	"code":       func(a, b *VillageRow) int { return emptyLast(a.Village.Code, b.Village.Code) },
	"name":       func(a, b *VillageRow) int { return emptyLast(a.Village.Name, b.Village.Name) },
	"township":   func(a, b *VillageRow) int { return cmp.Compare(a.Village.Township, b.Village.Township) },
	"verdict":    func(a, b *VillageRow) int { return verdictOrder(a.Road) - verdictOrder(b.Road) },
	"water":      func(a, b *VillageRow) int { return cmp.Compare(a.Water, b.Water) },
	"persons":    func(a, b *VillageRow) int { return compareKnown(a.Persons, b.Persons) },
	"households": func(a, b *VillageRow) int { return compareKnown(a.Households, b.Households) },
	"missing":    func(a, b *VillageRow) int { return compareKnown(a.missing(), b.missing()) },
}

// CanSortVillages reports whether VillageQuery.Sort may be a text.
func CanSortVillages(by string) bool {
	column, _ := roadColumn(by)
	return by == "" || villageColumns[column] != nil
}

// VillagesBy lists villages with what was judged of them.
func (a *Assessment) VillagesBy(q VillageQuery) VillageList {
	list := VillageList{Counts: map[RoadVerdict]int{}}
	var rows []VillageRow
	for i := range a.Villages {
		d := &a.Villages[i]
		if !q.means(d) {
			continue
		}
		list.Counts[d.Road]++
		if q.Verdict == "" || q.Verdict == d.Road {
			rows = append(rows, a.villageRow(d))
		}
	}
	sortVillages(rows, q.Sort)
	list.Total = len(rows)
	from := min(max(q.Offset, 0), len(rows))
	list.Items = rows[from:]
	if q.Limit > 0 {
		list.Items = list.Items[:min(q.Limit, len(list.Items))]
	}
	return list
}

// means says whether a village is asked for, its verdict apart.
func (q *VillageQuery) means(d *VillageVerdict) bool {
	v := d.Village
	return (q.Water == "" || q.Water == d.Water) && (q.Township == "" || q.Township == v.Township) &&
		(q.Q == "" || containsFold(v.Code, q.Q) || containsFold(v.Name, q.Q) || containsFold(v.NameEN, q.Q))
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func (a *Assessment) villageRow(d *VillageVerdict) VillageRow {
	row := VillageRow{VillageVerdict: d, Supply: a.supplyAsked().of(a, d).Verdict}
	if n, ok := d.Village.Persons(); ok {
		row.Persons = &n
	}
	n, known, masked := a.villageHouseholds(d.Village)
	if row.Masked = masked; known && !masked {
		row.Households = &n
	}
	if d.Link != nil && d.Link.First != nil && !d.Link.First.Halo {
		if road := a.roads[d.Link.First.Road]; road != nil {
			row.Weakest = road.Name
		}
	}
	return row
}

// missing is what a village lacks of a road, nil where nothing is known to lack.
func (r *VillageRow) missing() *int64 {
	if r.Link == nil {
		return nil
	}
	return &r.Link.MissingMM
}

// sortVillages sorts by a column, then by id; what is not known comes last,
// whichever way.
func sortVillages(rows []VillageRow, by string) {
	column, falling := roadColumn(by)
	compare := villageColumns[column]
	if compare == nil {
		compare, falling = villageColumns["code"], false
	}
	slices.SortFunc(rows, func(a, b VillageRow) int {
		order := compare(&a, &b)
		if order != unknownFirst && order != unknownLast && falling {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(a.Village.ID, b.Village.ID))
	})
}

// How compareKnown orders what is not known: so that falling does not turn it.
const (
	unknownFirst = -2 // the other one is not known
	unknownLast  = 2
)

func compareKnown(a, b *int64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return unknownLast
	case b == nil:
		return unknownFirst
	}
	return cmp.Compare(*a, *b)
}

// verdictOrder is worst first.
func verdictOrder(v RoadVerdict) int {
	return slices.Index([]RoadVerdict{RoadNot, RoadReached, RoadUnknown, RoadConnected}, v)
}
