package planner

import "testing"

// BenchmarkExplain is why the completion of a county of 5,000 roads moved in a
// week, between two assessments that stand.
func BenchmarkExplain(b *testing.B) {
	after := demoCounty(1, 5000, 500)
	before := copyOf(after)
	before.AsOf -= 7
	before.Progress = before.Progress[:len(before.Progress)*9/10]
	later := Assess(after)
	b.Run("earlier", func(b *testing.B) {
		for b.Loop() {
			AssessAfter(later, before)
		}
	})
	earlier := AssessAfter(later, before)
	b.Run("between", func(b *testing.B) {
		for b.Loop() {
			if _, err := ExplainBetween(earlier, later, "M02", ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("figure", func(b *testing.B) {
		for b.Loop() {
			if _, err := earlier.figure("M02", ""); err != nil {
				b.Fatal(err)
			}
		}
	})
}
