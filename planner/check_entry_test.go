package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

const km = int64(1_000_000)

func mm(from, to int64) chainage.Span { return chainage.Span{From: from, To: to} }

// northward is a straight line of a length in metres.
func northward(start orb.Point, metres float64) orb.LineString {
	return orb.LineString{start, geo.Destination(start, 0, metres/2), geo.Destination(start, 0, metres)}
}

// ruleCounty is a small county for the rules at entry:
//
//	1 C101520527 水塘寨路, 5.3 km, drawn, 水塘镇; K4+000 to K4+500 come twice; contracts HT-01 to 2 km, HT-02 beyond
//	2 C102520527 大岩脚公路, 3 km, drawn, the last of it in 野马乡; 1 km of it was a task of 2019 too
//	3 水塘寨路, 2 km, not drawn, 野马乡
//	4 王家寨组组通公路, 1.2 km, not drawn, 水塘镇
//	5 C105520527 新场路, 2 km, drawn, 水塘镇, in no task; its last 500 m are counted on another route
func ruleCounty(t testing.TB) *Snapshot {
	t.Helper()
	calibration, err := chainage.NewCalibration(chainage.Mark{}, chainage.Mark{At: 4500000, K: 4500000},
		chainage.Mark{At: 4500000, K: 4000000}, chainage.Mark{At: 5300000, K: 4800000})
	if err != nil {
		t.Fatal(err)
	}
	s := &Snapshot{
		Region: Region{Code: "520527", Level: LevelCounty, Name: "赫章县"}, AsOf: day(t, "2020-06-30"), Rules: DefaultRules(), Standard: testStandard,
		Townships: []Region{{Code: "520527100", Name: "水塘镇"}, {Code: "520527101", Name: "野马乡"}},
		Roads: []Road{
			{ID: 1, Code: "C101520527", Name: "水塘寨路", Version: 1, Length: 5300000, Line: northward(orb.Point{104.7, 27.1}, 5300), Calibration: calibration},
			{ID: 2, Code: "C102520527", Name: "大岩脚公路", Version: 1, Length: 3 * km, Line: northward(orb.Point{104.8, 27.1}, 3000)},
			{ID: 3, Name: "水塘寨路", Version: 1, Length: 2 * km, Township: "520527101"},
			{ID: 4, Name: "王家寨组组通公路", Version: 1, Length: 1200000, Township: "520527100"},
			{ID: 5, Code: "C105520527", Name: "新场路", Version: 1, Length: 2 * km, Line: northward(orb.Point{104.9, 27.1}, 2000), Township: "520527100", CoRouted: chainage.NewSet(mm(1500000, 2*km))},
		},
		Programmes: []Programme{
			{ID: 1, Name: "2019年", Starts: day(t, "2019-01-01"), Deadline: day(t, "2019-12-31"), CompletingStage: StageSurface, Scope: []ScopeItem{{ID: 1, Road: 2, Version: 1, Span: mm(0, km)}}},
			{ID: 2, Name: "2020年", Starts: day(t, "2020-01-01"), Deadline: day(t, "2020-12-31"), CompletingStage: StageSurface, Scope: []ScopeItem{
				{ID: 2, Road: 1, Version: 1, Span: mm(0, 5300000)}, {ID: 3, Road: 2, Version: 1, Span: mm(0, 3*km)},
				{ID: 4, Road: 3, Version: 1, Span: mm(0, 2*km)}, {ID: 5, Road: 4, Version: 1, Span: mm(0, 1200000)},
			}},
		},
		Contracts: []Contract{
			{ID: 1, Programme: 2, Code: "HT-01", Scope: []ScopeItem{{ID: 6, Road: 1, Version: 1, Span: mm(0, 2*km)}}},
			{ID: 2, Programme: 2, Code: "HT-02", Scope: []ScopeItem{{ID: 7, Road: 1, Version: 1, Span: mm(2*km, 5300000)}}},
		},
	}
	for i, seg := range []struct {
		road     ID
		span     chainage.Span
		township string
	}{{1, mm(0, 5300000), "520527100"}, {2, mm(0, 2*km), "520527100"}, {2, mm(2*km, 3*km), "520527101"}} {
		s.Segments = append(s.Segments, Segment{ID: ID(i + 1), Road: seg.road, Version: 1, Span: seg.span, Township: seg.township, Class: "class4", Line: cutRoad(&s.Roads[seg.road-1], seg.span)})
	}
	return s
}

