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
		Reason: "HT-01 / HT-02: K0+200 – K0+500", Claims: []string{"p11", e.ID},
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

// A case begins on the day from which two of its claims meet; what else was
// reported there later does not put it off.
func TestDisputeBeginsWithItsPair(t *testing.T) {
	s, e := plainEntry(t)
	for _, on := range []string{"2020-06-20", "2020-05-05", "2020-06-10"} {
		reported(t, s, 1, StageSurface, 0, 800_000, on).Contract = 2
	}
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Dispute == nil || got.Dispute.Opened.String() != e.On {
		t.Errorf("opened %+v, the entry is of %s", got.Dispute, e.On)
	}
	e.On = "2020-05-01"
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Dispute == nil || got.Dispute.Opened.String() != "2020-05-05" {
		t.Errorf("opened %+v, the first other claim is of 2020-05-05", got.Dispute)
	}
}

// A length that is longer than the row's own interval is held, and counts no
// metre beyond it when somebody lets it pass.
func TestLengthBeyondItsLabels(t *testing.T) {
	s, e := plainEntry(t)
	e.Text, e.From, e.To, e.Length, e.Assumed = "", "K0+300", "K0+350", pointer(int64(400_000)), true
	got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil)
	want := []RuleFinding{
		{Rule: "R24", Severity: SeverityHold, Params: map[string]any{"length_m": 400.0}},
		{Rule: "R25", Severity: SeverityNote, Params: map[string]any{"written_m": 400.0, "labels_m": 50.0}},
	}
	if diff := cmp.Diff(want, append(ofRule(got.Findings, "R24"), ofRule(got.Findings, "R25")...)); diff != "" || got.Status != SubmissionHeld {
		t.Error(got.Status, diff)
	}
	e.Overrides = []EntryOverride{{Rule: "R24", Reason: "measured"}}
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Status != SubmissionApplied || *got.Span != mm(300_000, 350_000) {
		t.Errorf("overridden: %s on %v", got.Status, got.Span)
	}
	e.To, e.Overrides = "K0+800", nil
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); *got.Span != mm(300_000, 700_000) || len(ofRule(got.Findings, "R24")) != 1 || got.Status != SubmissionApplied {
		t.Errorf("within: %s on %v, %+v", got.Status, got.Span, got.Findings)
	}
	e.From, e.To = "K0+800", "K0+300"
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); *got.Span != mm(400_000, 800_000) {
		t.Errorf("backwards: on %v", got.Span)
	}
	e.From, e.To, e.Length = "K0+300", "K0+700", pointer(int64(405_000))
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); *got.Span != mm(300_000, 700_000) || len(ofRule(got.Findings, "R24")) != 0 {
		t.Errorf("as long: on %v, %+v", got.Span, got.Findings)
	}
}

// Townships are called by what everybody calls them.
func TestTownshipsAsTheyAreWritten(t *testing.T) {
	s, e := plainEntry(t)
	s.Townships[0].Name = "辅处彝族苗族乡"
	for name, want := range map[string]string{
		"辅处彝族苗族乡": "520527100", "辅处乡": "520527100", "辅处": "520527100", "赫章县辅处乡": "520527100", "辅处乡人民政府": "520527100", "贵州省毕节市赫章县辅处彝族苗族乡人民政府": "520527100",
		"辅处彝族乡": "520527100", "野马": "520527101", "赫章县": "", "乡": "", "彝族苗族乡": "", "大河镇": "",
	} {
		if got := NewChecker(Assess(s)).townshipCode(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	e.Township, e.SheetTownship = "辅处乡", "赫章县辅处乡"
	if got := Assess(s).CheckEntry(e, day(t, "2020-06-30"), nil); got.Status != SubmissionApplied {
		t.Errorf("%s: %+v", got.Status, got.Findings)
	}
	s.Townships[1].Name = "辅处镇"
	for name, want := range map[string]string{"辅处": "", "辅处乡": "", "辅处镇": "520527101", "辅处彝族苗族乡": "520527100"} {
		if got := NewChecker(Assess(s)).townshipCode(name); got != want && (name != "辅处乡" || got != "520527100") {
			t.Errorf("of two, %s is %q, want %q", name, got, want)
		}
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
