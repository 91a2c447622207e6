package chainage_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

func TestRouteLocateAndCut(t *testing.T) {
	line := drawn([2]float64{0, 0}, [2]float64{1000, 0})
	r := chainage.Route{Key: key(1), Line: line, Length: 1_100_000} // labelled 10 % longer than drawn
	got, err := r.Locate(drawn([2]float64{500, -7})[0], 1000)
	if err != nil || len(got) != 1 || !closeTo(got[0].At, 550_000, 0.01) || !closeTo(got[0].Offset, 7000, 0.01) || got[0].Side != geo.Right {
		t.Errorf("%+v, %v", got, err)
	}
	cut := r.Cut(chainage.Span{From: 550_000, To: 220_000})
	if l := int64(geo.Length(cut)); !closeTo(l, 300_000, 0.01) || geo.Distance(cut[0], drawn([2]float64{200, 0})[0]) > 0.01 {
		t.Errorf("cut %v of %d mm", cut, l)
	}
	var parts int64
	for _, s := range []chainage.Span{{From: 0, To: 333_333}, {From: 333_333, To: 777_777}, {From: 777_777, To: 2_000_000}} {
		parts += int64(geo.Length(r.Cut(s)))
	}
	if parts != int64(geo.Length(line)) {
		t.Errorf("the parts are %d mm, the line %d", parts, geo.Length(line))
	}
	if r.Cut(chainage.Span{From: 5, To: 5}) != nil || (chainage.Route{Length: 10}).Cut(chainage.Span{To: 5}) != nil || r.Cut(chainage.Span{From: 2e9, To: 3e9}) != nil {
		t.Error("something of nothing")
	}
	if _, err := r.Locate(orb.Point{math.NaN(), 1}, 0); err == nil {
		t.Error("a point nowhere")
	}
	if _, err := (chainage.Route{Key: key(1), Length: 5}).Locate(line[0], 0); err == nil {
		t.Error("a route that is not drawn")
	}
}