func day(t testing.TB, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// reported adds a report to a county.
func reported(t testing.TB, s *Snapshot, road ID, stage Stage, from, to int64, on string) *Progress {
	t.Helper()
	s.Progress = append(s.Progress, Progress{ID: fmt.Sprint("p", len(s.Progress)+1), Road: road, Version: 1, Span: mm(from, to), Stage: stage, On: day(t, on), Reporter: "王工"})
	return &s.Progress[len(s.Progress)-1]
}

// based is a county whose task has its base everywhere, early.
func based(t testing.TB) *Snapshot {
	s := ruleCounty(t)
	for _, r := range s.Roads {
		reported(t, s, r.ID, StageRoadbed, 0, r.Length, "2020-01-10")
		reported(t, s, r.ID, StageBase, 0, r.Length, "2020-02-10")
	}
	return s
}

func ofRule(found []RuleFinding, rule string) []RuleFinding {
	return slices.DeleteFunc(slices.Clone(found), func(f RuleFinding) bool { return f.Rule != rule })
}

func rulesOf(found []RuleFinding) string {
	var out []string
	for _, f := range found {
		out = append(out, f.Rule)
	}
	return strings.Join(out, " ")
}

const photo = "00000000000000000000000000000000000000000000000000000000000000aa"

// A plain entry breaks nothing: 500 m of surface on 水塘寨路 with a photo.
func plainEntry(t testing.TB) (*Snapshot, *Entry) {
	place := geo.Destination(orb.Point{104.7, 27.1}, 0, 250)
	return based(t), &Entry{
		ID: "0193b0a0-0000-7000-8000-000000000001", RoadText: "C101520527", Text: "K0+000-K0+500", Stage: StageSurface, On: "2020-06-01",
		Reporter: "李工", Evidence: []string{photo}, Files: []Attachment{{Hash: photo, Media: "image/jpeg", Place: &place}},
	}
}

func TestPlainEntryBreaksNothing(t *testing.T) {
	s, e := plainEntry(t)
	got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil)
	want := &CheckedEntry{
		Status: SubmissionApplied, Length: 500_000, Fresh: 500_000, Road: 1, Span: &chainage.Span{From: 0, To: 500_000},
		Progress: &Progress{ID: e.ID, Road: 1, Version: 1, Span: mm(0, 500_000), Stage: StageSurface, On: day(t, "2020-06-01"), Reporter: "李工", Entered: "typed", Evidence: []string{photo}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// ruleCase changes the plain entry or its county so that a rule is broken, or
// just not.
type ruleCase struct {
	rule   string
	name   string
	change func(*Snapshot, *Entry)
	want   []RuleFinding // of the rule; Severity and Rule are filled in
}

func pointer[T any](v T) *T { return &v }

func found(severity Severity, on *chainage.Span, params map[string]any) []RuleFinding {
	return []RuleFinding{{Severity: severity, Span: on, Params: params}}
}

func TestRules(t *testing.T) {
	for _, c := range ruleCases(t) {
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			s, e := plainEntry(t)
			c.change(s, e)
			a := Assess(s)
			may := func(township string) bool { return township == "520527100" }
			got := a.CheckEntry(e, day(t, "2020-06-30"), may)
			for i := range c.want {
				c.want[i].Rule = c.rule
			}
			if diff := cmp.Diff(c.want, ofRule(got.Findings, c.rule)); diff != "" && len(c.want)+len(ofRule(got.Findings, c.rule)) > 0 {
				t.Errorf("(-want +got):\n%s\nall: %s", diff, rulesOf(got.Findings))
			}
			checkSeverity(t, a, e, got)
		})
	}
}

// checkSeverity holds what every entry has to keep: what blocks or holds is held,
// a reason lets a hold go and nothing else.
func checkSeverity(t *testing.T, a *Assessment, e *Entry, got *CheckedEntry) {
	t.Helper()
	worst := SeverityNote
	for _, f := range got.Findings {
		if f.Severity == SeverityBlock || f.Severity == SeverityHold && worst == SeverityNote {
			worst = f.Severity
		}
	}
	if (got.Status == SubmissionApplied) != (worst == SeverityNote) {
		t.Errorf("%s with %s", got.Status, rulesOf(got.Findings))
	}
	answered := *e
	for _, f := range got.Findings {
		answered.Overrides = append(answered.Overrides, EntryOverride{f.Rule, "已现场核实"})
	}
	again := a.CheckEntry(&answered, day(t, "2020-06-30"), func(township string) bool { return township == "520527100" })
	if got.Span != nil && got.Road == 2 && got.Span.To > 2*km { // in 野马乡, for which the person may not answer
		worst = SeverityBlock
	}
	if (again.Status == SubmissionApplied) != (worst != SeverityBlock) {
		t.Errorf("with reasons for everything it is %s: %s", again.Status, rulesOf(again.Findings))
	}
	for _, f := range again.Findings {
		if (f.Override != "") != (f.Severity == SeverityHold) && f.Rule != "R17" {
			t.Errorf("%s %s has the reason %q", f.Rule, f.Severity, f.Override)
		}
	}
}

func ruleCases(t *testing.T) []ruleCase {
	return slices.Concat(placeCases(), taskCases(t), orderCases(t), wordCases(), evidenceCases())
}

func nothing(*Snapshot, *Entry) {}

func placeCases() []ruleCase {
	twice := "K0+000 – K4+500; K4+000 – K4+800"
	off := func(labels string) []RuleFinding {
		return found(SeverityBlock, nil, map[string]any{"labels": labels, "length_m": 5300.0, "route": twice})
	}
	return []ruleCase{
		{"R10", "from the end", func(_ *Snapshot, e *Entry) { e.Text = "K0+500～K0+000" }, found(SeverityNote, nil, nil)},
		{"R10", "from the start", nothing, nil},
		{"R11", "beyond the end", func(_ *Snapshot, e *Entry) { e.Text = "K0+000-K4+802" }, off("K0+000-K4+802")},
		{"R11", "less than a metre beyond", func(s *Snapshot, e *Entry) {
			e.RoadText, e.Text, s.Roads[1].Length = "C102520527", "K0+000-K3+000", 2999400
			s.Segments[2].Span.To = 2999400
			s.Programmes[1].Scope[1].Span.To = 2999400
		}, nil},
		{"R11", "no length", func(_ *Snapshot, e *Entry) { e.Text = "K1+000-K1+000" }, off("K1+000-K1+000")},
		{"R11", "no interval at all", func(_ *Snapshot, e *Entry) { e.Text = "" }, off("")},
		{"R11", "words", func(_ *Snapshot, e *Entry) { e.Text = "村口到小学" }, off("村口到小学")},
		{"R11", "two labels", func(_ *Snapshot, e *Entry) { e.Text, e.From, e.To = "", "K0+000", "12.5" }, off("K0+000 – 12.5")},
		{"R11", "a span beyond", func(_ *Snapshot, e *Entry) { e.Span = &chainage.Span{From: 0, To: 5300001} }, off("K0+000 – K5+300.001")},
		{"R11", "a span to the end", func(_ *Snapshot, e *Entry) { e.Span = &chainage.Span{From: 0, To: 5300000} }, nil},
		{"R12", "K4+200 is two places", func(_ *Snapshot, e *Entry) { e.Text = "K4+100-K4+200" },
			found(SeverityBlock, nil, map[string]any{"choices": 4.0, "of": "K0+000 – K4+500; K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800"})},
		{"R12", "chosen", func(_ *Snapshot, e *Entry) { e.Text, e.Choice = "K4+100-K4+200", 2 }, nil},
		{"R12", "chosen what there is not", func(_ *Snapshot, e *Entry) { e.Text, e.Choice = "K4+100-K4+200", 5 },
			found(SeverityBlock, nil, map[string]any{"choices": 4.0, "of": "K0+000 – K4+500; K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800"})},
		{"R12", "K3+900 is one", func(_ *Snapshot, e *Entry) { e.Text = "K3+000-K3+900" }, nil},
		{"R18", "a round kilometre on the map", func(_ *Snapshot, e *Entry) { e.Text, e.Span = "", &chainage.Span{From: 0, To: km} }, found(SeverityNote, nil, map[string]any{"length_m": 1000.0})},
		{"R18", "not quite round", func(_ *Snapshot, e *Entry) { e.Text, e.Span = "", &chainage.Span{From: 0, To: km + 1000} }, nil},
		{"R18", "round but short", func(_ *Snapshot, e *Entry) { e.Text, e.Span = "", &chainage.Span{From: 0, To: 900_000} }, nil},
		{"R18", "with labels", func(_ *Snapshot, e *Entry) { e.Text = "K0+000-K1+000" }, nil},
		{"R24", "a length and no place, drawn", func(_ *Snapshot, e *Entry) { e.Text, e.Length = "", pointer(int64(450_000)) }, found(SeverityHold, nil, map[string]any{"length_m": 450.0})},
		{"R24", "not drawn", func(_ *Snapshot, e *Entry) {
			e.RoadText, e.Text, e.Length = "王家寨组组通公路", "", pointer(int64(450_000))
		}, found(SeverityNote, nil, map[string]any{"length_m": 450.0})},
		{"R24", "all of the road, written to 10 m", func(_ *Snapshot, e *Entry) { e.Text, e.Length = "", pointer(int64(5_310_000)) }, nil},
		{"R24", "the end of a longer interval", func(_ *Snapshot, e *Entry) {
			e.Text, e.From, e.Length, e.Assumed = "", "K1+000", pointer(int64(450_000)), true
		}, found(SeverityNote, nil, map[string]any{"length_m": 450.0})},
		{"R25", "labels give another length", func(_ *Snapshot, e *Entry) { e.Length = pointer(int64(250_000)) }, found(SeverityNote, nil, map[string]any{"written_m": 250.0, "labels_m": 500.0})},
		{"R25", "within what is rounded", func(_ *Snapshot, e *Entry) { e.Length = pointer(int64(510_000)) }, nil},
		{"R07", "drawn 6 % longer", func(s *Snapshot, e *Entry) {
			s.Roads[1].Line = northward(orb.Point{104.8, 27.1}, 3180)
			e.RoadText, e.Text = "C102520527", "K0+000-K2+000"
		}, found(SeverityNote, nil, map[string]any{"chainage_m": 2000.0, "drawn_m": 2120.0, "percent": 6.0})},
		{"R07", "drawn 4.9 % longer", func(s *Snapshot, e *Entry) {
			s.Roads[1].Line = northward(orb.Point{104.8, 27.1}, 3147)
			e.RoadText, e.Text = "C102520527", "K0+000-K2+000"
		}, nil},
		{"R17", "beyond the township", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text = "C102520527", "K1+500-K2+400" },
			found(SeverityHold, &chainage.Span{From: 2 * km, To: 2_400_000}, map[string]any{"township": "野马乡", "length_m": 400.0})},
		{"R17", "up to the border", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text, e.Township = "C102520527", "K1+500-K2+000", "水塘" }, nil},
		{"R17", "the sheet is of another", func(_ *Snapshot, e *Entry) { e.SheetTownship = "野马乡" },
			found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"township": "水塘镇", "length_m": 500.0})},
		{"R17", "no such township", func(_ *Snapshot, e *Entry) { e.Township = "大河镇" }, found(SeverityHold, nil, map[string]any{"township": "大河镇"})},
	}
}

