package geo

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// anyPoint draws from the whole earth, with its awkward places made likely.
func anyPoint(t *rapid.T, label string) orb.Point {
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{-180, -90, 0, 90, 105, 179.9999999, 180}))
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, -89.9999999, -45, 0, 27, 45, 89.9999999, 90}))
	return orb.Point{lon.Draw(t, label+" lon"), lat.Draw(t, label+" lat")}
}

// roadLine draws a winding road of 2 to 30 vertices.
func roadLine(t *rapid.T) orb.LineString {
	p := anyPoint(t, "start")
	ls := orb.LineString{p}
	for range rapid.IntRange(1, 29).Draw(t, "pieces") {
		step := rapid.OneOf(rapid.Float64Range(0.001, 300), rapid.Float64Range(0, 30_000)).Draw(t, "step")
		p = Destination(p, rapid.Float64Range(0, 360).Draw(t, "azimuth"), step)
		ls = append(ls, p)
	}
	return ls
}

func TestDistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := anyPoint(t, "p"), anyPoint(t, "q"), anyPoint(t, "r")
		pq, qr, pr := Distance(p, q), Distance(q, r), Distance(p, r)
		if pq != Distance(q, p) {
			t.Fatalf("not the same both ways: %v, %v", pq, Distance(q, p))
		}
		if pr > pq+qr+1e-6 {
			t.Fatalf("a detour is shorter: %v > %v + %v", pr, pq, qr)
		}
		chord := minus(CGCS2000.Cartesian(p), CGCS2000.Cartesian(q))
		if pq < math.Sqrt(dot(chord, chord))-slack {
			t.Fatalf("shorter than through the earth: %v", pq)
		}
	})
}

func TestDirectUndoesInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPoint(t, "p"), anyPoint(t, "q")
		d, azimuth, _ := CGCS2000.Inverse(p, q)
		if miss := Distance(CGCS2000.Direct(p, azimuth, d), q); miss > 1e-6 {
			t.Fatalf("%v m along %v° from %v misses %v by %v m", d, azimuth, p, q, miss)
		}
	})
}

func TestCutsSumToTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := roadLine(t)
		m := NewMeasured(ls)
		at := rapid.Int64Range(-5, int64(m.Length())+5)
		a, b := Millimetre(at.Draw(t, "a")), Millimetre(at.Draw(t, "b"))
		if a > b {
			a, b = b, a
		}
		var sum Millimetre
		var end *orb.Point
		for _, part := range []orb.LineString{m.Cut(0, a), m.Cut(a, b), m.Cut(b, m.Length())} {
			if part == nil {
				continue
			}
			if end != nil && *end != part[0] {
				t.Fatalf("cuts do not meet: %v, %v", *end, part[0])
			}
			end = &part[len(part)-1]
			sum += Length(part)
		}
		if !near(sum, m.Length(), 2) {
			t.Fatalf("parts are %d mm, whole %d", sum, m.Length())
		}
		if !onHalf(ls) && sum != m.Length() {
			t.Fatalf("parts are %d mm, whole %d, and no piece is on the border of rounding", sum, m.Length())
		}
	})
}

// onHalf says whether a piece is so near to half a millimetre that its
// rounding hangs on the last digits of the coordinates.
func onHalf(ls orb.LineString) bool {
	for i := 1; i < len(ls); i++ {
		if mm := Distance(ls[i-1], ls[i]) * 1000; math.Abs(mm-math.Floor(mm)-0.5) < 1e-4 {
			return true
		}
	}
	return false
}

func near(a, b, by Millimetre) bool { return a-b <= by && b-a <= by }

func TestMeasureAndInterpolate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := roadLine(t)
		at := Measure(ls)
		for i := range ls {
			if i > 0 && at[i] < at[i-1] {
				t.Fatalf("measure falls: %v", at)
			}
			if got := Interpolate(ls, at[i]); Distance(got, ls[i]) > 0.002 {
				t.Fatalf("vertex %d at %v is %v, want %v", i, at[i], got, ls[i])
			}
		}
		if at[len(at)-1] != Length(ls) {
			t.Fatalf("last measure %v, length %v", at[len(at)-1], Length(ls))
		}
		mm := Millimetre(rapid.Int64Range(0, int64(Length(ls))).Draw(t, "at"))
		if d, _ := DistanceToLine(Interpolate(ls, mm), ls); d > 1e-6 {
			t.Fatalf("point at %v lies %v m off the line", mm, d)
		}
	})
}

func TestEmptyLines(t *testing.T) {
	var none orb.LineString
	if Length(none) != 0 || Measure(none) != nil || Cut(none, 0, 10) != nil || Interpolate(none, 5) != (orb.Point{}) {
		t.Error("an empty line has a measure")
	}
	if d, _ := DistanceToLine(orb.Point{1, 1}, none); !math.IsInf(d, 1) {
		t.Errorf("distance to an empty line %v, want infinite", d)
	}
	one := orb.LineString{{1, 2}}
	if d, f := DistanceToLine(orb.Point{1, 2}, one); d != 0 || f.Point != one[0] {
		t.Errorf("distance to the only vertex %v, %v", d, f)
	}
	if p := Interpolate(one, 99); p != one[0] {
		t.Errorf("interpolated %v on one vertex", p)
	}
}

