package ingest

import (
	"cmp"
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
	on        string    // as the row writes it; empty: not said
	amounts   [3]*int64 // fen; nil: not printed
}

// moneyKey is what a total is of: the money of a programme from a day on.
type moneyKey struct {
	programme int64
	on        string // empty: always
}

// examineFunding looks at the money from one source for one item. With a day it
// holds from then on; without one it holds always, so that nothing of the item
// may be there.
func examineFunding(r *run, out *row) {
	item, _ := out.doc["item"].(string)
	on, _ := out.doc["as_of"].(string)
	thing := fmt.Sprint(out.doc["programme"], " ", out.doc["source"], "\x1f", item)
	if r.pairs[[2]string{thing, cmp.Or(on, "*")}] {
		r.fs.add("money_there", out.n, "source", strings.Join(strings.Fields(out.doc["source"].(string)+" "+item+" "+on), " "))
		return
	}
	r.firstPair(out, "source", "item", [2]string{thing, on})
	key := moneyKey{out.doc["programme"].(int64), on}
	if r.works.sums == nil {
		r.works.sums = map[moneyKey]*[3]int64{}
	}
	if r.works.sums[key] == nil {
		r.works.sums[key] = new([3]int64)
	}
	any := false
	for i, field := range moneyFields {
		if fen, ok := out.doc[field].(int64); ok {
			r.works.sums[key][i] += fen
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
	if at := r.columns["as_of"]; at.index >= 0 && at.index < len(rec.cells) {
		if on, _, ok := date(rec.cells[at.index]); ok {
			total.on = on.String()
		}
	}
	r.works.totals = append(r.works.totals, total)
}

// prepareFunding holds the printed totals against the sums, and keeps them
// beside the rows.
func prepareFunding(r *run) error {
	for _, t := range r.works.totals {
		key, ok := r.totalOf(t)
		if !ok {
			r.fs.add("money_total_unclear", t.row, "programme", t.programme)
			continue
		}
		r.moneyAgrees(t, r.works.sums[key])
		r.finish = append(r.finish, func() error {
			held, err := r.keepTotal(t, key)
			if err == nil && held {
				r.fs.add("money_total_held", t.row, "programme", t.programme)
			}
			return err
		})
	}
	return nil
}

// keepTotal stores a printed total from its day on; the one that held on that
// day ends there. held: there is one from that day already.
func (r *run) keepTotal(t printedMoney, key moneyKey) (held bool, err error) {
	var on any
	if key.on != "" {
		on = key.on
	}
	var until *string
	err = r.tx.QueryRow(r.ctx, statement("funding_total_held"), r.county, key.programme, on).Scan(&held, &until)
	if err != nil || held {
		return held, err
	}
	if on != nil {
		if _, err := r.tx.Exec(r.ctx, statement("funding_total_end"), r.county, key.programme, on); err != nil {
			return false, err
		}
	}
	_, err = r.tx.Exec(r.ctx, statement("funding_total_insert"), r.county, key.programme, t.amounts[0], t.amounts[1], t.amounts[2], r.args["source"], on, until)
	return false, err
}

// totalOf finds whose total a row is: of the programme and the day that it
// names, else of the only ones in the file.
func (r *run) totalOf(t printedMoney) (found moneyKey, ok bool) {
	programme, hits := any(nil), 0
	if t.programme != "" {
		if programme, hits = r.refs["programme"].find(t.programme, ""); hits != 1 {
			return found, false
		}
	}
	n := 0
	for key := range r.works.sums {
		if (programme == nil || programme == key.programme) && (t.on == "" || t.on == key.on) {
			found = key
			n++
		}
	}
	return found, n == 1
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