func taskCases(t *testing.T) []ruleCase {
	claimBy := func(s *Snapshot, contract ID) {
		p := reported(t, s, 1, StageSurface, 0, 800_000, "2020-05-01")
		p.Contract = contract
	}
	return []ruleCase{
		{"R01", "in no task", func(_ *Snapshot, e *Entry) { e.RoadText = "C105520527" }, found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"outside_m": 500.0, "programme": ""})},
		{"R01", "partly in the one that is named", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text, e.Programme = "C102520527", "K0+800-K1+300", 1 },
			found(SeverityHold, &chainage.Span{From: km, To: 1_300_000}, map[string]any{"outside_m": 300.0, "programme": "2019年"})},
		{"R01", "no such programme", func(_ *Snapshot, e *Entry) { e.Programme = 9 }, found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"outside_m": 500.0, "programme": "9"})},
		{"R01", "within", nothing, nil},
		{"R01", "co-routed is not outside", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text = "C105520527", "K1+500-K2+000" }, nil},
		{"R26", "counted on another route", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text = "C105520527", "K1+400-K1+600" },
			found(SeverityNote, &chainage.Span{From: 1_500_000, To: 1_600_000}, map[string]any{"corouted_m": 100.0})},
		{"R26", "before it begins", func(_ *Snapshot, e *Entry) { e.RoadText, e.Text = "C105520527", "K1+400-K1+500" }, nil},
		{"R02", "done in 2019", func(s *Snapshot, e *Entry) {
			reported(t, s, 2, StageSurface, 0, 400_000, "2019-06-01")
			e.RoadText, e.Text = "C102520527", "K0+000-K0+900"
		}, found(SeverityNote, &chainage.Span{From: 0, To: 400_000}, map[string]any{"carried_m": 400.0, "programme": "2019年"})},
		{"R02", "beside it", func(s *Snapshot, e *Entry) {
			reported(t, s, 2, StageSurface, 0, 400_000, "2019-06-01")
			e.RoadText, e.Text = "C102520527", "K0+400-K0+900"
		}, nil},
		{"R03", "another contract has said so", func(s *Snapshot, e *Entry) { claimBy(s, 2) },
			found(SeverityNote, &chainage.Span{From: 0, To: 500_000}, map[string]any{"overlap_m": 500.0, "contract": "HT-01", "other": "HT-02"})},
		{"R03", "the same contract", func(s *Snapshot, e *Entry) { claimBy(s, 1) }, nil},
		{"R03", "another stage", func(s *Snapshot, e *Entry) { claimBy(s, 2); e.Stage = StageDrainage }, nil},
		{"R03", "beside it", func(s *Snapshot, e *Entry) { claimBy(s, 2); e.Text = "K0+800-K0+900" }, nil},
		{"R03", "named against the task", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 0, 800_000, "2020-05-01")
			e.Contract = 2
		}, found(SeverityNote, &chainage.Span{From: 0, To: 500_000}, map[string]any{"overlap_m": 500.0, "contract": "HT-02", "other": "HT-01"})},
		{"R03", "no contracts: for an earlier programme", func(s *Snapshot, e *Entry) {
			reported(t, s, 2, StageSurface, 0, 400_000, "2020-05-01")
			e.RoadText, e.Programme = "C102520527", 1
		}, found(SeverityNote, &chainage.Span{From: 0, To: 400_000}, map[string]any{"overlap_m": 400.0, "contract": "2019年", "other": "2020年"})},
		{"R03", "no contracts: the same reporter", func(s *Snapshot, e *Entry) {
			reported(t, s, 2, StageSurface, 0, 400_000, "2020-05-01").Reporter = "李工"
			e.RoadText, e.Programme = "C102520527", 1
		}, nil},
		{"R03", "no contracts: carry-over is no case", func(s *Snapshot, e *Entry) {
			reported(t, s, 2, StageSurface, 0, 400_000, "2019-05-01")
			e.RoadText, e.Programme = "C102520527", 2
		}, nil},
		{"R27", "not its metres", func(_ *Snapshot, e *Entry) { e.Text, e.ContractText = "K1+500-K2+100", "ht-01" },
			found(SeverityHold, &chainage.Span{From: 2 * km, To: 2_100_000}, map[string]any{"outside_m": 100.0, "contract": "HT-01"})},
		{"R27", "no such contract", func(_ *Snapshot, e *Entry) { e.ContractText = "HT-09" },
			found(SeverityBlock, &chainage.Span{From: 0, To: 500_000}, map[string]any{"outside_m": 500.0, "contract": "HT-09"})},
		{"R27", "its metres", func(_ *Snapshot, e *Entry) { e.Text, e.Contract = "K1+500-K2+000", 1 }, nil},
		{"R20", "before any task began", func(_ *Snapshot, e *Entry) { e.On = "2019-12-31" },
			found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"length_m": 500.0, "on": "2019-12-31", "starts": "2020-01-01"})},
		{"R20", "on its first day", func(_ *Snapshot, e *Entry) { e.On = "2020-01-01" }, nil},
	}
}

