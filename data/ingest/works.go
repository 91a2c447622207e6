package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// contractKey names a contract before it has an id.
type contractKey struct {
	programme int64
	code      string
}

// built is a piece of a route under a contract: of the file, or of the store
// (row 0).
type built struct {
	contract contractKey
	piece
}

// worksLists is what the lists of the ledger of works say as a whole.
type worksLists struct {
	built  map[int64][]built                  // contracts by route
	said   map[contractKey]map[string]written // what a contract's rows say of it
	plans  map[[2]string][]planned            // by programme and township
	totals []printedMoney                     // grand totals of a funding list
	sums   map[moneyKey]*[3]int64             // planned, allocated and paid, fen
}

// written is a value and the row that says it.
type written struct {
	row   int
	value any
}

// loadBuilt reads what stored contracts build.
func (r *run) loadBuilt() error {
	rows, err := r.tx.Query(r.ctx, statement("contract_held"), args{"county": r.county})
	if err != nil {
		return fmt.Errorf("reading the contracts of %s: %w", r.county, err)
	}
	defer rows.Close()
	r.works.built = map[int64][]built{}
	for rows.Next() {
		var b built
		var road int64
		if err := rows.Scan(&b.contract.programme, &b.contract.code, &road, &b.span.From, &b.span.To); err != nil {
			return err
		}
		r.works.built[road] = append(r.works.built[road], b)
	}
	return rows.Err()
}

// examineContract looks at one row of a contract: what it says of the contract
// must be what its other rows say, and its interval is a new one.
func examineContract(r *run, out *row) {
	key := contractKey{out.doc["programme"].(int64), out.doc["code"].(string)}
	r.agrees(out, key)
	if signed, deadline := out.doc["signed"], out.doc["deadline"]; signed != nil && deadline != nil && deadline.(string) <= signed.(string) {
		r.fs.add("value_range", out.n, "deadline", deadline.(string), "the days after the contract was signed")
	}
	if _, ok := out.doc["road"]; !ok {
		return
	}
	errors := r.fs.errors
	if examineSpan(r, out); r.fs.errors > errors {
		return
	}
	road := out.doc["road"].(int64)
	mine := built{key, piece{chainage.Span{From: out.doc["from"].(int64), To: out.doc["to"].(int64)}, out.n}}
	for _, other := range r.works.built[road] {
		if other.span.From >= mine.span.To || mine.span.From >= other.span.To {
			continue
		}
		switch {
		case other.contract != key:
			r.fs.add("contract_overlap", out.n, "road", out.saying("road"), other.contract.code)
		case other.row == 0:
			r.fs.add("already_there", out.n, "road", out.saying("road"))
			return
		default:
			r.fs.add("span_overlap", out.n, "from", out.saying("road"), other.row)
			return
		}
	}
	r.works.built[road] = append(r.works.built[road], mine)
}

// agrees holds what a row says of its contract against the rows before it.
func (r *run) agrees(out *row, key contractKey) {
	if r.works.said == nil {
		r.works.said = map[contractKey]map[string]written{}
	}
	said := r.works.said[key]
	if said == nil {
		said = map[string]written{}
		r.works.said[key] = said
	}
	for _, field := range []string{"name", "contractor", "responsible", "phone", "price", "signed", "deadline"} {
		value, ok := out.doc[field]
		if !ok {
			continue
		}
		if before, told := said[field]; told && before.value != value {
			r.fs.add("contract_differs", out.n, field, fmt.Sprint(value), fmt.Sprint(before.value), before.row)
		} else if !told {
			said[field] = written{out.n, value}
		}
	}
}

// planned is a point of a plan in the file.
type planned struct {
	row   int
	on    string
	share int64 // ppm
}

// examinePlan looks at one point; those of one programme and township are new,
// and rise.
func examinePlan(r *run, out *row) {
	share := int64(math.Round(out.doc["share"].(float64) * 10_000))
	township, _ := out.doc["township"].(string)
	key := [2]string{fmt.Sprint(out.doc["programme"]), township}
	if r.pairs[key] {
		r.fs.add("already_there", out.n, "programme", out.saying("programme")+" "+township)
		return
	}
	out.doc["share_ppm"] = share
	if r.works.plans == nil {
		r.works.plans = map[[2]string][]planned{}
	}
	r.works.plans[key] = append(r.works.plans[key], planned{out.n, out.doc["on_date"].(string), share})
}

// preparePlan holds the points of each plan against each other.
func preparePlan(r *run) error {
	for _, points := range r.works.plans {
		slices.SortStableFunc(points, func(a, b planned) int { return strings.Compare(a.on, b.on) })
		for i := 1; i < len(points); i++ {
			before, p := points[i-1], points[i]
			switch {
			case p.on == before.on:
				r.fs.add("code_twice", p.row, "on_date", p.on, before.row)
				r.reject(p.row)
			case p.share < before.share:
				r.fs.add("plan_falls", p.row, "share", fmt.Sprint(float64(p.share)/10_000), fmt.Sprint(float64(before.share)/10_000), before.row)
				r.reject(p.row)
			}
		}
	}
	return nil
}

// examineProgress looks at one report. What is said to be done on a day to come
// is taken and named: the day may be mistyped.
func examineProgress(r *run, out *row) {
	if examineSpan(r, out); r.ahead(out) {
		r.fs.add("day_ahead", out.n, "on_date", out.doc["on_date"].(string), planner.DateOf(r.req.now()))
	}
}

// ahead says whether a row is of a day after today.
func (r *run) ahead(out *row) bool {
	on, err := planner.ParseDate(fmt.Sprint(out.doc["on_date"]))
	return err == nil && on > planner.DateOf(r.req.now())
}

// examineInspection looks at one inspection; without places it is of the whole
// route. One with a result has been held.
func examineInspection(r *run, out *row) {
	errors := r.fs.errors
	if examineSpan(r, out); r.fs.errors > errors {
		return
	}
	if out.doc["result"] != nil && r.ahead(out) {
		r.fs.add("held_ahead", out.n, "on_date", out.doc["on_date"].(string), planner.DateOf(r.req.now()))
		return
	}
	kind, _ := out.doc["kind"].(string)
	if kind == "" {
		kind = "planned"
	}
	key := [2]string{fmt.Sprint(out.doc["road"], " ", out.doc["from"], " ", out.doc["to"]), fmt.Sprint(out.doc["on_date"], " ", kind)}
	if r.pairs[key] {
		r.fs.add("already_there", out.n, "road", out.saying("road")+" "+out.doc["on_date"].(string))
		return
	}
	r.firstPair(out, "road", "on_date", key)
	if pqi, ok := out.doc["pqi"].(float64); ok {
		out.doc["pqi_milli"] = int64(math.Round(pqi * 1000))
	}
}

// village finds whom a piece of the task is for. A village that is not stored
// does not keep the road out: the list comes before the villages are surveyed.
func (r *run) village(out *row) {
	text, _ := out.doc["village"].(string)
	if text == "" {
		return
	}
	township, _ := out.doc["township"].(string)
	key, hits := r.refs["village"].find(text, township)
	if hits != 1 {
		r.fs.add("village_unknown", out.n, "village", text)
		return
	}
	out.doc["village_id"] = key
}
