package api

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// exact is an integer in the base unit of a basis, written in the basis
// itself: millimetres as km, fen as yuan. The decimals are made from the
// integer, so that no digit is lost or invented. An exact without a value is
// null.
type exact struct {
	n     int64
	basis planner.Unit
	known bool
}

func exactly(n int64, basis planner.Unit) exact { return exact{n, basis, true} }

// personMetre is the basis of a person-weighted sum of distances, kept in
// person-millimetres.
const personMetre planner.Unit = "person·m"

// percentOfPPM writes millionths as per cent.
const percentOfPPM planner.Unit = "% of ppm"

// decimalsOf is how many decimals a whole base unit has in a basis.
func decimalsOf(basis planner.Unit) int {
	switch basis {
	case planner.UnitKM:
		return 6
	case planner.UnitYuan, planner.UnitM2:
		return 2
	case personMetre, metres, planner.UnitM3Day, milliPoints:
		return 3
	case percentOfPPM:
		return 4
	}
	return 0
}

// String writes the number with no more decimals than it needs; nothing for
// an unknown one.
func (e exact) String() string {
	if !e.known {
		return ""
	}
	if e.basis == planner.UnitMinute { // milliseconds; a sixtieth has no end in decimals
		return strconv.FormatFloat(float64(e.n)/60_000, 'f', -1, 64)
	}
	return shift(e.n, decimalsOf(e.basis))
}

// shift writes n with its last digits behind the point, without zeros at the
// end.
func shift(n int64, decimals int) string {
	digits := strconv.FormatUint(magnitude(n), 10)
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	whole, part := digits[:len(digits)-decimals], digits[len(digits)-decimals:]
	for len(part) > 0 && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	if part != "" {
		whole += "." + part
	}
	if n < 0 {
		whole = "-" + whole
	}
	return whole
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// MarshalJSON writes a JSON number, or null.
func (e exact) MarshalJSON() ([]byte, error) {
	if !e.known {
		return []byte("null"), nil
	}
	return []byte(e.String()), nil
}

// Schema describes an exact in the OpenAPI document.
func (e exact) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true}
}