func orderCases(t *testing.T) []ruleCase {
	without := func(s *Snapshot, stage Stage) {
		s.Progress = slices.DeleteFunc(s.Progress, func(p Progress) bool { return p.Stage == stage })
	}
	return []ruleCase{
		{"R04", "surface without base", func(s *Snapshot, e *Entry) {
			without(s, StageBase)
			reported(t, s, 1, StageBase, 0, 200_000, "2020-05-01")
		}, found(SeverityHold, &chainage.Span{From: 200_000, To: 500_000}, map[string]any{"missing_m": 300.0, "needs": "base"})},
		{"R04", "base of a later day", func(s *Snapshot, e *Entry) {
			without(s, StageBase)
			reported(t, s, 1, StageBase, 0, km, "2020-06-02")
		}, found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"missing_m": 500.0, "needs": "base"})},
		{"R04", "base of the same day", func(s *Snapshot, e *Entry) {
			without(s, StageBase)
			reported(t, s, 1, StageBase, 0, km, "2020-06-01")
		}, nil},
		{"R04", "base needs no subbase where none is kept", func(s *Snapshot, e *Entry) { without(s, StageBase); e.Stage = StageBase }, nil},
		{"R04", "but where it is kept", func(s *Snapshot, e *Entry) {
			without(s, StageBase)
			reported(t, s, 1, StageSubbase, 0, 200_000, "2020-02-01")
			e.Stage = StageBase
		}, found(SeverityHold, &chainage.Span{From: 200_000, To: 500_000}, map[string]any{"missing_m": 300.0, "needs": "subbase"})},
		{"R04", "acceptance needs surface", func(_ *Snapshot, e *Entry) { e.Stage = "交工验收" },
			found(SeverityHold, &chainage.Span{From: 0, To: 500_000}, map[string]any{"missing_m": 500.0, "needs": "surface"})},
		{"R04", "drainage needs nothing", func(s *Snapshot, e *Entry) { without(s, StageBase); e.Stage = StageDrainage }, nil},
		{"R04", "clearing needs nothing", func(s *Snapshot, e *Entry) { s.Progress = nil; e.Stage = StageClearing }, nil},
		{"R05", "2,100 m a day", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 3*km, 3_100_000, "2020-05-31")
			e.Text = "K0+000-K2+100"
		}, found(SeverityHold, nil, map[string]any{"m_per_day": 2100.0, "limit_m": 2000.0})},
		{"R05", "2,000 m a day", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 3*km, 3_100_000, "2020-05-31")
			e.Text = "K0+000-K2+000"
		}, nil},
		{"R05", "together with others of the day", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 3*km, 3_100_000, "2020-05-31")
			reported(t, s, 1, StageSurface, km, 2_600_000, "2020-06-01")
			e.Text = "K0+000-K1+200"
		}, found(SeverityHold, nil, map[string]any{"m_per_day": 2600.0, "limit_m": 2000.0})},
		{"R05", "what is there already was not built again", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 0, 2*km, "2020-05-31")
			e.Text = "K0+000-K2+100"
		}, nil},
		{"R08", "tomorrow", func(_ *Snapshot, e *Entry) { e.On = "2020-07-01" }, found(SeverityHold, nil, map[string]any{"on": "2020-07-01", "today": "2020-06-30"})},
		{"R08", "today", func(_ *Snapshot, e *Entry) { e.On = "2020-06-30" }, nil},
		{"R09", "all of it again", func(s *Snapshot, e *Entry) { reported(t, s, 1, StageSurface, 0, 600_000, "2020-05-01") },
			found(SeverityNote, nil, map[string]any{"by": "王工", "on": "2020-05-01", "progress": "p11"})},
		{"R09", "all but a metre", func(s *Snapshot, e *Entry) { reported(t, s, 1, StageSurface, 0, 499_000, "2020-05-01") }, nil},
		{"R09", "what was decided against counts again", func(s *Snapshot, e *Entry) {
			reported(t, s, 1, StageSurface, 0, 600_000, "2020-05-01")
			s.Disputes = []Dispute{{ID: 1, Road: 1, Version: 1, Span: mm(0, 600_000), Stage: StageSurface, Opened: day(t, "2020-05-02"), Decided: day(t, "2020-05-20"), Outcome: OutcomeVoid}}
		}, nil},
	}
}

