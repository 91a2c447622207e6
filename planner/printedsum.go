package planner

import (
	"fmt"
	"math/big"
	"slices"
)

// checkSum holds totals against the units of the table, each rounded as printed:
// a difference that rounding can make is none.
func (t *printedTable) checkSum(column int) {
	for _, total := range t.rows {
		if !total.total || total.numbers[column] == nil {
			continue
		}
		units, exact := t.sum(column, false)
		parts, partSum := t.sum(column, true)
		if units == 0 {
			continue
		}
		printed := *total.numbers[column]
		printed.places = max(printed.places, t.heads[column].places)
		t.check.Checked++
		if within(printed, exact, units) || parts > 0 && within(printed, partSum, parts) {
			t.check.Agree++
			continue
		}
		t.check.fail(total.number, t.heads[column].text, printed.text, PrintCodeSum,
			fmt.Sprintf("the %d rows sum to %s", units, printed.decimals(exact)), "print "+printed.rounded(exact)+", or mend the rows")
	}
}

// sum adds up the rows that are units, or those that are sums of some.
func (t *printedTable) sum(column int, parts bool) (n int, sum *big.Rat) {
	sum = new(big.Rat)
	for _, r := range t.rows {
		if r.total || r.part != parts || r.numbers[column] == nil {
			continue
		}
		n++
		sum.Add(sum, r.numbers[column].amount())
	}
	return n, sum
}

// within reports whether a sum of n rounded numbers may be printed so.
func within(printed printedNumber, exact *big.Rat, n int) bool {
	gap := new(big.Rat).Sub(printed.amount(), exact)
	if gap.Sign() == 0 {
		return true
	}
	if printed.places == 0 && printed.scale == 1 {
		return false // counted, not rounded
	}
	step := roundHalfUp(big.NewRat(printed.scale, 1), 0)
	step.Quo(step, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(printed.places)), nil)))
	limit := step.Mul(step, big.NewRat(int64(n)+1, 2))
	return gap.Abs(gap).Cmp(limit) <= 0
}

// checkDeviation holds lags against the rate and the time elapsed of the same
// row, where the table prints both (M31): each is rounded, so one and a half of
// the last digit may differ.
func (t *printedTable) checkDeviation(column int) {
	elapsed := slices.IndexFunc(t.heads, func(h printedHead) bool { return h.kind == headElapsed })
	rate := t.rateOf(column, elapsed)
	if rate < 0 {
		return
	}
	for _, r := range t.rows {
		printed := r.numbers[column]
		exact := t.lag(r, rate, elapsed)
		if printed == nil || exact == nil {
			continue
		}
		t.check.Checked++
		if lagsBy(*printed, exact) {
			t.check.Agree++
			continue
		}
		t.check.fail(r.number, t.heads[column].text, printed.text, PrintCodeDeviation,
			fmt.Sprintf("%s less %s is %s", r.numbers[rate].text, r.numbers[elapsed].text, printed.decimals(exact)), "print "+printed.rounded(exact))
	}
}

// rateOf is the rate by which most lags agree; below 0: none.
func (t *printedTable) rateOf(column, elapsed int) int {
	best, most := -1, 0
	if elapsed < 0 {
		return best
	}
	for i, h := range t.heads {
		if h.kind != headRate {
			continue
		}
		agree, rows := 0, 0
		for _, r := range t.rows {
			if exact := t.lag(r, i, elapsed); exact != nil && r.numbers[column] != nil {
				rows++
				if lagsBy(*r.numbers[column], exact) {
					agree++
				}
			}
		}
		if agree > most && 2*agree > rows {
			best, most = i, agree
		}
	}
	return best
}

func (t *printedTable) lag(r printedRow, rate, elapsed int) *big.Rat {
	if r.numbers[rate] == nil || r.numbers[elapsed] == nil {
		return nil
	}
	return new(big.Rat).Sub(r.numbers[rate].value, r.numbers[elapsed].value)
}

// lagsBy takes a lag with either sign: 滞后 3.2 is -3.2.
func lagsBy(printed printedNumber, exact *big.Rat) bool {
	ulp := new(big.Rat).SetFrac(big.NewInt(3), new(big.Int).Mul(big.NewInt(2), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(printed.places)), nil)))
	for _, e := range []*big.Rat{exact, new(big.Rat).Neg(exact)} {
		gap := new(big.Rat).Sub(printed.value, e)
		if gap.Abs(gap).Cmp(ulp) <= 0 {
			return true
		}
	}
	return false
}

// checkRank holds places against the rates: equal rates share a place and the
// next is left out (1, 2, 2, 4; M33). Which rate ranks is the one by which most
// places agree.
func (t *printedTable) checkRank(column int) {
	best, most, rows := -1, 0, 0
	for i, h := range t.heads {
		if h.kind != headRate {
			continue
		}
		agree, n := 0, 0
		t.eachRank(column, i, func(_ printedRow, printed, low, high int) {
			n++
			if printed >= low && printed <= high {
				agree++
			}
		})
		if agree > most {
			best, most, rows = i, agree, n
		}
	}
	if best < 0 || 2*most <= rows {
		return
	}
	t.eachRank(column, best, func(r printedRow, printed, low, high int) {
		t.check.Checked++
		if printed >= low && printed <= high {
			t.check.Agree++
			return
		}
		t.check.fail(r.number, t.heads[column].text, r.numbers[column].text, PrintCodeRank,
			fmt.Sprintf("by %s this is place %d", t.heads[best].text, low), fmt.Sprintf("print %d", low))
	})
}

// eachRank gives for every ranked unit the places that its rate allows: one, or
// as many as share the printed rate, whose further digits the table does not have.
func (t *printedTable) eachRank(column, rate int, yield func(r printedRow, printed, low, high int)) {
	var ranked []printedRow
	for _, r := range t.rows {
		if !r.total && !r.part && r.numbers[column] != nil && r.numbers[rate] != nil && r.numbers[column].value.IsInt() {
			ranked = append(ranked, r)
		}
	}
	for _, r := range ranked {
		low, same := 1, 0
		for _, other := range ranked {
			switch other.numbers[rate].value.Cmp(r.numbers[rate].value) {
			case 1:
				low++
			case 0:
				same++
			}
		}
		yield(r, int(r.numbers[column].value.Num().Int64()), low, low+same-1)
	}
}
