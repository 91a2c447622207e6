package chainage

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// MaxLabel is the greatest label that is read: K9999+999.999. No road is
// longer.
const MaxLabel = 9_999_999_999

// ParseLabel reads a label and gives it in millimetres: 12345000 for K12+345.
// It takes the usual spellings: K12+345, k12+345.678, 12+345, DK12+345, AK, ZK,
// YK and the other prefixes of up to two letters, full-width figures and signs,
// blanks around them, 桩号 before, m or 米 behind, and K12 for K12+000. After
// the plus stand at most three digits (metres), then at most three decimals.
// K12.345 without a plus is kilometres, with at most six decimals. A number
// without K and plus is refused, for it may be metres or kilometres.
func ParseLabel(s string) (int64, error) { return parseLabel(s, plain(s)) }

// parseLabel reads a text made plain; s is how it was written.
func parseLabel(s, text string) (int64, error) {
	number, prefixed := stripPrefix(withoutHead(text))
	km, rest, plus := strings.Cut(number, "+")
	switch {
	case !plus && !prefixed:
		return 0, labelError(s, "has neither K nor +, so it may be metres or kilometres")
	case !plus:
		mm, ok := decimal(withoutUnit(km, "km", "公里", "千米"), 4, 6)
		if !ok {
			return 0, labelError(s, "has no kilometres of 1 to 4 digits, or of at most 6 decimals, after the K")
		}
		return mm, nil
	}
	kilometres, ok := digits(km, 4)
	if !ok {
		return 0, labelError(s, "has no whole kilometres of 1 to 4 digits before the +")
	}
	metres, ok := decimal(withoutUnit(rest, "m", "米"), 3, 3)
	if !ok {
		return 0, labelError(s, "has no metres of 1 to 3 digits, or of at most 3 decimals, after the +")
	}
	return kilometres*1_000_000 + metres, nil
}

// plain makes a label or an interval of the widths that keyboards give one
// spelling, and takes out blanks and what has no width.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u200b', r == '\ufeff':
			return -1
		case r == '﹢':
			return '+'
		}
		return r
	}, width.Narrow.String(s))
}

func withoutHead(s string) string {
	if rest, ok := strings.CutPrefix(s, "桩号"); ok {
		return strings.TrimPrefix(rest, ":")
	}
	return s
}

// withoutUnit takes off one unit behind a number.
func withoutUnit(s string, units ...string) string {
	for _, unit := range units {
		if n := len(s) - len(unit); n > 0 && strings.EqualFold(s[n:], unit) {
			return s[:n]
		}
	}
	return s
}

// decimal reads digits and decimals, at most so many of each, as a whole
// number of the last decimal there may be.
func decimal(s string, wholes, decimals int) (int64, bool) {
	whole, rest, point := strings.Cut(s, ".")
	v, ok := digits(whole, wholes)
	var tail int64
	if point && ok {
		tail, ok = digits(rest, decimals)
	}
	for i := range decimals {
		v *= 10
		if i >= len(rest) {
			tail *= 10
		}
	}
	return v + tail, ok
}

func labelError(s, what string) error {
	return fmt.Errorf("chainage: %.40q %s; write it as K12+345", s, what)
}

// stripPrefix takes off K and a letter before it, as in DK.
func stripPrefix(s string) (rest string, found bool) {
	for i := 0; i < len(s) && i < 2; i++ {
		switch letter := s[i] &^ 0x20; {
		case letter == 'K':
			return s[i+1:], true
		case letter < 'A' || letter > 'Z':
			return s, false
		}
	}
	return s, false
}

// digits reads 1 to n ASCII digits.
func digits(s string, n int) (int64, bool) {
	if len(s) == 0 || len(s) > n {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	v, err := strconv.ParseInt(s, 10, 64)
	return v, err == nil
}

// FormatLabel writes a label given in millimetres: K12+345, with decimals only
// where there are some, K12+345.678. A label below zero, which only an
// extrapolation can give, is written K-0+012.
func FormatLabel(mm int64) string {
	sign := ""
	if mm < 0 {
		sign, mm = "-", -mm
	}
	out := fmt.Sprintf("K%s%d+%03d", sign, mm/1_000_000, mm/1000%1000)
	if rest := mm % 1000; rest != 0 {
		out += strings.TrimRight(fmt.Sprintf(".%03d", rest), "0")
	}
	return out
}