func wordCases() []ruleCase {
	road := func(text string, count float64) []RuleFinding {
		return found(SeverityBlock, nil, map[string]any{"text": text, "count": count})
	}
	noDay := func(text string) ruleCase {
		return ruleCase{"R13", text, func(_ *Snapshot, e *Entry) { e.On = text }, found(SeverityBlock, nil, map[string]any{"text": text})}
	}
	isDay := func(text string) ruleCase {
		return ruleCase{"R13", text, func(_ *Snapshot, e *Entry) { e.On = text }, nil}
	}
	stage := func(text Stage) ruleCase {
		return ruleCase{"R16", string(text), func(_ *Snapshot, e *Entry) { e.Stage = text }, nil}
	}
	called := func(text string) ruleCase {
		return ruleCase{"R15", text, func(_ *Snapshot, e *Entry) { e.RoadText, e.Text = text, "K0+000-K0+500" }, nil}
	}
	return []ruleCase{
		noDay("20xx-05-01"), noDay("201X年5月1日"), noDay("20__"), noDay("2020-02-31"), noDay("5月1日"), noDay(""), noDay("2020年5月"), noDay("20-5-1"), noDay("43952"), noDay("5/1/2020"),
		isDay("2020-05-01"), isDay("2020/5/1"), isDay("2020年5月1日"), isDay("２０２０．５．１"), isDay("20200501"), isDay(" 2020-05-01 00:00:00 "), isDay("2020-02-29"),
		{"R14", "?", func(_ *Snapshot, e *Entry) { e.RoadText = "水??路" }, found(SeverityBlock, nil, map[string]any{"text": "水??路"})},
		{"R14", "pinyin", func(_ *Snapshot, e *Entry) { e.Reporter = "李(yao)工" }, found(SeverityBlock, nil, map[string]any{"text": "李(yao)工"})},
		{"R14", "replaced", func(_ *Snapshot, e *Entry) { e.Township = "水\ufffd镇" }, found(SeverityBlock, nil, map[string]any{"text": "水\ufffd镇"})},
		{"R14", "brackets that say something", func(_ *Snapshot, e *Entry) { e.Reporter = "李工(技术科)" }, nil},
		{"R14", "a question in a note", func(_ *Snapshot, e *Entry) { e.Note = "是否验收??" }, nil},
		{"R15", "none", func(_ *Snapshot, e *Entry) { e.RoadText = "青山路" }, road("青山路", 0)},
		{"R15", "no words", func(_ *Snapshot, e *Entry) { e.RoadText = "" }, road("", 0)},
		{"R15", "two of a name", func(_ *Snapshot, e *Entry) { e.RoadText = "水塘寨路" }, road("水塘寨路", 2)},
		{"R15", "two of a name, one in the township", func(_ *Snapshot, e *Entry) { e.RoadText, e.Township = "水塘寨路", "水塘镇" }, nil},
		{"R15", "code and name disagree", func(_ *Snapshot, e *Entry) { e.RoadName = "大岩脚公路" }, road("C101520527 大岩脚公路", 2)},
		{"R15", "code and name agree", func(_ *Snapshot, e *Entry) { e.RoadName = "水塘寨路" }, nil},
		{"R15", "an id that is none", func(_ *Snapshot, e *Entry) { e.Road = 99 }, road("99", 0)},
		called("c101520527"), called("Ｃ１０１５２０５２７"), called("C101"), called("大岩脚公路"), called("大岩脚"), called("大岩脚路"), called(" 大岩 脚 公路 "), called("王家寨"),
		{"R16", "no stage", func(_ *Snapshot, e *Entry) { e.Stage = "绿化" }, found(SeverityBlock, nil, map[string]any{"text": "绿化"})},
		{"R16", "nothing", func(_ *Snapshot, e *Entry) { e.Stage = "" }, found(SeverityBlock, nil, map[string]any{"text": ""})},
		stage("路面"), stage("面层完成"), stage("路基工程"), stage("垫层"), stage("基层"), stage("征地/清表"), stage("排水、安防"), stage("附属设施"), stage("竣工验收"), stage("Base course"), stage("完工"),
	}
}

