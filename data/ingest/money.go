package ingest

import (
	"fmt"
	"strconv"
	"strings"
)

// moneyFields are the amounts of a funding list, in the order of their sums.
var moneyFields = [3]string{"planned", "allocated", "paid"}

// printedMoney is the total that a funding list prints.
type printedMoney struct {
	row       int
	programme string    // as the row writes it; empty: not said
	amounts   [3]*int64 // fen; nil: not printed
}

// examineFunding looks at the money from one source for one item.
func examineFunding(r *run, out *row) {
	item, _ := out.doc["item"].(string)
	key := [2]string{fmt.Sprint(out.doc["programme"], " ", out.doc["source"]), item}
	if r.pairs[key] {
		r.fs.add("already_there", out.n, "source", strings.TrimSpace(out.doc["source"].(string)+" "+item))
		return
	}
	r.firstPair(out, "source", "item", key)
	id := out.doc["programme"].(int64)
	if r.works.sums == nil {
		r.works.sums = map[int64]*[3]int64{}
	}
	if r.works.sums[id] == nil {
		r.works.sums[id] = new([3]int64)
	}
	any := false
	for i, field := range moneyFields {
		if fen, ok := out.doc[field].(int64); ok {
			r.works.sums[id][i] += fen
			any = true
		}
	}
	if !any {
		r.fs.add("value_missing", out.n, "planned", "")
	}
}

// moneyTotal takes the total that a funding list prints.
func (r *run) moneyTotal(rec record) {
	total := printedMoney{row: rec.row}
	for i, field := range moneyFields {
		at, ok := r.columns[field]
		if !ok || at.index < 0 || at.index >= len(rec.cells) || strings.TrimSpace(rec.cells[at.index]) == "" {
			continue
		}
		amount, ok := fen(rec.cells[at.index], at.unit)
		if !ok {
			r.fs.add("value_invalid", rec.row, field, rec.cells[at.index], "an amount of money")
			continue
		}
		total.amounts[i] = &amount
	}
	if at := r.columns["programme"]; at.index >= 0 && at.index < len(rec.cells) && sumWord(rec.cells[at.index]) == notSum {
		total.programme = rec.cells[at.index]
	}
	r.works.totals = append(r.works.totals, total)
}

// prepareFunding holds the printed totals against the sums, and keeps them
// beside the rows.
func prepareFunding(r *run) error {
	for _, t := range r.works.totals {
		id, ok := r.programmeOf(t)
		if !ok {
			r.fs.add("money_total_unclear", t.row, "programme", t.programme)
			continue
		}
		r.moneyAgrees(t, r.works.sums[id])
		r.finish = append(r.finish, func() error {
			tag, err := r.tx.Exec(r.ctx, statement("funding_total_insert"), r.county, id, t.amounts[0], t.amounts[1], t.amounts[2], r.args["source"])
			if err == nil && tag.RowsAffected() == 0 {
				r.fs.add("money_total_held", t.row, "programme", t.programme)
			}
			return err
		})
	}
	return nil
}

// programmeOf finds whose total a row is: of the programme that it names, else
// of the only one in the file.
func (r *run) programmeOf(t printedMoney) (int64, bool) {
	if t.programme != "" {
		key, hits := r.refs["programme"].find(t.programme, "")
		id, _ := key.(int64)
		return id, hits == 1 && r.works.sums[id] != nil
	}
	for id := range r.works.sums {
		return id, len(r.works.sums) == 1
	}
	return 0, false
}

// moneyAgrees says whether a printed total is what the rows add up to.
func (r *run) moneyAgrees(t printedMoney, sums *[3]int64) {
	for i, printed := range t.amounts {
		switch {
		case printed == nil:
		case *printed != sums[i]:
			r.fs.add("money_differs", t.row, moneyFields[i], yuan(*printed), yuan(sums[i]))
		default:
			r.fs.add("money_agrees", t.row, moneyFields[i], yuan(*printed))
		}
	}
}

// yuan writes an amount without rounding.
func yuan(fen int64) string {
	text := strconv.FormatInt(fen/100, 10)
	if cents := fen % 100; cents != 0 {
		text += fmt.Sprintf(".%02d", cents)
	}
	return text
}

// titleMoney finds the unit of money that stands above the table: 单位:万元.
func titleMoney(title string) string {
	m := unitPattern.FindStringSubmatch(plain(title))
	if m == nil {
		return ""
	}
	for _, unit := range strings.FieldsFunc(strings.ToLower(m[1]), func(c rune) bool { return strings.ContainsRune("、,，;/ )", c) }) {
		if _, known := moneyUnits[unit]; known {
			return unit
		}
	}
	return ""
}