// The foot is compared with the best of a thousand places along the line.
func TestFootIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := roadLine(t)
		p := Destination(ls[0], rapid.Float64Range(0, 360).Draw(t, "azimuth"), rapid.Float64Range(0, 50_000).Draw(t, "off"))
		d, foot := DistanceToLine(p, ls)
		if got := Distance(p, foot.Point); math.Abs(got-d) > 1e-6 {
			t.Fatalf("foot is %v m away, said %v", got, d)
		}
		if at := Interpolate(ls, foot.At); Distance(at, foot.Point) > 0.002 {
			t.Fatalf("foot is not at its measure %v: %v m off", foot.At, Distance(at, foot.Point))
		}
		m := NewMeasured(ls)
		for i := range 1001 {
			if other := Distance(p, m.Interpolate(m.Length()*Millimetre(i)/1000)); other < d-1e-6 {
				t.Fatalf("%d/1000 along is %v m away, foot %v", i, other, d)
			}
		}
	})
}

// On long pieces the geodesic leaves the chord and the parallel by kilometres.
func TestFootOnLongPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, p := anyPoint(t, "a"), anyPoint(t, "p")
		b := Destination(a, rapid.Float64Range(0, 360).Draw(t, "azimuth"), rapid.Float64Range(1, 9e6).Draw(t, "long"))
		d, _ := DistanceToLine(p, orb.LineString{a, b})
		if d > 9e6 {
			return // beyond a quarter of the earth a piece has more than one nearest point
		}
		track, length := CGCS2000.between(a, b)
		for i := range 1001 {
			x, _ := track.at(length * float64(i) / 1000)
			if other := Distance(p, x); other < d-1e-3 {
				t.Fatalf("%d/1000 along is %v m away, foot %v", i, other, d)
			}
		}
	})
}

func TestArea(t *testing.T) {
	square := orb.Ring{{104, 27}, {105, 27}, {105, 28}, {104, 28}, {104, 27}}
	hole := orb.Ring{{104.4, 27.4}, {104.6, 27.4}, {104.6, 27.6}, {104.4, 27.6}, {104.4, 27.4}}
	whole := Area(orb.Polygon{square})
	// The belt between two parallels in closed form, 1/360 of it. Its sides
	// are parallels and not geodesics, hence the wide tolerance.
	if want := belt(27, 28) / 360; math.Abs(whole-want)/want > 2e-5 {
		t.Errorf("one degree square is %.0f m², want about %.0f", whole, want)
	}
	if got, want := Area(orb.Polygon{square, hole}), whole-Area(hole); math.Abs(got-want) > 1 {
		t.Errorf("with a hole %.0f, want %.0f", got, want)
	}
	reversed := square.Clone()
	reversed.Reverse()
	if got := Area(orb.Polygon{reversed}); got != whole {
		t.Errorf("reversed %.3f, want %.3f", got, whole)
	}
	cap60 := orb.Ring{}
	for lon := -180.0; lon < 180; lon += 0.5 {
		cap60 = append(cap60, orb.Point{lon, 60})
	}
	if got, want := Area(cap60), belt(60, 90); math.Abs(got-want)/want > 1e-4 {
		t.Errorf("round the pole %.0f, want about %.0f", got, want)
	}
	over := orb.Ring{{179, 10}, {-179, 10}, {-179, 11}, {179, 11}, {179, 10}}
	moved := orb.Ring{{-1, 10}, {1, 10}, {1, 11}, {-1, 11}, {-1, 10}}
	if got, want := Area(over), Area(moved); math.Abs(got-want) > 1 {
		t.Errorf("over the antimeridian %.0f, want %.0f", got, want)
	}
}

// belt is the area between two parallels, by the closed form of the
// authalic latitude.
func belt(south, north float64) float64 {
	e := math.Sqrt(CGCS2000.e2)
	q := func(lat float64) float64 {
		s := math.Sin(lat * math.Pi / 180)
		return s/(1-sq(e*s)) + math.Atanh(e*s)/e
	}
	return math.Pi * sq(CGCS2000.b) * (q(north) - q(south))
}

func TestAreaOfOtherGeometries(t *testing.T) {
	for _, g := range orb.AllGeometries {
		if a := Area(g); a < 0 || math.IsNaN(a) {
			t.Errorf("%T has area %v", g, a)
		}
		if err := Check(g); err != nil {
			t.Errorf("%T: %v", g, err)
		}
	}
}

func TestRound(t *testing.T) {
	for metres, want := range map[float64]Millimetre{
		0.0005: 1, -0.0005: -1, 0.00049: 0, 1.2345: 1235, math.Inf(1): math.MaxInt64, math.Inf(-1): math.MinInt64, math.NaN(): 0,
	} {
		if got := Round(metres); got != want {
			t.Errorf("Round(%v) = %d, want %d", metres, got, want)
		}
	}
	if got := Millimetre(12345).String() + ", " + Metre(350).String() + ", " + Metre(1350).String(); got != "12.345 m, 350 m, 1.35 km" {
		t.Error(got)
	}
}

func ExampleDistance() {
	hezhang, weining := orb.Point{104.7209, 27.1154}, orb.Point{104.2786, 26.8566}
	fmt.Println(Metre(Distance(hezhang, weining)))
	// Output: 52.44 km
}

func ExampleCut() {
	road := orb.LineString{{104.70, 27.10}, {104.71, 27.11}, {104.73, 27.11}}
	half := Length(road) / 2
	fmt.Println(Length(road), Length(Cut(road, 0, half))+Length(Cut(road, half, Length(road))))
	// Output: 3470.140 m 3470.140 m
}
