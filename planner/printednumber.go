package planner

import (
	"math/big"
	"regexp"
	"strings"
)

// printedNumber is a number as a report prints it: its digits bear how finely it
// was rounded, its words whether it is meant as a bound.
type printedNumber struct {
	text    string
	value   *big.Rat // of the digits alone
	places  int      // digits behind the point
	scale   int64    // 10,000 of 万, 100,000,000 of 亿
	percent bool
	unit    string
	bound   int // 1: at least, 余; -1: at most, 不足
	about   bool
}

var (
	printedForm  = regexp.MustCompile(`^([-+]?)(\d{1,15}|\d{1,3}(?:,\d{3})+)(\.\d{1,30})?(万|亿)?(%|个百分点|pp)?(\p{L}{0,6}[²³]?(?:/\p{L}{1,3})?)$`)
	atLeastWords = regexp.MustCompile(`余|多|以上|超过|逾|≥|>`)
	atMostWords  = regexp.MustCompile(`不足|以下|以内|≤|<`)
	roughWords   = regexp.MustCompile(`大约|大概|约|近|左右|≈|~`)
)

// readPrinted reads a printed number: 45.75%, 8408人, 1,234.5公里, 73.398亿元,
// 30万余人. False: it is none.
func readPrinted(s string) (printedNumber, bool) {
	if len(s) > 200 {
		return printedNumber{}, false
	}
	text := narrow(s)
	n := printedNumber{text: strings.TrimSpace(s), scale: 1}
	switch {
	case atLeastWords.MatchString(text):
		n.bound = 1
	case atMostWords.MatchString(text):
		n.bound = -1
	}
	n.about = roughWords.MatchString(text)
	for _, words := range []*regexp.Regexp{atLeastWords, atMostWords, roughWords} {
		text = words.ReplaceAllString(text, "")
	}
	m := printedForm.FindStringSubmatch(text)
	if m == nil {
		return printedNumber{}, false
	}
	value, ok := new(big.Rat).SetString(m[1] + strings.ReplaceAll(m[2], ",", "") + m[3])
	if !ok {
		return printedNumber{}, false
	}
	n.value, n.places = value, max(len(m[3])-1, 0)
	n.scale = map[string]int64{"": 1, "万": 1e4, "亿": 1e8}[m[4]]
	n.percent, n.unit = m[5] != "", m[6]
	return n, true
}

// against compares with the exact figure, rounded half up and cut off, at the
// digits that are printed. One that is said to be a bound holds as such, one
// said to be rough within a twentieth.
func (n printedNumber) against(exact *big.Rat) PrintVerdict {
	e := n.reading(exact)
	switch {
	case n.bound > 0 && e.Cmp(n.value) >= 0, n.bound < 0 && e.Cmp(n.value) <= 0, n.about && near(e, n.value):
		return PrintAgrees
	case roundHalfUp(e, n.places).Cmp(n.value) == 0:
		return PrintAgrees
	case cutOff(e, n.places).Cmp(n.value) == 0:
		return PrintTruncated
	}
	return PrintWrong
}

// readings are the exact figure in the units the digits may be in: a share as it
// is and in per cent, an amount as it is and in 万 or 亿.
func (n printedNumber) readings(exact *big.Rat) []*big.Rat {
	out := []*big.Rat{exact}
	if n.percent {
		out = append(out, new(big.Rat).Mul(exact, big.NewRat(100, 1)))
	}
	if n.scale > 1 {
		out = append(out, new(big.Rat).Quo(exact, big.NewRat(n.scale, 1)))
	}
	return out
}

// reading is the one of the readings that is nearest to what is printed.
func (n printedNumber) reading(exact *big.Rat) *big.Rat {
	best := exact
	gap := func(e *big.Rat) *big.Rat { d := new(big.Rat).Sub(e, n.value); return d.Abs(d) }
	for _, e := range n.readings(exact) {
		if gap(e).Cmp(gap(best)) < 0 {
			best = e
		}
	}
	return best
}

// rounded writes the exact figure as the report should have printed it.
func (n printedNumber) rounded(exact *big.Rat) string {
	return roundHalfUp(n.reading(exact), n.places).FloatString(n.places) + n.sign()
}

// decimals writes the exact figure with four more digits than are printed.
func (n printedNumber) decimals(exact *big.Rat) string {
	s := n.reading(exact).FloatString(n.places + 4)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s + n.sign()
}

func (n printedNumber) sign() string {
	if n.percent {
		return "%"
	}
	return map[int64]string{1e4: "万", 1e8: "亿"}[n.scale] + n.unit
}

func near(a, b *big.Rat) bool {
	gap := new(big.Rat).Sub(a, b)
	limit := new(big.Rat).Mul(a, big.NewRat(1, 20))
	return gap.Abs(gap).Cmp(limit.Abs(limit)) <= 0
}

// roundHalfUp rounds to so many digits behind the point, halves away from zero.
func roundHalfUp(r *big.Rat, places int) *big.Rat {
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	return shifted(r, places, half)
}

// Print writes an exact figure with so many digits behind the point, halves
// rounded away from zero: as this program prints, and [CheckTable] checks.
func Print(r *big.Rat, places int) string { return roundHalfUp(r, places).FloatString(places) }

// cutOff drops the digits beyond.
func cutOff(r *big.Rat, places int) *big.Rat { return shifted(r, places, new(big.Rat)) }

func shifted(r *big.Rat, places int, add *big.Rat) *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	x := new(big.Rat).Mul(r, new(big.Rat).SetInt(ten))
	x.Add(x, add)
	whole := new(big.Int).Quo(x.Num(), x.Denom()) // towards zero
	return new(big.Rat).SetFrac(whole, ten)
}
