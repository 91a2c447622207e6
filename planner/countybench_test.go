package planner

import (
	"fmt"
	"testing"

	"github.com/qiantu/qiantu/geo/chainage"
)

// busyCounty is a county of so many segments, all of them in the task, each
// with a contract, a village and so many reports of all stages.
func busyCounty(segments, events int) *Snapshot {
	d := &demo{s: demoCounty(1, segments, 500)}
	d.Rand = newHistory(1).Rand
	s, p := d.s, &d.s.Programmes[0]
	p.Scope, s.Progress = nil, nil
	s.Contracts = make([]Contract, 20)
	for i := range s.Contracts {
		s.Contracts[i] = Contract{ID: ID(i + 1), Programme: p.ID, Code: fmt.Sprint("HT-", i+1)}
	}
	for i := range s.Segments {
		seg := &s.Segments[i]
		item := ScopeItem{ID: seg.ID, Road: seg.Road, Version: 1, Span: seg.Span, Village: ID(i%300 + 1)}
		p.Scope = append(p.Scope, item)
		c := &s.Contracts[i%len(s.Contracts)]
		c.Scope = append(c.Scope, item)
	}
	for i := range events {
		seg := &s.Segments[i%len(s.Segments)]
		from := d.Int64N(seg.Span.To)
		s.Progress = append(s.Progress, Progress{
			ID: fmt.Sprintf("s%06d", i), Road: seg.Road, Version: 1, Span: chainage.Span{From: from, To: from + 1 + d.Int64N(seg.Span.To-from)},
			Stage: Stages[d.IntN(len(Stages))], On: p.Starts + Date(d.IntN(180)),
		})
	}
	return s
}

// The county of the issue: 5,000 segments and 50,000 reports.
func BenchmarkCountyReport(b *testing.B) {
	s := busyCounty(5000, 50_000)
	a := Assess(s)
	for _, by := range []string{"township", "village", "class", "contract"} {
		b.Run("warm/"+by, func(b *testing.B) {
			for b.Loop() {
				if _, err := a.Report(ReportCompletion, ReportOptions{By: by}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("assess", func(b *testing.B) {
		for b.Loop() {
			Assess(s)
		}
	})
	after := copyOf(s)
	seg := after.Segments[7]
	after.Progress = append(after.Progress, Progress{ID: "t", Road: seg.Road, Version: 1, Span: chainage.Span{To: 1000}, Stage: StageSurface, On: s.AsOf})
	b.Run("after one report", func(b *testing.B) {
		for b.Loop() {
			AssessAfter(a, after)
		}
	})
	b.Run("after one report, and its report", func(b *testing.B) {
		for b.Loop() {
			if _, err := AssessAfter(a, after).Report(ReportCompletion, ReportOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
