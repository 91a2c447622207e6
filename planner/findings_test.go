package planner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// foundIn writes the findings of a county, one a line.
func foundIn(s *Snapshot) string {
	var out strings.Builder
	for _, f := range Assess(s).Findings() {
		fmt.Fprintf(&out, "%s %s road %d", f.Rule, f.Severity, f.Road)
		if f.Span != nil {
			fmt.Fprintf(&out, " %d-%d", f.Span.From/1000, f.Span.To/1000)
		}
		for _, name := range []string{"contract", "other", "of", "stage", "needs", "by", "progress", "repeated", "starts", "hash", "before", "programme", "source", "amount", "printed", "computed", "percent", "gap_m", "end", "at"} {
			if v, ok := f.Params[name]; ok && v != "" {
				fmt.Fprintf(&out, " %s=%v", name, v)
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Snapshot)
		want   string
	}{
		{"nothing", func(*Snapshot) {}, ""},
		{"R01 in no task", func(s *Snapshot) { reported(t, s, 5, StageRoadbed, km, 2*km, "2020-02-01") },
			"R01 hold road 5 1000-1500\n"},
		{"R01 answered for", func(s *Snapshot) {
			p := reported(t, s, 5, StageRoadbed, km, 2*km, "2020-02-01")
			s.Overrides = []Override{{Progress: p.ID, Rule: "R01", Reason: "补充任务"}}
		}, ""},
		{"R03 two contracts", func(s *Snapshot) {
			reported(t, s, 1, StageRoadbed, 0, 500_000, "2020-02-01")
			reported(t, s, 1, StageRoadbed, 400_000, 900_000, "2020-03-01").Contract = 2
		}, "R03 hold road 1 400-500 contract=HT-01 other=HT-02 stage=roadbed\n"},
		{"R03 a case is open", func(s *Snapshot) {
			reported(t, s, 1, StageRoadbed, 0, 500_000, "2020-02-01")
			reported(t, s, 1, StageRoadbed, 400_000, 900_000, "2020-03-01").Contract = 2
			s.Disputes = []Dispute{{ID: 1, Road: 1, Version: 1, Span: mm(400_000, 500_000), Stage: StageRoadbed, Opened: day(t, "2020-03-01")}}
		}, ""},
		{"R04 surface without base", func(s *Snapshot) {
			reported(t, s, 4, StageRoadbed, 0, km, "2020-02-01")
			reported(t, s, 4, StageBase, 0, 700_000, "2020-03-01")
			reported(t, s, 4, StageSurface, 0, 700_000, "2020-02-20")
		}, "R04 hold road 4 0-700 stage=surface needs=base\n"},
		{"R07 drawn 10 % longer", func(s *Snapshot) { s.Roads[4].Line = northward(orb.Point{104.9, 27.1}, 2200) }, "R07 note road 5 0-2000 percent=10\n"},
		{"R08 a day that had not come", func(s *Snapshot) {
			reported(t, s, 4, StageRoadbed, 0, km, "2020-06-02").Recorded = time.Date(2020, 5, 31, 9, 0, 0, 0, time.UTC)
		}, "R08 hold road 4 0-1000 progress=p1\n"},
		{"R08 the day had come in the east", func(s *Snapshot) {
			reported(t, s, 4, StageRoadbed, 0, km, "2020-06-01").Recorded = time.Date(2020, 5, 31, 18, 0, 0, 0, time.UTC)
		}, ""},
		{"R09 twice", func(s *Snapshot) {
			reported(t, s, 4, StageRoadbed, 0, km, "2020-02-01")
			reported(t, s, 4, StageRoadbed, 100_000, km, "2020-02-08")
			reported(t, s, 4, StageRoadbed, 100_000, km+1, "2020-02-09")
		}, "R09 note road 4 100-1000 stage=roadbed by=王工 progress=p1 repeated=p2\n"},
		{"R20 before its task began", func(s *Snapshot) { reported(t, s, 4, StageRoadbed, 0, km, "2019-12-31") },
			"R20 hold road 4 0-1000 starts=2020-01-01 programme=2020年\n"},
		{"R22 a hash without a file", func(s *Snapshot) {
			reported(t, s, 4, StageRoadbed, 0, km, "2020-02-01").Evidence = []string{"ab", "cd"}
			s.Attachments = []Attachment{{Hash: "cd"}}
		}, "R22 note road 4 0-1000 progress=p1 hash=ab\n"},
		{"R28 more surface than base", func(s *Snapshot) {
			reported(t, s, 4, StageBase, 0, 500_000, "2020-02-01")
			reported(t, s, 4, StageSurface, 0, 600_000, "2020-03-01")
			s.Overrides = []Override{{Progress: "p1", Rule: "R04"}, {Progress: "p2", Rule: "R04"}}
		}, "R28 note road 0 stage=surface before=base programme=2020年\n"},
		{"R30 contracts overlap", func(s *Snapshot) { s.Contracts[1].Scope[0].Span.From = 1_900_000 },
			"R30 hold road 1 1900-2000 contract=HT-01 other=HT-02\n"},
		{"R31 beyond the road", func(s *Snapshot) { s.Programmes[1].Scope[3].Span.To = 1_300_000 }, "R31 hold road 4 0-1300 of=2020年\n"},
		{"R31 no such road", func(s *Snapshot) { s.Programmes[1].Scope[3].Road = 77 }, "R31 hold road 77 0-1200 of=2020年\n"},
		{"R32 outside the programme", func(s *Snapshot) { s.Contracts[0].Scope[0].Road = 5 }, "R32 hold road 5 0-1500 contract=HT-01\n"},
		{"R33 segments overlap", func(s *Snapshot) { s.Segments[2].Span.From = 1_900_000 }, "R33 hold road 2 1900-2000\n"},
		{"R34 a gap", func(s *Snapshot) { s.Segments[2].Span.From = 2_100_000 }, "R34 note road 2 2000-2100 gap_m=100\n"},
		{"R37 an end is joined", func(s *Snapshot) { endNear(s, 3) }, "R37 note road 5 1950-2000 other=通村路 gap_m=3 end=end at=K0+600\n"},
		{"R38 an end is not", func(s *Snapshot) { endNear(s, 20) }, "R38 note road 5 1950-2000 other=通村路 gap_m=20 end=end at=K0+600\n"},
		{"R38 only where it is near", func(s *Snapshot) { endNear(s, 31) }, ""},
		{"R38 a county that doubts nothing", func(s *Snapshot) { endNear(s, 20); s.Rules.GapMM = 0 }, ""},
		{"R37 of a map with common vertices", func(s *Snapshot) { endNear(s, 3); s.Roads[4].Code = "way/7" }, ""},
		{"R35 money does not sum", func(s *Snapshot) {
			s.Funding = []FundingItem{{ID: 1, Programme: 2, Source: "省级", PlannedFen: pointer(int64(100))}, {ID: 2, Programme: 2, Source: "县级", PlannedFen: pointer(int64(250))}}
			s.Totals = []FundingTotal{{ID: 1, Programme: 2, PlannedFen: pointer(int64(351)), PaidFen: pointer(int64(7))}, {ID: 2, Programme: 2, Source: "县级", PlannedFen: pointer(int64(250))}}
		}, "R35 note road 0 programme=2020年 amount=planned printed=3.51 computed=3.5\n"},
		{"R36 the list prints another length", func(s *Snapshot) { printed(s, 1_000) }, "R36 note road 0 programme=2020年\n"},
		{"R36 a hundred metres less", func(s *Snapshot) { printed(s, -100_000) }, "R36 note road 0 programme=2020年\n"},
		{"R36 the list prints its length", func(s *Snapshot) { printed(s, 0) }, ""},
		{"R36 rounded", func(s *Snapshot) { s.Programmes[1].Scope[3].Span.To--; printed(s, 1) }, ""},
		{"R36 cut off", func(s *Snapshot) { s.Programmes[1].Scope[3].Span.To--; printed(s, 1-100_000) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ruleCounty(t)
			c.change(s)
			if diff := cmp.Diff(c.want, foundIn(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// printed makes the list of 2020 print what its intervals give, and some mm more.
func printed(s *Snapshot, more int64) {
	p := &s.Programmes[1]
	for _, item := range p.Scope {
		more += item.Span.Length()
	}
	p.ReportedMM = &more
}

// endNear draws another road so many metres beyond the end of road 5, across it.
func endNear(s *Snapshot, metres float64) {
	line := s.Roads[4].Line
	foot := geo.Destination(line[len(line)-1], 0, metres)
	across := orb.LineString{geo.Destination(foot, 270, 600), geo.Destination(foot, 90, 600)}
	s.Roads = append(s.Roads, Road{ID: 9, Name: "通村路", Version: 1, Length: int64(geo.Length(across)), Line: across})
}

func TestFindingSaysWhere(t *testing.T) {
	s := ruleCounty(t)
	reported(t, s, 1, StageSurface, 4_600_000, 4_700_000, "2020-02-01")
	got := Assess(s).Findings()
	if len(got) != 1 || got[0].RoadName != "水塘寨路" || got[0].Township != "520527100" || got[0].LabelFrom != "K4+100" || got[0].LabelTo != "K4+200" || got[0].Center == nil {
		t.Fatalf("%+v", got)
	}
	if !got[0].Bounds.Contains(*got[0].Center) || got[0].Params["missing_m"] != 100.0 {
		t.Errorf("%+v", got[0])
	}
}
