package ingest

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/qiantu/qiantu/planner"
)

// plain folds full-width digits and letters, unit ligatures and odd spaces into
// their plain forms, for numbers, codes and heads. Text values keep theirs.
func plain(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

// clean is what is stored of a text value: trimmed, composed, spaces kept inside.
func clean(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

// splitUnit parts "12.5公里" into the number and the unit behind it.
func splitUnit(s string) (number, unit string) {
	s = plain(s)
	end := len(s)
	for i, r := range s {
		if !unicode.IsDigit(r) && !strings.ContainsRune("+-., eE'", r) {
			end = i
			break
		}
	}
	number = strings.TrimSpace(s[:end])
	return strings.TrimRight(number, " "), strings.ToLower(strings.TrimSpace(s[end:]))
}

// ungroup removes thousands separators when they group by three, and refuses
// other commas: 1,5 may be 1.5 or 15.
func ungroup(s string) (string, bool) {
	if !strings.ContainsRune(s, ',') {
		return s, true
	}
	whole, frac, hasFrac := strings.Cut(s, ".")
	groups := strings.Split(strings.TrimLeft(whole, "+-"), ",")
	if len(groups[0]) == 0 || len(groups[0]) > 3 || strings.ContainsRune(frac, ',') {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", false
		}
	}
	out := strings.ReplaceAll(whole, ",", "")
	if hasFrac {
		out += "." + frac
	}
	return out, true
}

// decimal reads s times 10^shift as an integer, exactly, rounding half up in
// the last place. No float is involved, so 0.1 km is 100 000 mm.
func decimal(s string, shift int) (int64, bool) {
	s, ok := ungroup(plain(s))
	if !ok || s == "" || len(s) > 40 {
		return 0, false
	}
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(strings.TrimPrefix(s, "-"), "+")
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" || !digits(whole) || !digits(frac) {
		return 0, false
	}
	up := len(frac) > shift && frac[shift] >= '5'
	if len(frac) > shift {
		frac = frac[:shift]
	}
	n, err := strconv.ParseInt(strings.TrimLeft("0"+whole+frac+strings.Repeat("0", shift-len(frac)), " "), 10, 64)
	if err != nil || n > math.MaxInt64/4 {
		return 0, false
	}
	if up {
		n++
	}
	if negative {
		n = -n
	}
	return n, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// lengthUnits are powers of ten from the unit to the millimetre.
var lengthUnits = map[string]int{
	"mm": 0, "毫米": 0, "cm": 1, "厘米": 1, "m": 3, "米": 3, "meter": 3, "metre": 3, "meters": 3, "metres": 3,
	"km": 6, "公里": 6, "千米": 6, "kilometre": 6, "kilometer": 6, "kms": 6,
}

// millimetres reads a length. unit is that of the head ("" none); a unit in the
// cell wins over it. ok is false where there is no number or no unit at all.
func millimetres(s, unit string) (mm int64, ok bool) {
	number, own := splitUnit(s)
	if own != "" {
		unit = own
	}
	shift, known := lengthUnits[unit]
	if !known {
		return 0, false
	}
	return decimal(number, shift)
}

// moneyUnits are powers of ten from the unit to the fen.
var moneyUnits = map[string]int{"分": 0, "fen": 0, "角": 1, "元": 2, "yuan": 2, "cny": 2, "rmb": 2, "千元": 5, "万元": 6, "万": 6, "亿元": 10, "亿": 10}

// fen reads an amount of money; without any unit it is in yuan.
func fen(s, unit string) (int64, bool) {
	number, own := splitUnit(s)
	if own != "" {
		unit = own
	}
	if unit == "" {
		unit = "元"
	}
	shift, known := moneyUnits[unit]
	if !known {
		return 0, false
	}
	return decimal(number, shift)
}

// countUnits may stand behind a count: 12户.
var countUnits = map[string]bool{"": true, "户": true, "人": true, "个": true, "套": true, "户次": true, "人次": true}

// count reads a whole number that is not negative. 12.0 is one, 12.5 is not.
func count(s string) (int64, bool) {
	number, unit := splitUnit(s)
	if !countUnits[unit] {
		return 0, false
	}
	thousandths, ok := decimal(number, 3)
	if !ok || thousandths < 0 || thousandths%1000 != 0 {
		return 0, false
	}
	return thousandths / 1000, true
}

// number reads a finite decimal number.
func number(s string) (float64, bool) {
	s, ok := ungroup(strings.TrimSuffix(plain(s), "%"))
	if !ok || len(s) > 40 || strings.ContainsAny(s, "xX_pPnN") {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

var dateForms = []string{
	"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "2006-01-02 15:04:05",
	"2006/01/02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "01-02-06", "1/2/06 15:04",
}

// date reads a calendar day. exact is false where the text was in a form that
// can be read in two ways or was cut to its day.
func date(s string) (day planner.Date, exact, ok bool) {
	s = plain(s)
	for i, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return planner.DateOf(t), i < 6, true
		}
	}
	if n, ok := count(s); ok && len(s) == 5 && n >= excelFrom && n <= excelTo {
		return planner.DateOf(excelEpoch.AddDate(0, 0, int(n))), false, true
	}
	return 0, false, false
}

// Spreadsheets store a day as the number of days since 1899-12-30; taken are
// those from 1954 to 2118, which no other plausible figure of five digits is.
const (
	excelFrom = 20_000
	excelTo   = 80_000
)

var excelEpoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

var truths = map[string]string{
	"yes": "yes", "y": "yes", "true": "yes", "t": "yes", "1": "yes", "是": "yes", "有": "yes", "√": "yes", "能": "yes", "达标": "yes", "合格": "yes",
	"no": "no", "n": "no", "false": "no", "f": "no", "0": "no", "否": "no", "无": "no", "×": "no", "不能": "no", "未": "no", "不达标": "no", "不合格": "no",
	"unknown": "unknown", "未知": "unknown", "不详": "unknown", "未调查": "unknown", "?": "unknown",
}

// truth reads yes, no or unknown in either language.
func truth(s string) (planner.Ternary, bool) {
	t, ok := truths[strings.ToLower(plain(s))]
	return planner.Ternary(t), ok
}

// damaged reports text that lost characters on its way: replacement characters
// or question marks where a name should be.
func damaged(s string) bool {
	return strings.ContainsRune(s, '\uFFFD') || strings.Contains(s, "??") || strings.Trim(s, "?") == "" && s != ""
}
