package geo

import (
	"math"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/paulmach/orb"
)

// BenchmarkGaps asks for 100,000 villages among 1.45 million road segments
// whether any is within a kilometre, and which is the nearest; a third of the
// villages lie where no roads are.
func BenchmarkGaps(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 4))
	lines := make([]orb.LineString, 1_450_000)
	for i := range lines {
		at := orb.Point{105 + r.Float64()*1.6, 27 + r.Float64()*1.4}
		if int(at[0]*10)%3 == 0 {
			at[0] += 0.1
		}
		lines[i] = orb.LineString{at, {at[0] + r.Float64()*0.002, at[1] + r.Float64()*0.002}}
	}
	x := NewLineIndex(lines)
	villages := make([]orb.Point, 100_000)
	for i := range villages {
		villages[i] = orb.Point{105 + r.Float64()*1.6, 27 + r.Float64()*1.4}
	}
	ask := map[string]func(orb.Point){
		"within":  func(p orb.Point) { x.Any(p, 1000, nil) },
		"nearest": func(p orb.Point) { x.Closest(p, math.Inf(1), nil) },
	}
	for name, one := range ask {
		b.Run(name, func(b *testing.B) {
			var u, v syscall.Rusage
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
			for b.Loop() {
				for _, i := range x.Order(villages) {
					one(villages[i])
				}
			}
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &v)
			b.ReportMetric(float64(v.Utime.Nano()-u.Utime.Nano())/float64(b.N*len(villages)), "cpu-ns/village")
		})
	}
}
