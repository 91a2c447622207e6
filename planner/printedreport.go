package planner

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// PrintedFigure is a figure of a report with the sum of its own numbers that it
// claims to be: 45.75% by 366/800*100.
type PrintedFigure struct {
	ID      string
	Name    string
	Formula string
	Printed string // empty: the report does not print it
}

// CheckFigures holds printed figures against their formulas (M40).
func CheckFigures(figures []PrintedFigure) *PrintCheck {
	c := &PrintCheck{}
	for _, f := range figures {
		if f.Printed == "" {
			continue
		}
		field := strings.TrimSpace(f.ID + " " + f.Name)
		exact, err := evaluate(f.Formula)
		if err != nil {
			c.note(0, field, f.Formula, PrintCodeUnread, err.Error(), "write the formula with numbers, + - * / and brackets")
			continue
		}
		printed, ok := readPrinted(f.Printed)
		if !ok {
			c.note(0, field, f.Printed, PrintCodeUnread, "no number can be read", "print a number, as 45.75%")
			continue
		}
		c.judge(0, field, printed, exact, f.Formula)
	}
	return c
}

// PrintedRow is a row of a report of this program: one metric of one scope with
// its base. Texts are as they stand in the file.
type PrintedRow struct {
	Row         int
	Metric      string
	Scope       string
	Value       string
	Numerator   string
	Denominator string
	Unit        string
	Basis       string
	AsOf        string
	Rule        string
}

// CheckRows holds the rows of a report against their own bases, and against the
// ledger where it gives one: figure answers by metric and scope, nil for what it
// does not know. The ledger may be nil.
func CheckRows(rows []PrintedRow, ledger PrintLedger) *PrintCheck {
	c := &PrintCheck{}
	for _, r := range rows {
		field := r.Metric + " " + r.Scope
		printed, ok := readPrinted(r.Value)
		if !ok {
			if r.Value != "" {
				c.note(r.Row, field, r.Value, PrintCodeUnread, "no number can be read", "print a number")
			}
			continue
		}
		if exact := r.exact(); exact != nil {
			c.judge(r.Row, field, printed.fine(exact), exact, r.Numerator+" / "+r.Denominator)
		}
		if ledger != nil {
			c.holdAgainst(r, field, printed, ledger(r.Metric, r.Scope))
		}
	}
	return c
}

// exact is what the base of a row gives, where it is a share; other figures have
// bases in other units (see Figure).
func (r PrintedRow) exact() *big.Rat {
	if r.Unit != string(UnitPercent) {
		return nil
	}
	part, ok := readPrinted(r.Numerator)
	whole, also := readPrinted(r.Denominator)
	if !ok || !also || whole.value.Sign() == 0 {
		return nil
	}
	exact := new(big.Rat).Quo(part.amount(), whole.amount())
	return exact.Mul(exact, percents100)
}

// fine takes a value with all the digits of a float for the float it is: beyond
// its last digit nothing is printed. One that a float would print just so agrees.
func (n printedNumber) fine(exact *big.Rat) printedNumber {
	if n.places < 6 {
		return n
	}
	float, _ := exact.Float64()
	if v, _ := n.value.Float64(); closeFloats(v, float) {
		n.value, n.places = roundHalfUp(exact, 6), 6
	}
	return n
}

func closeFloats(a, b float64) bool {
	gap, size := a-b, max(a, -a, b, -b)
	return max(gap, -gap) <= 1e-12*max(size, 1)
}

func (c *PrintCheck) holdAgainst(r PrintedRow, field string, printed printedNumber, f *Figure) {
	if f == nil || f.Value == nil || f.AsOf.String() != r.AsOf || f.Rule != r.Rule {
		return // of another day, or by another rule: two figures, not one
	}
	c.Ledger++
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(*f.Value, 'f', -1, 64))
	if !ok || printed.fine(exact).against(exact) != PrintWrong {
		return
	}
	c.fail(r.Row, field, printed.text, PrintCodeLedger,
		fmt.Sprintf("the ledger has %s as of %s", printed.decimals(exact), r.AsOf), "find out what changed since: qiantu report with --known-at of the day of print")
}
