package planner

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// SheetSums holds what a sheet prints against what its own rows give: the totals
// of lengths and the per cents (R19), each by half-up rounding and by
// truncation, and the order of the stages of a row, of which none may be longer
// than the one before it (R28). Params row and column say where.
func SheetSums(s *Sheet, g *HeadGuess, rows []SheetRow) []RuleFinding {
	if g == nil || g.Row < 1 {
		return nil
	}
	c := &sumCheck{sheet: s, head: g}
	for _, r := range rows {
		switch n := len(c.rows); {
		case n > 0 && c.rows[n-1].number == r.Row, r.Row > len(s.Rows):
		case r.Skip == "" || r.Skip == SkipNone || r.Skip == SkipTotal:
			c.rows = append(c.rows, sumRow{r.Row, r.Skip == SkipTotal})
		}
	}
	for _, column := range g.Columns {
		if column.isLength() {
			c.checkTotals(column)
		}
	}
	for _, row := range c.rows {
		c.checkPercent(row)
		c.checkStages(row)
	}
	return c.found
}

type sumRow struct {
	number int // from 1
	total  bool
}

type sumCheck struct {
	sheet *Sheet
	head  *HeadGuess
	rows  []sumRow
	found []RuleFinding
	all   *[2]rowGroup // of what is planned and what is done; nil: not asked for
}

func (c SheetColumn) isLength() bool {
	_, stage := c.Field.stageOf()
	return stage || c.Field == FieldLength || c.Field == FieldPlanned
}

// maxSums is how many findings are given; a sheet with more has another fault.
const maxSums = 500

func (c *sumCheck) find(rule string, row sumRow, column SheetColumn, params map[string]any) {
	if len(c.found) >= maxSums {
		return
	}
	params["row"], params["column"] = float64(row.number), column.Text
	c.found = append(c.found, RuleFinding{Rule: rule, Severity: SeverityNote, Params: params})
}

func (c *sumCheck) text(row sumRow, column SheetColumn) string {
	return cellAt(c.sheet.Rows[row.number-1], column.Column-1)
}

// length is what a cell says in millimetres; known is false where it says
// something that is no length.
func (c *sumCheck) length(row sumRow, column SheetColumn) (mm int64, known bool) {
	text := c.text(row, column)
	if word := strings.ToLower(narrow(clip(text))); word == "" || nothingWords.MatchString(word) {
		return 0, true
	}
	if from, to, err := chainage.ParseInterval(text); err == nil {
		return max(from-to, to-from), true
	}
	mm, _, known = ParseLength(text, c.unit(column))
	return mm, known
}

func (c *sumCheck) unit(column SheetColumn) string {
	return cmp.Or(column.Unit, c.head.Unit)
}

// checkTotals holds every total of a column against the rows that it may be of:
// all, those since the total before, or those up to the next one.
func (c *sumCheck) checkTotals(column SheetColumn) {
	all := c.group(c.rows, column)
	for i, row := range c.rows {
		printed, ok := parseQuantity(c.text(row, column))
		if !row.total || !ok || printed.vague {
			continue
		}
		before := c.group(c.rows[c.totalBefore(i)+1:i], column)
		after := c.group(c.rows[i+1:c.totalAfter(i)], column)
		if slices.ContainsFunc([]rowGroup{all, before, after}, func(g rowGroup) bool { return g.rows > 0 && (!g.known || c.agrees(row, column, g.sum)) }) {
			continue
		}
		meant := all
		if before.rows > 0 && before.rows < all.rows && i < len(c.rows)-1 { // a subtotal
			meant = before
		}
		c.findTotal(row, column, printed, meant.sum)
	}
}

// rowGroup is the sum of a column over some rows that are no totals.
type rowGroup struct {
	rows  int
	sum   int64
	known bool // every cell says its length
}

func (c *sumCheck) group(rows []sumRow, column SheetColumn) rowGroup {
	g := rowGroup{known: true}
	for _, r := range rows {
		if r.total {
			continue
		}
		mm, known := c.length(r, column)
		g.rows++
		g.known = g.known && known && g.sum < math.MaxInt64/2
		if g.known {
			g.sum += mm
		}
	}
	return g
}

func (c *sumCheck) findTotal(row sumRow, column SheetColumn, printed quantity, sum int64) {
	one := quantity{value: 1, unit: printed.unit}
	per, ok := one.mmOf(c.unit(column))
	if !ok {
		return
	}
	c.find("R19", row, column, map[string]any{"printed": printed.value, "computed": float64(sum) / float64(per)})
}

