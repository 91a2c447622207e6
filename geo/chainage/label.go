package chainage

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// MaxLabel is the greatest label that is read: K9999+999.999. No road is
// longer.
const MaxLabel = 9_999_999_999

// ParseLabel reads a label and gives it in millimetres: 12345000 for K12+345.
// It takes the usual spellings: K12+345, k12+345.678, 12+345, DK12+345, AK, ZK,
// YK and the other prefixes of up to two letters, full-width figures and signs,
// blanks around them, and K12 for K12+000. After the plus stand at most three
// digits (metres), then at most three decimals. A number without K and plus is
// refused, for it may be metres or kilometres.
func ParseLabel(s string) (int64, error) {
	text := strings.Join(strings.Fields(width.Narrow.String(s)), "")
	number, prefixed := stripPrefix(text)
	km, rest, plus := strings.Cut(number, "+")
	if !plus && !prefixed {
		return 0, labelError(s, "has neither K nor +, so it may be metres or kilometres")
	}
	kilometres, ok := digits(km, 4)
	if !ok {
		return 0, labelError(s, "has no whole kilometres of 1 to 4 digits before the +")
	}
	if !plus {
		return kilometres * 1_000_000, nil
	}
	whole, decimals, point := strings.Cut(rest, ".")
	metres, ok := digits(whole, 3)
	if !ok {
		return 0, labelError(s, "has no metres of 1 to 3 digits after the +")
	}
	if !point {
		return kilometres*1_000_000 + metres*1000, nil
	}
	mm, ok := digits(decimals, 3)
	if !ok {
		return 0, labelError(s, "has no 1 to 3 decimals after the point")
	}
	for range 3 - len(decimals) {
		mm *= 10
	}
	return kilometres*1_000_000 + metres*1000 + mm, nil
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
