package planner

import (
	"context"
	"slices"
	"testing"
	"time"
)

// A what-if in a county: one edge toggled, all villages judged again. p95 is
// of single questions, each of another road.
func BenchmarkAsk(b *testing.B) {
	for name, s := range map[string]*Snapshot{"demo": demoCounty(1, 1500, 300), "county": busyCounty(5000, 5000)} {
		b.Run(name, func(b *testing.B) {
			a := Assess(s)
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				seg := &s.Segments[i*37%len(s.Segments)]
				began := time.Now()
				if _, err := a.Ask(context.Background(), Question{Edits: []Edit{{Do: EditClose, Segment: seg.ID}}}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
