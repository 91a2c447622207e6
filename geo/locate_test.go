package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestLocateSides(t *testing.T) {
	m := NewMeasured(onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{100, 100}))
	for name, test := range map[string]struct {
		east, north float64
		at, offset  float64
		side        Side
	}{
		"left":              {50, 7, 50, 7, Left},
		"right":             {50, -7, 50, 7, Right},
		"on the line":       {50, 0, 50, 0, OnLine},
		"inside the corner": {80, 15, 80, 15, Left},
		"outside it":        {103, -4, 100, 5, Right},
		"before the start":  {-5, 0, 0, 5, OnLine},
		"beside the start":  {-3, 4, 0, 5, Left},
		"beyond the end":    {97, 104, 200, 5, Left},
		"far away":          {-90_000, 0, 0, 90_000, OnLine},
	} {
		p := onGrid([2]float64{test.east, test.north})[0]
		got := m.Locate(p, 0)
		if len(got) == 0 || !near(got[0].At, Metre(test.at).Millimetre(), 20) || !near(got[0].Offset, Metre(test.offset).Millimetre(), 20) || got[0].Side != test.side && test.east > -1000 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A point between the legs of a hairpin may stand at either.
func TestLocateAsks(t *testing.T) {
	m := NewMeasured(onGrid([2]float64{0, 0}, [2]float64{0, 300}, [2]float64{20, 300}, [2]float64{20, 0}))
	p := onGrid([2]float64{9, 100})[0]
	got := m.Locate(p, 3000)
	if len(got) != 2 || !near(got[0].At, 100_000, 50) || !near(got[1].At, 520_000, 50) || got[0].Side != Right || got[1].Side != Right {
		t.Errorf("between the legs: %+v", got)
	}
	if got := m.Locate(p, 1000); len(got) != 1 {
		t.Errorf("the other leg is 2 m further: %+v", got)
	}
	if got := m.Locate(onGrid([2]float64{9, 297})[0], 10_000); len(got) != 1 || got[0].Offset > 3100 {
		t.Errorf("in the bend: %+v", got)
	}
}

// The first location is the nearest place of all.
func TestLocateAgainstTheWholeLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := roadLine(t)
		if Length(ls) == 0 {
			return
		}
		p := Destination(ls[rapid.IntRange(0, len(ls)-1).Draw(t, "vertex")], rapid.Float64Range(0, 360).Draw(t, "azimuth"), rapid.Float64Range(0, 3000).Draw(t, "off"))
		got := NewMeasured(ls).Locate(p, rapid.SampledFrom([]Millimetre{0, 500, 20_000}).Draw(t, "slack"))
		d, foot := DistanceToLine(p, ls)
		if len(got) == 0 || !near(got[0].Offset, Round(d), 2) || Distance(got[0].Point, p) > d+0.002 {
			t.Fatalf("%+v, want %v m at %v", got, d, foot.At)
		}
		for _, l := range got {
			if on := Interpolate(ls, l.At); Distance(on, l.Point) > 0.005 {
				t.Fatalf("%+v is %.3f m from its measure", l, Distance(on, l.Point))
			}
		}
	})
}

func TestLocateNowhere(t *testing.T) {
	m := NewMeasured(onGrid([2]float64{0, 0}, [2]float64{100, 0}))
	if got := m.Locate(orb.Point{math.NaN(), 1}, 0); got != nil {
		t.Errorf("nowhere is at %v", got)
	}
	if got := (Measured{}).Locate(orb.Point{1, 1}, 0); got != nil {
		t.Errorf("an empty line has %v", got)
	}
	if got := m.Locate(orb.Point{-75, -27}, 0); len(got) == 0 {
		t.Error("the other side of the earth is near nothing")
	}
}