func evidenceCases() []ruleCase {
	at := func(metresEast float64) func(*Snapshot, *Entry) {
		return func(_ *Snapshot, e *Entry) {
			place := geo.Destination(geo.Destination(orb.Point{104.7, 27.1}, 0, 250), 90, metresEast)
			e.Files = []Attachment{{Hash: photo, Place: &place}}
		}
	}
	return []ruleCase{
		{"R06", "201 m away", at(201), found(SeverityHold, nil, map[string]any{"distance_m": 201.0, "hash": photo})},
		{"R06", "199 m away", at(199), nil},
		{"R06", "on the road, but beyond the interval", func(_ *Snapshot, e *Entry) {
			place := geo.Destination(orb.Point{104.7, 27.1}, 0, 2000)
			e.Files = []Attachment{{Hash: photo, Place: &place}}
		}, found(SeverityHold, nil, map[string]any{"distance_m": 1500.0, "hash": photo})},
		{"R06", "a photo without a place", func(_ *Snapshot, e *Entry) { e.Files[0].Place = nil }, nil},
		{"R21", "no evidence", func(_ *Snapshot, e *Entry) { e.Evidence = nil }, found(SeverityNote, nil, nil)},
		{"R21", "of a stage that completes nothing", func(_ *Snapshot, e *Entry) { e.Evidence, e.Stage = nil, StageDrainage }, nil},
		{"R21", "a track", func(_ *Snapshot, e *Entry) { e.Evidence, e.Track = nil, pointer(0.9) }, nil},
		{"R22", "no file", func(_ *Snapshot, e *Entry) { e.Files = nil }, found(SeverityBlock, nil, map[string]any{"hash": photo})},
		{"R22", "a file that another report names", func(s *Snapshot, e *Entry) { s.Attachments, e.Files = e.Files, nil }, nil},
		{"R23", "79 %", func(_ *Snapshot, e *Entry) { e.Track = pointer(0.79) }, found(SeverityHold, nil, map[string]any{"share": 0.79})},
		{"R23", "80 %", func(_ *Snapshot, e *Entry) { e.Track = pointer(0.8) }, nil},
	}
}

