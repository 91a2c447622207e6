package chainage_test

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

const limit = 25_000

// drive notes places along a line from one measure to another, some metres off
// and one a second, like a receiver in a car.
func drive(rnd *rand.Rand, line orb.LineString, from, to geo.Millimetre, noise float64) (track []geo.TrackPoint) {
	m := geo.NewMeasured(line)
	step := geo.Millimetre(12_000)
	if to < from {
		step = -step
	}
	at := from
	for second := int64(0); ; second++ {
		p := geo.Destination(m.Interpolate(at), rnd.Float64()*360, math.Abs(rnd.NormFloat64())*noise)
		track = append(track, geo.TrackPoint{Point: p, Time: 1_800_000_000_000 + 1000*second, Break: second == 0})
		if at == to {
			return track
		}
		if at += step; step > 0 && at > to || step < 0 && at < to {
			at = to
		}
	}
}

func match(t *testing.T, r chainage.Route, track []geo.TrackPoint) chainage.TrackMatch {
	t.Helper()
	m, err := chainage.MatchTrack(r, track, limit)
	if err != nil {
		t.Fatal(err)
	}
	if m.Inside+m.Outside != len(track) {
		t.Fatalf("%d points are inside and %d outside, of %d", m.Inside, m.Outside, len(track))
	}
	return m
}

func TestMatchTrackOnRealRoads(t *testing.T) {
	rnd := rand.New(rand.NewSource(7))
	lines := roads(t)
	for range 60 {
		r := route(1, lines[rnd.Intn(len(lines))])
		r.Length += r.Length / 50 // measure is not the line
		whole := geo.Length(r.Line)
		from := geo.Millimetre(rnd.Int63n(int64(whole) / 3))
		to := whole - geo.Millimetre(rnd.Int63n(int64(whole)/3))
		want := chainage.Span{From: int64(from) * r.Length / int64(whole), To: int64(to) * r.Length / int64(whole)}
		for _, track := range [][]geo.TrackPoint{drive(rnd, r.Line, from, to, 4), drive(rnd, r.Line, to, from, 4)} {
			m := match(t, r, track)
			if share := m.Share(want); share < 0.97 {
				t.Errorf("covers %.4f of what was driven: %v, want %v", share, m.Covered, want)
			}
			if over := m.Covered.Subtract(chainage.NewSet(want)).Length(); over > 40_000 {
				t.Errorf("covers %d mm that were not driven: %v, want %v", over, m.Covered, want)
			}
			if !(m.Median <= m.P95 && m.P95 <= m.Max && m.Max <= limit) || m.Median < 500 || m.Median > 4000 {
				t.Errorf("offsets %d, %d, %d mm of a noise of 4 m", m.Median, m.P95, m.Max)
			}
			if m.First != track[0].Time && m.Outside == 0 || m.Last < m.First {
				t.Errorf("from %d to %d", m.First, m.Last)
			}
		}
	}
}

func TestMatchTrackLeavesOut(t *testing.T) {
	rnd := rand.New(rand.NewSource(8))
	line := drawn([2]float64{0, 0}, [2]float64{3000, 0})
	r := route(1, line)
	t.Run("another road", func(t *testing.T) {
		m := match(t, r, drive(rnd, drawn([2]float64{0, 60}, [2]float64{3000, 60}), 0, 3_000_000, 1))
		if len(m.Covered) > 0 || m.Inside > 0 || m.First != 0 || m.Max != 0 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("a crossing road", func(t *testing.T) {
		m := match(t, r, drive(rnd, drawn([2]float64{1500, -500}, [2]float64{1500, 500}), 0, 1_000_000, 1))
		if m.Covered.Length() > 15_000 || m.Inside == 0 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("a detour", func(t *testing.T) {
		m := match(t, r, drive(rnd, drawn([2]float64{0, 0}, [2]float64{1000, 0}, [2]float64{1500, 400}, [2]float64{2000, 0}, [2]float64{3000, 0}), 0, geo.Length(line)+280_000, 1))
		if got := m.Covered; m.Share(chainage.Span{From: 1_060_000, To: 1_940_000}) > 0 || m.Share(chainage.Span{To: 1_000_000}) < 0.98 || m.Share(chainage.Span{From: 2_000_000, To: 3_000_000}) < 0.98 {
			t.Errorf("%v", got)
		}
	})
	t.Run("the signal was lost", func(t *testing.T) {
		track := drive(rnd, line, 0, 3_000_000, 1)
		m := match(t, r, slices.Delete(slices.Clone(track), 80, 180))
		if m.Share(chainage.Span{From: 970_000, To: 2_140_000}) > 0 || m.Share(chainage.Span{To: 940_000}) < 0.98 {
			t.Errorf("%v", m.Covered)
		}
	})
	t.Run("a new segment", func(t *testing.T) {
		track := drive(rnd, line, 0, 3_000_000, 0)
		track[100].Break = true
		if m := match(t, r, track); len(m.Covered) != 2 || m.Covered.Length() != r.Length-12_000 {
			t.Errorf("%v", m.Covered)
		}
	})
	t.Run("faster than a car", func(t *testing.T) {
		track := drive(rnd, line, 0, 3_000_000, 0)
		for i := range track {
			track[i].Time = 1_800_000_000_000 + int64(i)
		}
		thinned := []geo.TrackPoint{track[0], track[50], track[100]}
		if m := match(t, r, thinned); len(m.Covered) > 0 {
			t.Errorf("%v", m.Covered)
		}
		for i := range thinned {
			thinned[i].Time = 0
		}
		if m := match(t, r, thinned); m.Covered.Length() != 1_200_000 || m.First != 0 {
			t.Errorf("without times %v", m.Covered)
		}
	})
}

// In a hairpin the points of the one leg are not of the other.
func TestMatchTrackInAHairpin(t *testing.T) {
	line := drawn([2]float64{0, 0}, [2]float64{0, 400}, [2]float64{12, 400}, [2]float64{12, 0})
	m := match(t, route(1, line), drive(rand.New(rand.NewSource(9)), line, 0, 330_000, 5))
	if m.Share(chainage.Span{To: 330_000}) < 0.95 || m.Share(chainage.Span{From: 480_000, To: 812_000}) > 0 {
		t.Errorf("%v", m.Covered)
	}
}

func TestMatchTrackRefuses(t *testing.T) {
	r := route(1, drawn([2]float64{0, 0}, [2]float64{100, 0}))
	points := []geo.TrackPoint{{Point: orb.Point{math.NaN(), 1}}}
	if m, err := chainage.MatchTrack(r, points, limit); err != nil || m.Outside != 1 {
		t.Errorf("nowhere: %+v, %v", m, err)
	}
	if _, err := chainage.MatchTrack(r, nil, limit); err == nil {
		t.Error("no points")
	}
	if _, err := chainage.MatchTrack(chainage.Route{Key: key(1), Length: 5}, points, limit); err == nil {
		t.Error("not drawn")
	}
	if _, err := chainage.MatchTrack(r, points, 500); err == nil {
		t.Error("a limit of half a metre")
	}
	if m := (chainage.TrackMatch{}); m.Share(chainage.Span{From: 5, To: 5}) != 0 {
		t.Error("a share of nothing")
	}
}

func BenchmarkMatchTrack(b *testing.B) {
	rnd := rand.New(rand.NewSource(1))
	line := long(rnd)
	r, track := route(1, line), drive(rnd, line, 0, geo.Length(line), 4)
	for b.Loop() {
		if _, err := chainage.MatchTrack(r, track, limit); err != nil {
			b.Fatal(err)
		}
	}
}
