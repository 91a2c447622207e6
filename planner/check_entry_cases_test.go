package planner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

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
		{"R11", "longer than the road", func(_ *Snapshot, e *Entry) { e.Text, e.Length = "", pointer(int64(7_300_000)) }, off("7.3 km")},
		{"R11", "numbers without a unit", func(_ *Snapshot, e *Entry) { e.Text, e.From, e.To = "", "0.3", "1.25" },
			found(SeverityBlock, nil, map[string]any{"labels": "0.3 – 1.25", "length_m": 5300.0, "route": twice, "why": "unit"})},
		{"R11", "more than all of it", func(_ *Snapshot, e *Entry) { e.Text = "120%" }, off("120%")},
		{"R24", "a share of the road", func(_ *Snapshot, e *Entry) { e.Text = "50%" }, found(SeverityHold, nil, map[string]any{"length_m": 2650.0})},
		{"R11", "words", func(_ *Snapshot, e *Entry) { e.Text = "村口到小学" }, off("村口到小学")},
		{"R11", "two labels", func(_ *Snapshot, e *Entry) { e.Text, e.From, e.To = "", "K0+000", "12.5" }, off("K0+000 – 12.5")},
		{"R11", "a span beyond", func(_ *Snapshot, e *Entry) { e.Span = &chainage.Span{From: 0, To: 5300001} }, off("K0+000 – K5+300.001")},
		{"R11", "a span to the end", func(_ *Snapshot, e *Entry) { e.Span = &chainage.Span{From: 0, To: 5300000} }, nil},
		{"R12", "K4+200 is two places", func(_ *Snapshot, e *Entry) { e.Text = "K4+100-K4+200" },
			found(SeverityBlock, nil, map[string]any{"choices": 4.0, "of": "K0+000 – K4+500; K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800 (4.1 – 4.7 km); K0+000 – K4+500 + K4+000 – K4+800 (4.2 – 4.6 km)"})},
		{"R12", "chosen", func(_ *Snapshot, e *Entry) { e.Text, e.Choice = "K4+100-K4+200", 2 }, nil},
		{"R12", "chosen what there is not", func(_ *Snapshot, e *Entry) { e.Text, e.Choice = "K4+100-K4+200", 5 },
			found(SeverityBlock, nil, map[string]any{"choices": 4.0, "of": "K0+000 – K4+500; K4+000 – K4+800; K0+000 – K4+500 + K4+000 – K4+800 (4.1 – 4.7 km); K0+000 – K4+500 + K4+000 – K4+800 (4.2 – 4.6 km)"})},
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
		{"R01", "no such programme", func(_ *Snapshot, e *Entry) { e.Programme = 9 }, found(SeverityBlock, &chainage.Span{From: 0, To: 500_000}, map[string]any{"outside_m": 500.0, "programme": "9"})},
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
