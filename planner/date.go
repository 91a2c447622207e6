package planner

import (
	"fmt"
	"time"
)

// Date is a calendar day without a clock or a zone: days since 0000-12-31 in
// the proleptic Gregorian calendar, so 1 is 0001-01-01. The zero Date means
// "no day given".
type Date int32

var dateEpoch = time.Date(0, time.December, 31, 0, 0, 0, 0, time.UTC)

// DateOf returns the day of t in UTC.
func DateOf(t time.Time) Date {
	t = t.UTC()
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return Date((day.Unix() - dateEpoch.Unix()) / 86400)
}

// ParseDate reads "2006-01-02". The error names the value and the form.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, Errorf(Invalid, "date %q is not a calendar day; write it as YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d == 0 }

// Time returns the first instant of the day in UTC.
func (d Date) Time() time.Time { return time.Unix(dateEpoch.Unix()+int64(d)*86400, 0).UTC() }

// String writes the day as 2006-01-02; the zero Date is the empty string.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	t := d.Time()
	return fmt.Sprintf("%04d-%02d-%02d", t.Year(), t.Month(), t.Day())
}
