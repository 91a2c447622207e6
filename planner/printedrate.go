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
		t.check.count(r.number, t.heads[column].text, *printed, exact.against(printed), exact.about, how)
	}
}

// pairOf is the pair by which most rows agree. A row tells where it prints
// neither nothing nor all: of those two in three must agree, and two at least;
// where none tells, all rows. Among equals the pair whose whole is called a plan
// and whose part stands nearest wins. Of one or two rows a pair is taken that
// stands near and agrees, else the one that the heads name.
func (t *printedTable) pairOf(column int) (ratePair, bool) {
	best, found := scoredPair{}, false
	for _, part := range t.amounts() {
		for _, whole := range t.amounts() {
			if part == whole || !sameUnit(t.heads[part].text, t.heads[whole].text) {
				continue
			}
			for _, share := range []bool{false, true} {
				s := t.score(column, ratePair{part, whole, share})
				if s.trusted() && (!found || s.better(best)) {
					best, found = s, true
				}
			}
		}
	}
	return best.ratePair, found
}

// scoredPair is a pair with how many rows agree, how many of them tell, and how
// much the heads speak for it.
type scoredPair struct {
	ratePair
	rows, agree, telling, tells, named int
}

func (s scoredPair) trusted() bool {
	switch {
	case s.rows == 0:
		return false
	case s.rows < 3:
		return s.named >= 3 || s.named >= 1 && s.agree == s.rows
	case s.tells == 0:
		return s.agree == s.rows
	}
	return s.telling >= 2 && 3*s.telling >= 2*s.tells
}

func (s scoredPair) better(than scoredPair) bool {
	return slices.Compare([]int{s.telling, s.agree, s.named}, []int{than.telling, than.agree, than.named}) > 0
}

func (t *printedTable) score(column int, p ratePair) scoredPair {
	s := scoredPair{ratePair: p, named: t.named(column, p)}
	all := percents100
	if p.share {
		all = wholeShare
	}
	for _, r := range t.rows {
		exact, printed := t.rateBy(r, column, p)
		if exact == nil {
			continue
		}
		s.rows++
		tells := printed.value.Sign() != 0 && printed.value.Cmp(all) != 0
		agrees := exact.against(printed) != PrintWrong
		if tells {
			s.tells++
		}
		if agrees {
			s.agree++
		}
		if tells && agrees {
			s.telling++
		}
	}
	return s
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

// rateRange is what a rate may be: its two numbers are rounded as printed, so it
// lies between two bounds, about what they give as they stand. Whole numbers are
// taken as counted.
type rateRange struct{ low, high, about *big.Rat }

// rateBy is the rate of a row by a pair, and what is printed; nil where one of
// the three is missing or the whole may be nothing.
func (t *printedTable) rateBy(r printedRow, column int, p ratePair) (exact *rateRange, printed *printedNumber) {
	printed, part, whole := r.numbers[column], r.numbers[p.part], r.numbers[p.whole]
	if printed == nil || part == nil || whole == nil || p.share && printed.percent {
		return nil, nil
	}
	a, b := t.between(part, p.part), t.between(whole, p.whole)
	if b.low.Sign() <= 0 || a.low.Sign() < 0 {
		return nil, nil
	}
	exact = &rateRange{new(big.Rat).Quo(a.low, b.high), new(big.Rat).Quo(a.high, b.low), new(big.Rat).Quo(a.about, b.about)}
	if !p.share {
		for _, r := range []*big.Rat{exact.low, exact.high, exact.about} {
			r.Mul(r, percents100)
		}
		return exact, printed
	}
	// a cell that computes holds all its digits: two of the per cent are what is shown
	shown := *printed
	shown.places = min(shown.places, 4)
	shown.value = roundHalfUp(printed.value, shown.places)
	return exact, &shown
}

// between is what a printed amount may have been before it was rounded to the
// digits of its column: a workbook drops the zeros at the end of a number.
func (t *printedTable) between(n *printedNumber, column int) rateRange {
	value, places := n.amount(), t.heads[column].places
	if places == 0 {
		return rateRange{value, value, value}
	}
	half := new(big.Rat).SetFrac(big.NewInt(n.scale), new(big.Int).Mul(big.NewInt(2), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)))
	low := new(big.Rat).Sub(value, half)
	if low.Sign() < 0 && value.Sign() >= 0 {
		low.SetInt64(0)
	}
	return rateRange{low, new(big.Rat).Add(value, half), value}
}

// against compares as [printedNumber.against] does with the value of the range
// that is nearest to what is printed.
func (r *rateRange) against(n *printedNumber) PrintVerdict {
	for _, as := range []struct {
		round   func(*big.Rat, int) *big.Rat
		verdict PrintVerdict
	}{{roundHalfUp, PrintAgrees}, {cutOff, PrintTruncated}} {
		if as.round(r.low, n.places).Cmp(n.value) <= 0 && n.value.Cmp(as.round(r.high, n.places)) <= 0 {
			return as.verdict
		}
	}
	return n.against(r.about)
}

// amount is the number with its 万 or 亿.
func (n printedNumber) amount() *big.Rat {
	return new(big.Rat).Mul(n.value, big.NewRat(n.scale, 1))
}

var headUnits = regexp.MustCompile(`(?i)公里|千米|\bkm\b|万元|亿元|元|\byuan\b|平方米|米|户|\bhouseholds?\b|人|\bpersons?\b|条|\broads?\b|个|套|\bdwellings?\b|栋|\bbuildings?\b|处|\bsites?\b|村|\bvillages?\b`)

// sameUnit reports whether two heads may be of one unit: one that says none fits all.
func sameUnit(a, b string) bool {
	u, v := headUnits.FindString(a), headUnits.FindString(b)
	return u == "" || v == "" || u == v
}