// A reason lets R17 go for who may enter in both townships, and for nobody else.
func TestOtherTownshipNeedsTheRight(t *testing.T) {
	s, e := plainEntry(t)
	e.RoadText, e.Text, e.Township = "C102520527", "K1+900-K2+100", "水塘镇"
	e.Overrides = []EntryOverride{{"R17", "两镇共建"}, {"R06", "照片在起点"}}
	a := Assess(s)
	if got := a.CheckEntry(e, day(t, "2020-06-30"), nil); got.Status != SubmissionApplied || ofRule(got.Findings, "R17")[0].Override != "两镇共建" {
		t.Errorf("who may enter everywhere: %s, %+v", got.Status, got.Findings)
	}
	only := func(township string) bool { return township == "520527100" }
	if got := a.CheckEntry(e, day(t, "2020-06-30"), only); got.Status != SubmissionHeld || ofRule(got.Findings, "R17")[0].Override != "" {
		t.Errorf("who may not enter there: %s, %+v", got.Status, got.Findings)
	}
}

func TestDisputeIsOpenedOnce(t *testing.T) {
	s, e := plainEntry(t)
	reported(t, s, 1, StageSurface, 200_000, 800_000, "2020-06-05").Contract = 2
	got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil)
	want := &Dispute{
		Road: 1, Version: 1, Span: mm(200_000, 500_000), Stage: StageSurface, Opened: day(t, "2020-06-05"),
		Reason: `["HT-01" "HT-02"]: K0+200 – K0+500`, Claims: []string{"p11", e.ID},
	}
	if diff := cmp.Diff(want, got.Dispute); diff != "" || got.Status != SubmissionApplied {
		t.Errorf("%s\n%s", got.Status, diff)
	}
	s.Disputes = []Dispute{*want}
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Dispute != nil || len(ofRule(got.Findings, "R03")) != 1 {
		t.Errorf("the case is open; again: %+v, %s", got.Dispute, rulesOf(got.Findings))
	}
	e.On = "2020-07-01"
	s.Disputes = nil
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Dispute != nil || got.Status != SubmissionHeld {
		t.Errorf("what is held opens %+v", got.Dispute)
	}
}

func TestChoicesAreSaid(t *testing.T) {
	s, e := plainEntry(t)
	e.Text = "K3+900-K4+200"
	got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil)
	want := []EntryChoice{
		{Span: mm(3_900_000, 4_200_000), From: "K3+900", To: "K4+200", Of: "K0+000 – K4+500"},
		{Span: mm(3_900_000, 4_700_000), From: "K3+900", To: "K4+200", Of: "K0+000 – K4+500 + K4+000 – K4+800"},
	}
	if diff := cmp.Diff(want, got.Choices); diff != "" || got.Progress != nil {
		t.Error(diff)
	}
}

func TestRowsSeeEachOther(t *testing.T) {
	s, e := plainEntry(t)
	c := NewChecker(Assess(s))
	first := c.Check(e, day(t, "2020-06-30"), nil)
	c.Take(first.Progress)
	again := *e
	again.ID, again.Text = "0193b0a0-0000-7000-8000-000000000002", "K0+100-K0+600"
	got := c.Check(&again, day(t, "2020-06-30"), nil)
	if got.Fresh != 100_000 || len(ofRule(got.Findings, "R09")) != 0 {
		t.Errorf("partly new: fresh %d, %s", got.Fresh, rulesOf(got.Findings))
	}
	again.Text = "K0+100-K0+400"
	if got = c.Check(&again, day(t, "2020-06-30"), nil); got.Fresh != 0 || len(ofRule(got.Findings, "R09")) != 1 {
		t.Errorf("the row before had it all: fresh %d, %s", got.Fresh, rulesOf(got.Findings))
	}
}

// What was reported on a version that is no longer in force is seen where it
// lies now.
func TestEntrySeesOlderVersions(t *testing.T) {
	s, e := plainEntry(t)
	reported(t, s, 1, StageSurface, 0, 600_000, "2020-05-01")
	s.Roads[0].Version = 2
	s.Segments[0].Version = 2
	s.Mappings = []Mapping{{ID: 1, On: day(t, "2020-05-15"), Kind: MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: mm(0, 5300000), ToRoad: 1, ToVersion: 2, ToSpan: mm(0, 5300000)}}
	got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil)
	if got.Fresh != 0 || got.Progress == nil || got.Progress.Version != 2 || len(ofRule(got.Findings, "R09")) != 1 {
		t.Errorf("fresh %d, progress %+v, %s", got.Fresh, got.Progress, rulesOf(got.Findings))
	}
}

