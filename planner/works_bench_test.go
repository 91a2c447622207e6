package planner

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// worksCounty has 1,000 roads of 2 km in a task, each with five segments, a
// contract and 50 reports, every tenth with a photo.
func worksCounty() *Snapshot {
	rnd := rand.New(rand.NewPCG(1, 1))
	s := &Snapshot{Region: Region{Code: "520527"}, AsOf: must(ParseDate("2020-06-30")), Rules: DefaultRules(), Standard: testStandard}
	for i := range 27 {
		s.Townships = append(s.Townships, Region{Code: fmt.Sprint(520527100 + i), Name: fmt.Sprint("town ", i)})
	}
	p := Programme{ID: 1, Starts: must(ParseDate("2019-01-01")), Deadline: must(ParseDate("2020-12-31")), CompletingStage: StageSurface}
	for id := ID(1); id <= 1000; id++ {
		worksRoad(rnd, s, &p, id)
	}
	s.Programmes = []Programme{p}
	return s
}

func worksRoad(rnd *rand.Rand, s *Snapshot, p *Programme, id ID) {
	line := orb.LineString{at(int(id)%40, int(id)/40)}
	for len(line) < 60 {
		line = append(line, geo.Destination(line[len(line)-1], 40+rnd.Float64()*80, 34))
	}
	r := Road{ID: id, Code: fmt.Sprintf("C%03d520527", id), Name: fmt.Sprint("road ", id), Version: 1, Length: int64(geo.Length(line)), Line: line}
	s.Roads = append(s.Roads, r)
	for i := range int64(5) {
		span := chainage.Span{From: r.Length * i / 5, To: r.Length * (i + 1) / 5}
		s.Segments = append(s.Segments, Segment{
			ID: id*10 + ID(i), Road: id, Version: 1, Span: span, Line: cutRoad(&r, span), Class: "class4", Surface: "earth",
			Township: s.Townships[int(id)%27].Code, Built: BuiltNone, AllSeason: Unknown, Routable: true,
		})
	}
	p.Scope = append(p.Scope, ScopeItem{ID: id, Road: id, Version: 1, Span: chainage.Span{To: r.Length}, Responsible: "somebody"})
	s.Contracts = append(s.Contracts, Contract{ID: id, Programme: 1, Code: fmt.Sprint("HT-", id), Contractor: "company", Scope: p.Scope[id-1:]})
	for i := range 50 {
		from := rnd.Int64N(r.Length - 1000)
		e := Progress{
			ID: fmt.Sprintf("%04d-%02d", id, i), Road: id, Version: 1, Span: chainage.Span{From: from, To: min(r.Length, from+1000+rnd.Int64N(300_000))},
			Stage: Stages[rnd.IntN(len(Stages))], On: p.Starts + Date(rnd.IntN(540)), Reporter: "Li",
		}
		if i%10 == 0 {
			place := line[rnd.IntN(len(line))]
			e.Evidence = []string{e.ID}
			s.Attachments = append(s.Attachments, Attachment{Hash: e.ID, Media: "image/jpeg", Place: &place})
		}
		s.Progress = append(s.Progress, e)
	}
}

func BenchmarkWorks(b *testing.B) {
	s := worksCounty()
	a := Assess(s)
	later := *s
	later.Progress = append([]Progress{{ID: "new", Road: 7, Version: 1, Span: chainage.Span{To: 1_900_000}, Stage: StageSurface, On: s.AsOf}}, s.Progress...)
	for _, k := range []struct {
		name string
		do   func() error
	}{
		{"strip", func() error { _, err := a.Strip(7); return err }},
		{"roads", func() error { a.Roads(RoadQuery{Sort: "-lag", Limit: 50}); return nil }},
		{"roads of a township", func() error { a.Roads(RoadQuery{Township: "520527104"}); return nil }},
		{"curve", func() error { _, err := a.Curve(0, ""); return err }},
		{"curve of a township", func() error { _, err := a.Curve(0, "520527104"); return err }},
		{"replay", func() error { _, err := a.Replay(0); return err }},
		{"programmes", func() error { a.ProgrammeList(); return nil }},
		{"difference", func() error { _, err := Explain(s, &later, "M02", ""); return err }},
	} {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
				if err := k.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRealign(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	s := worksCounty()
	a := Assess(s)
	r := OperationRequest{Kind: "realign", Road: 7, On: s.AsOf, Reason: "relocated", Line: bypass(rnd, s.Roads[6].Line, 40)}
	b.ResetTimer()
	for b.Loop() {
		if _, _, err := a.PlanOperation(r); err != nil {
			b.Fatal(err)
		}
	}
}
