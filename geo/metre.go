package geo

import (
	"math"
	"strconv"
)

// Millimetre is a length that is stored and summed. An int64 of them reaches
// nine light hours.
type Millimetre int64

// Metre is a length that is computed on and shown.
type Metre float64

// Sizes that the conversions use.
const (
	millimetresPerMetre = 1000
	// PerKilometre is the number of millimetres in a kilometre.
	PerKilometre Millimetre = 1_000_000
)

// Metres gives the length in metres.
func (mm Millimetre) Metres() float64 { return float64(mm) / millimetresPerMetre }

// Kilometres gives the length in kilometres.
func (mm Millimetre) Kilometres() float64 { return float64(mm) / float64(PerKilometre) }

// Metre gives the length as a Metre.
func (mm Millimetre) Metre() Metre { return Metre(mm.Metres()) }

// String writes the length in metres with three decimals, as in "12.345 m".
func (mm Millimetre) String() string {
	return strconv.FormatFloat(mm.Metres(), 'f', 3, 64) + " m"
}

// Millimetre rounds to the nearest millimetre, halves away from zero. NaN
// becomes zero, what is too long the longest there is.
func (m Metre) Millimetre() Millimetre { return Round(float64(m)) }

// String writes metres below a kilometre and kilometres above, as in
// "350 m" and "1.35 km".
func (m Metre) String() string {
	if math.Abs(float64(m)) < 999.5 {
		return strconv.FormatFloat(float64(m), 'f', 0, 64) + " m"
	}
	return strconv.FormatFloat(float64(m)/1000, 'f', 2, 64) + " km"
}

// Round turns metres into whole millimetres, halves away from zero. NaN
// becomes zero, what is too long the longest there is.
func Round(metres float64) Millimetre {
	mm := math.Round(metres * millimetresPerMetre)
	switch {
	case mm != mm:
		return 0
	case mm >= math.MaxInt64:
		return math.MaxInt64
	case mm <= math.MinInt64:
		return math.MinInt64
	}
	return Millimetre(mm)
}