func TestParseDayAgainstTheCalendar(t *testing.T) {
	for at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2030; at = at.AddDate(0, 0, 13) {
		for _, form := range []string{"2006-01-02", "2006/1/2", "2006.1.2", "2006年1月2日", "2006年01月02", "20060102", "2006-01-02T15:04:05Z", "2006-01-02 15:04:05"} {
			if got, err := ParseDay(at.Format(form)); err != nil || got != DateOf(at) {
				t.Fatalf("%q is %v, %v", at.Format(form), got, err)
			}
		}
	}
}

// Whatever is written is answered, in few words.
func FuzzEntry(f *testing.F) {
	f.Add("C101520527", "K0+000-K0+500", "", "", "路面", "2020-05-01", "水塘镇", int64(0), 0)
	f.Add("水塘寨路", "", "K4+100", "K4+200", "完工", "２０２０年５月１日", "", int64(-5), 2)
	f.Add("王家寨", "", "", "", "base", "201X", "野马", int64(1)<<62, -1)
	f.Add("=1", "K9999+999-\xff", "K1", "", "?", "43952", "\xff", int64(1e12), 9)
	c := NewChecker(Assess(ruleCounty(f)))
	f.Fuzz(func(t *testing.T, road, text, from, to, stage, on, township string, length int64, choice int) {
		e := &Entry{RoadText: road, Text: text, From: from, To: to, Stage: Stage(stage), On: on, Township: township, Choice: choice}
		if length != 0 {
			e.Length = &length
		}
		got := c.Check(e, 737_000, nil)
		if p := got.Progress; p != nil {
			r := c.a.roads[p.Road]
			if p.Span.From < 0 || p.Span.From >= p.Span.To || p.Span.To > r.Length || p.On.IsZero() || stageIndex(p.Stage) < 0 {
				t.Fatalf("%+v of a road of %d mm", p, r.Length)
			}
		}
		if (got.Progress == nil || len(blocking(got.Findings)) > 0) && got.Status != SubmissionHeld {
			t.Fatalf("%s: %+v", got.Status, got.Findings)
		}
		if got.Progress == nil && len(got.Findings) == 0 {
			t.Fatal("held without a word")
		}
	})
}

// What is new in an entry, metre by metre.
func TestFreshAgainstBitmap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawCounty(t)
		s.Disputes = nil
		on := drawSpan(t)
		e := &Entry{ID: "new", Road: ID(rapid.IntRange(1, 3).Draw(t, "road")), Span: &on, Stage: StageSurface, On: "2020-05-01"}
		got := Assess(s).CheckEntry(e, 100, nil)
		fresh := int64(0)
		for at := on.From; at < on.To; at++ {
			if !slices.ContainsFunc(s.Progress, func(p Progress) bool { return p.Road == e.Road && p.Stage == e.Stage && has(p.Span, at) }) {
				fresh++
			}
		}
		if got.Fresh != fresh || got.Length != on.Length() {
			t.Fatalf("fresh %d of %d, want %d of %d: %s", got.Fresh, got.Length, fresh, on.Length(), rulesOf(got.Findings))
		}
		if (len(ofRule(got.Findings, "R09")) == 1) != (fresh == 0) {
			t.Fatalf("fresh %d: %s", fresh, rulesOf(got.Findings))
		}
	})
}

// A sheet of 2,000 rows against a county of 5,000 roads and 50,000 reports.
func BenchmarkCheckSheet(b *testing.B) {
	a := Assess(reportedDemo(50_000))
	s := &Sheet{Hash: "aa", Rows: [][]string{{"路线名称", "起止桩号", "阶段", "日期"}}}
	for i := range 2000 {
		road := &a.Snapshot.Roads[i*7%len(a.Snapshot.Roads)]
		s.Rows = append(s.Rows, []string{road.Name, "K0+000-K0+" + fmt.Sprintf("%03d", 100+i%300), string(Stages[i%5]), "2020-06-01"})
	}
	for b.Loop() {
		c := NewChecker(a)
		for _, r := range Entries(s, ReadHead(s, nil), SheetDefaults{}) {
			c.Take(c.Check(r.Entry, a.Snapshot.AsOf, nil).Progress)
		}
	}
}

func BenchmarkCheckEntry(b *testing.B) {
	a := Assess(reportedDemo(50_000))
	e := &Entry{ID: "x", RoadText: a.Snapshot.Roads[4000].Name, Text: "K0+000-K0+100", Stage: StageSurface, On: "2020-06-01"}
	for b.Loop() {
		a.CheckEntry(e, a.Snapshot.AsOf, nil)
	}
}

func BenchmarkFindings(b *testing.B) {
	a := Assess(reportedDemo(50_000))
	for b.Loop() {
		a.Findings()
	}
}

// reportedDemo is the invented county with so many reports.
func reportedDemo(reports int) *Snapshot {
	s := demoCounty(1, 5000, 100)
	for i := range s.Roads {
		s.Roads[i].Name = fmt.Sprint("第", i, "号路")
	}
	for i := range reports {
		r := &s.Roads[i%len(s.Roads)]
		from := r.Length * int64(i%13) / 20
		s.Progress = append(s.Progress, Progress{
			ID: fmt.Sprint("r", i), Road: r.ID, Version: r.Version, Span: mm(from, from+r.Length/5), Stage: Stages[i%5], On: s.AsOf - Date(i%150), Reporter: "王工",
		})
	}
	return s
}
