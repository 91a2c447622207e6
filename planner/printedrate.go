package planner

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ratePair is two columns of which a rate may be made. share: it is printed as a
// part of one, as a cell formatted as per cent holds it.
type ratePair struct {
	part, whole int
	share       bool
}

var wholeWords = regexp.MustCompile(`(?i)计划|任务|目标|应|总|合计|规模|下达|plan|target|total|task|denominator|分母`)

// checkRate finds the two columns of a rate and holds every row against them.
func (t *printedTable) checkRate(column int) {
	pair, ok := t.pairOf(column)
	if !ok {
		t.check.note(0, t.heads[column].text, "", PrintCodeLoose, "no two columns of the table give this rate, so it was not checked",
			"print the two numbers it is made of beside it")
		return
	}
	for _, r := range t.rows {
		exact, printed := t.rateBy(r, column, pair)
		if exact == nil {
			continue
		}
		how := fmt.Sprintf("%s / %s", r.numbers[pair.part].text, r.numbers[pair.whole].text)
		t.check.judge(r.number, t.heads[column].text, *printed, exact, how)
	}
}

// pairOf is the pair by which most rows agree: more than half of them, and of
// those that are neither 0 nor 100 % more than half too. Among equals the pair
// whose whole is called a plan and whose part stands nearest wins. Of one row
// only what the heads say counts, and so it does where the pair they name is
// agreed to by a third.
func (t *printedTable) pairOf(column int) (ratePair, bool) {
	type scored struct {
		ratePair
		agree, telling, rows, tells, named int
	}
	best, found := scored{}, false
	for _, part := range t.amounts() {
		for _, whole := range t.amounts() {
			if part == whole || !sameUnit(t.heads[part].text, t.heads[whole].text) {
				continue
			}
			for _, share := range []bool{false, true} {
				s := scored{ratePair: ratePair{part, whole, share}}
				s.named = t.named(column, s.ratePair)
				for _, r := range t.rows {
					exact, printed := t.rateBy(r, column, s.ratePair)
					if exact == nil {
						continue
					}
					s.rows++
					tells := exact.Sign() != 0 && exact.Cmp(percents100) != 0 && exact.Cmp(wholeShare) != 0
					if tells {
						s.tells++
					}
					if printed.against(exact) != PrintWrong {
						s.agree++
						if tells {
							s.telling++
						}
					}
				}
				trusted := 2*s.agree > s.rows && 2*s.telling >= s.tells && s.rows > 1 || s.named >= 3 && s.rows > 0 && (s.rows < 3 || 3*s.agree >= s.rows)
				better := !found || slices.Compare([]int{s.agree, s.telling, s.named}, []int{best.agree, best.telling, best.named}) > 0
				if trusted && better {
					best, found = s, true
				}
			}
		}
	}
	return best.ratePair, found
}

var (
	wholeShare  = big.NewRat(1, 1)
	percents100 = big.NewRat(100, 1)
)

// named is how much the heads speak for a pair.
func (t *printedTable) named(column int, p ratePair) int {
	n := 0
	if wholeWords.MatchString(t.heads[p.whole].text) && !wholeWords.MatchString(t.heads[p.part].text) {
		n += 2
	}
	if p.part == column-1 || t.heads[column].group != "" && t.heads[p.part].group == t.heads[column].group {
		n++
	}
	if p.share {
		n--
	}
	return n
}

func (t *printedTable) amounts() []int {
	var out []int
	for i, h := range t.heads {
		if h.kind == headAmount {
			out = append(out, i)
		}
	}
	return out
}

// rateBy is the rate of a row by a pair, and what is printed; nil where one of
// the three is missing or the whole is nothing.
func (t *printedTable) rateBy(r printedRow, column int, p ratePair) (exact *big.Rat, printed *printedNumber) {
	printed, part, whole := r.numbers[column], r.numbers[p.part], r.numbers[p.whole]
	if printed == nil || part == nil || whole == nil || whole.value.Sign() == 0 {
		return nil, nil
	}
	exact = new(big.Rat).Quo(part.amount(), whole.amount())
	if p.share {
		if printed.percent {
			return nil, nil
		}
		// a cell that computes holds all its digits: two of the per cent are what is shown
		shown := *printed
		shown.places = min(shown.places, 4)
		shown.value = roundHalfUp(printed.value, shown.places)
		return exact, &shown
	}
	return exact.Mul(exact, percents100), printed
}

// amount is the number with its 万 or 亿.
func (n printedNumber) amount() *big.Rat {
	return new(big.Rat).Mul(n.value, big.NewRat(n.scale, 1))
}

var headUnits = regexp.MustCompile(`(?i)公里|千米|km|万元|亿元|元|平方米|米|户|人|条|个|套|栋|处|村`)

// sameUnit reports whether two heads may be of one unit: one that says none fits all.
func sameUnit(a, b string) bool {
	u, v := headUnits.FindString(a), headUnits.FindString(b)
	return u == "" || v == "" || u == v
}