func (c *sumCheck) totalBefore(i int) int {
	for i--; i >= 0 && !c.rows[i].total; i-- {
	}
	return i
}

func (c *sumCheck) totalAfter(i int) int {
	for i++; i < len(c.rows) && !c.rows[i].total; i++ {
	}
	return i
}

// agrees says whether a printed length is the sum, rounded to its decimals half
// up, or cut off there.
func (c *sumCheck) agrees(row sumRow, column SheetColumn, sum int64) bool {
	q, _ := parseQuantity(c.text(row, column))
	printed, ok := q.mmOf(c.unit(column))
	one, _ := quantity{value: 1, unit: q.unit}.mmOf(c.unit(column))
	step := int64(float64(one) / math.Pow10(decimalsIn(c.text(row, column))))
	if !ok || step < 1 {
		return printed == sum
	}
	return printed == sum/step*step || printed == (sum+step/2)/step*step
}

// decimalsIn is how many figures stand behind the point.
func decimalsIn(text string) int {
	_, tail, _ := strings.Cut(narrow(clip(text)), ".")
	n := 0
	for n < len(tail) && n < 9 && '0' <= tail[n] && tail[n] <= '9' {
		n++
	}
	return n
}

// checkPercent holds a printed per cent against done over planned: of the row's
// own figures, of a total's those of all rows too.
func (c *sumCheck) checkPercent(row sumRow) {
	at, planned, done := c.head.Column(FieldPercent), c.head.Column(FieldPlanned), c.doneColumn()
	if at == 0 || planned == 0 || done == 0 {
		return
	}
	column, wholes, parts := c.head.Columns[at-1], c.head.Columns[planned-1], c.head.Columns[done-1]
	text := c.text(row, column)
	q, ok := parseQuantity(text)
	whole, ok1 := c.length(row, wholes)
	part, ok2 := c.length(row, parts)
	if !ok || !ok1 || !ok2 || whole <= 0 || q.vague {
		return
	}
	rate := float64(part) / float64(whole)
	if printsRate(q, decimalsIn(text), rate) {
		return
	}
	if row.total && c.printsOfAll(q, decimalsIn(text), wholes, parts) {
		return
	}
	c.find("R19", row, column, map[string]any{"printed": q.value, "computed": math.Round(rate*1e4) / 100})
}

// printsOfAll holds a printed per cent against the sums over all rows.
func (c *sumCheck) printsOfAll(q quantity, places int, wholes, parts SheetColumn) bool {
	if c.all == nil {
		c.all = &[2]rowGroup{c.group(c.rows, wholes), c.group(c.rows, parts)}
	}
	whole, part := c.all[0], c.all[1]
	return whole.known && part.known && whole.sum > 0 && printsRate(q, places, float64(part.sum)/float64(whole.sum))
}

// printsRate says whether a number is a rate in per cent, or as a fraction where
// it has no sign, rounded half up or cut off.
func printsRate(q quantity, places int, rate float64) bool {
	for _, times := range []float64{100, 1} {
		if times == 1 && q.unit == "%" {
			continue
		}
		step := math.Pow10(places)
		exact := rate * times * step
		printed := math.Round(q.value * step)
		if printed == math.Floor(exact+0.5+1e-9) || printed == math.Floor(exact+1e-9) {
			return true
		}
	}
	return false
}

// doneColumn is the column of what completes a road.
func (c *sumCheck) doneColumn() int {
	for _, f := range []SheetField{FieldCompleted, SheetField(StageSurface), FieldLength} {
		if at := c.head.Column(f); at > 0 {
			return at
		}
	}
	return 0
}

// checkStages: R28, no more of a stage than of the one before it in the row.
// Drainage is laid whenever; what a row does not say is not held against it.
func (c *sumCheck) checkStages(row sumRow) {
	var before SheetColumn
	var beforeMM int64
	for _, stage := range []Stage{StageClearing, StageRoadbed, StageSubbase, StageBase, StageSurface, StageAcceptance} {
		at := c.head.Column(SheetField(stage))
		if at == 0 {
			continue
		}
		column := c.head.Columns[at-1]
		mm, known := c.length(row, column)
		if !known || c.text(row, column) == "" {
			continue
		}
		if before.Column > 0 && mm > beforeMM {
			c.find("R28", row, column, map[string]any{
				"stage": string(stage), "length_m": metres(mm), "before": string(before.Field), "before_m": metres(beforeMM),
			})
		}
		if alwaysKept(stage) {
			before, beforeMM = column, mm
		}
	}
}
