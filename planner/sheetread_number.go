package planner

import (
	"math"
	"regexp"
	"strings"
	"time"
)

// quantity is a number as a cell has it. Quantifiers are data: what was written
// about, over or nearly says so.
type quantity struct {
	value float64
	unit  string // km, m, li, %; empty: not said
	vague bool   // 约, 余, 多, 近
}

var (
	vagueWords = regexp.MustCompile(`大约|大概|近|约|余|多|左右|以上|以下|不足|超过|≈|~|>|<|≥|≤|\+`)
	quantities = regexp.MustCompile(`^(-?)(\d{1,12}|\d{1,3}(?:,\d{3})+)(\.\d{1,9})?(万|亿)?(公里|千米|km|华里|里|米|m|%)?(?:(\d{1,3})(?:米|m))?$`)
)

// parseQuantity reads a number with what stands around it: 约1.2公里, 1,250.5,
// 1.2万米, 3公里200米, 85%. It says false where the text is none. What numbers of a
// program look like, as in 1e309, NaN and 0x10, is none.
func parseQuantity(s string) (quantity, bool) {
	if len(s) > 100 {
		return quantity{}, false
	}
	text := strings.ToLower(narrow(s))
	bare := vagueWords.ReplaceAllString(text, "")
	m := quantities.FindStringSubmatch(bare)
	if m == nil {
		return quantity{}, false
	}
	q := quantity{value: decimalOf(strings.ReplaceAll(m[2], ",", ""), m[3]), vague: bare != text}
	q.value *= map[string]float64{"": 1, "万": 1e4, "亿": 1e8}[m[4]]
	q.unit = map[string]string{"公里": "km", "千米": "km", "km": "km", "华里": "li", "里": "li", "米": "m", "m": "m", "%": "%"}[m[5]]
	if m[6] != "" {
		if q.unit != "km" {
			return quantity{}, false
		}
		q.value += float64(figures(m[6])) / 1000
	}
	if m[1] != "" {
		q.value = -q.value
	}
	return q, true
}

// decimalOf is the number that digits before and behind a point write.
func decimalOf(whole, fraction string) float64 {
	var v float64
	for _, r := range whole {
		v = v*10 + float64(r-'0')
	}
	step := 1.0
	var tail float64
	for _, r := range strings.TrimPrefix(fraction, ".") {
		tail = tail*10 + float64(r-'0')
		step *= 10
	}
	return v + tail/step
}

// mmOf is a length in millimetres; unit is what the head says, kilometres where
// it says nothing. False: it is no length of a road.
func (q quantity) mmOf(unit string) (int64, bool) {
	if q.unit != "" {
		unit = q.unit
	}
	per, ok := map[string]float64{"": 1e6, "km": 1e6, "m": 1e3, "li": 5e5}[unit]
	mm := math.Round(q.value * per)
	if !ok || mm < 0 || mm > 1e13 {
		return 0, false
	}
	return int64(mm), true
}

// ParseLength reads a length as people write it and gives millimetres: 约1.2公里,
// 1200米, 2.4里 (500 m each), 1.2万米. unit is that of a number without one: km, m
// or li; empty: km. False: it is none.
func ParseLength(s, unit string) (mm int64, vague, ok bool) {
	q, ok := parseQuantity(s)
	if !ok || q.unit == "%" {
		return 0, false, false
	}
	mm, ok = q.mmOf(unit)
	return mm, q.vague, ok
}

// serial is a day as spreadsheets count it: 1 is 1900-01-01, and from March 1900
// on one more than the days, for they believe in 29 February 1900.
var serial = regexp.MustCompile(`^\d{5}(\.\d{1,9})?$`)

// sheetDay writes a cell's day as an entry has it: a day as a spreadsheet counts
// it becomes one of the calendar, everything else stays as it is.
func sheetDay(s string) string {
	text := narrow(clip(s))
	if !serial.MatchString(text) {
		return strings.TrimSpace(clip(s))
	}
	day, _, _ := strings.Cut(text, ".")
	return DateOf(time.Date(1899, time.December, 30+figures(day), 0, 0, 0, 0, time.UTC)).String()
}
