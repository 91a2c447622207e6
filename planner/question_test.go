package planner

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// drawEdits supposes something about a county's roads and segments.
func drawEdits(t *rapid.T, s *Snapshot) []Edit {
	var out []Edit
	for i := rapid.IntRange(0, 4).Draw(t, "edits"); i > 0; i-- {
		e := Edit{Do: rapid.SampledFrom([]string{EditClose, EditBuild, EditImprove}).Draw(t, "do")}
		if rapid.Bool().Draw(t, "whole road") {
			e.Road = s.Roads[rapid.IntRange(0, len(s.Roads)-1).Draw(t, "road")].ID
		} else if seg := anySegment(t, s); !seg.Halo {
			e.Segment = seg.ID
		} else {
			continue
		}
		out = append(out, e)
	}
	return out
}

func drawQuestion(t *rapid.T, s *Snapshot) Question {
	return Question{
		Season:    rapid.SampledFrom([]string{"", route.Dry, route.Wet}).Draw(t, "season"),
		ConnectMM: rapid.SampledFrom([]int64{0, 50_000, 200_000, 600_000}).Draw(t, "connect"),
		RAIMM:     rapid.SampledFrom([]int64{0, 500_000, 3_000_000}).Draw(t, "rai"),
		WalkMS:    rapid.SampledFrom([]int64{0, 600_000}).Draw(t, "walk"),
		Edits:     append(drawEdits(t, s), drawPlaceEdits(t, s)...),
	}
}

// supposed does to a snapshot what a question supposes, so that Assess of it
// must judge the same. It reads the verbs as docs/coverage.md tells them.
func supposed(s *Snapshot, q Question) *Snapshot {
	c := copyOf(s)
	if q.ConnectMM != 0 {
		c.Rules.ConnectMM = q.ConnectMM
	}
	if q.RAIMM != 0 {
		c.Rules.RAIBufferMM = q.RAIMM
	}
	if q.WalkMS != 0 {
		c.Rules.RAIWalkMS = q.WalkMS
	}
	for _, e := range q.Edits {
		if !e.ofRoads() {
			c.supposePlace(e)
			continue
		}
		for i := range c.Segments {
			seg := &c.Segments[i]
			if seg.Halo || e.Segment != 0 && seg.ID != e.Segment || e.Segment == 0 && seg.Road != e.Road {
				continue
			}
			switch e.Do {
			case EditBuild:
				if !seg.Routable {
					seg.Routable, seg.Direction = true, Both
				}
				seg.Built, seg.AllSeason, seg.Surface = BuiltYes, Yes, "cement"
			case EditImprove:
				if seg.Built != BuiltNone {
					seg.AllSeason, seg.Surface = Yes, "cement"
				}
			case EditClose: // as good as not there, until it is built
				seg.Built = BuiltNone
			}
		}
	}
	return c
}

// verdicts writes what is judged of the villages.
func verdicts(a *Assessment) string {
	var b strings.Builder
	for i := range a.Villages {
		d := &a.Villages[i]
		b.WriteString(idString(d.Village.ID) + " " + string(d.Connected) + " " + string(d.Smooth) + " " + string(d.Reached) + " " + string(d.Road))
		if d.NearRoad {
			b.WriteString(" near")
		}
		if d.Link != nil {
			b.WriteString(" " + number(&d.Link.MissingMM))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A question is answered as if the snapshot said so, by plain judging anew of a
// county whose reports are gone, so that the inventory alone decides.
func TestAskIsAssessOfWhatIsSupposed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 50).Draw(rt, "seed"), 40, 12)
		s.Progress, s.Programmes = nil, nil
		a := Assess(s)
		q := drawQuestion(rt, s)
		q.Season = ""
		got, err := a.Ask(context.Background(), q)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(verdicts(Assess(supposed(s, q))), verdicts(got)); diff != "" {
			rt.Fatalf("%v: supposed (-), asked (+) %s", q, diff)
		}
	})
}

// Without the question the world is the original, bit by bit; the question
// itself changes nothing of what it was put to, and is answered the same twice.
func TestAskIsUndone(t *testing.T) {
	s := demoCounty(7, 40, 12)
	a := Assess(s)
	want := everything(t, a)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawQuestion(rt, s)
		once := must(a.Ask(context.Background(), q))
		first := everything(t, once)
		again := must(must(once.Ask(context.Background(), Question{Edits: drawEdits(rt, s)})).Ask(context.Background(), q))
		if diff := cmp.Diff(first, everything(t, again)); diff != "" {
			rt.Fatalf("asked by another way: %s", diff)
		}
		if back := must(again.Ask(context.Background(), Question{ConnectMM: s.Rules.ConnectMM})); back != a {
			rt.Fatal("the zero question gives another assessment")
		}
		if diff := cmp.Diff(want, everything(t, a)); diff != "" {
			rt.Fatalf("the original moved: %s", diff)
		}
	})
}

// AssessAfter takes nothing over from a supposed world.
func TestAssessAfterAQuestion(t *testing.T) {
	s := demoCounty(3, 40, 12)
	q := must(Assess(s).Ask(context.Background(), Question{Season: route.Wet, ConnectMM: 1_000_000, Edits: []Edit{{Do: EditClose, Road: 1}}}))
	if diff := cmp.Diff(everything(t, Assess(s)), everything(t, AssessAfter(q, copyOf(s)))); diff != "" {
		t.Fatal(diff)
	}
}

func TestBadQuestions(t *testing.T) {
	a := Assess(demoCounty(1, 10, 3))
	for want, q := range map[string]Question{
		`season "rainy" is not known`:        {Season: "rainy"},
		"connect_m -1 is not a threshold":    {ConnectMM: -1000},
		"rai_m 60000 is not a threshold":     {RAIMM: 60_000_000},
		"walk_min 2000 is not a threshold":   {WalkMS: 2000 * 60_000},
		"there is no road segment 99":        {Edits: []Edit{{Do: EditClose, Segment: 99}}},
		"there is no road 98":                {Edits: []Edit{{Do: EditBuild, Road: 98}}},
		"segment 1 is of road 1, not of":     {Edits: []Edit{{Do: EditBuild, Road: 2, Segment: 1}}},
		`edit "burn" is not known`:           {Edits: []Edit{{Do: "burn", Road: 1}}},
		"names neither a segment nor a road": {Edits: []Edit{{Do: EditClose}}},
		"there is no site 99":                {Edits: []Edit{{Do: EditPlace, Site: 99}}},
		"there is no village 99":             {Edits: []Edit{{Do: EditPeople, Village: 99}}},
		"there is a site 900001 already":     {Edits: []Edit{{Do: EditAdd, Site: 900001}, {Do: EditAdd, Site: 900001}}},
		"has a number from 900001 on":        {Edits: []Edit{{Do: EditAdd, Site: 1}}},
		"is none of a site":                  {Edits: []Edit{{Do: EditBuild, Site: 1}}},
		"is none of a village":               {Edits: []Edit{{Do: EditClose, Village: 1}}},
		"is not on the earth":                {Edits: []Edit{{Do: EditPlace, Site: 1, Point: orb.Point{math.NaN(), 0}}}},
		"a site takes persons from 0":        {Edits: []Edit{{Do: EditCapacity, Site: 1, Persons: 1e9}}},
		"from one household to as many":      {Edits: []Edit{{Do: EditPeople, Village: 1, Households: 9, Persons: 3}}},
		"501 edits are more than 500":        {Edits: make([]Edit, 501)},
	} {
		_, err := a.Ask(context.Background(), q)
		if err == nil || !strings.Contains(err.Error(), want) || CodeOf(err) == "" {
			t.Errorf("%v: %v, want %q", q, err, want)
		}
	}
}

func TestParseEdits(t *testing.T) {
	got := must(ParseEdits(" close:segment:17, build:road:5,improve:segment:9 ,place:site:3:104.729131:-27.1,capacity:site:3:0,close:site:4,add:site:900001:-0.000001:90:800,people:village:12:35:160"))
	want := []Edit{
		{Do: EditClose, Segment: 17}, {Do: EditBuild, Road: 5}, {Do: EditImprove, Segment: 9},
		{Do: EditPlace, Site: 3, Point: orb.Point{104.72913, -27.1}}, {Do: EditCapacity, Site: 3}, {Do: EditClose, Site: 4},
		{Do: EditAdd, Site: 900001, Point: orb.Point{0, 90}, Persons: 800}, {Do: EditPeople, Village: 12, Households: 35, Persons: 160},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none, err := ParseEdits(" "); none != nil || err != nil {
		t.Errorf("%v, %v", none, err)
	}
	for _, bad := range []string{"close", "close:segment", "close:segment:", "close:segment:0", "close:segment:-1", "close:segment:+1", "open:road:1",
		"close:site:1:2", "place:site:1", "place:site:1:104", "place:site:1:104:27:5", "place:site:1:1e2:27", "place:site:1:NaN:27", "place:site:1:181:27", "place:site:1:104:-90.1", "place:site:1:104:+27",
		"place:site:1:.5:27", "place:segment:1:104:27", "capacity:site:1", "capacity:site:1:-1", "capacity:site:1:1000001", "capacity:site:1:1.5", "add:site:900000:104:27:1", "add:site:9007199254740993:104:27:1",
		"add:site:900001:104:27", "build:site:1", "people:village:1:5", "people:village:1:5:4", "people:village:1:0:4", "people:village:1:1:1000001", "people:site:1:1:1", "close:village:1", "people:village:0:1:1",
		"close:bridge:1", "close:road:1,", "close:road:1:2", "close:road:99999999999999999999", strings.Repeat("close:road:1,", 501) + "close:road:1"} {
		if _, err := ParseEdits(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzParseEdits(f *testing.F) {
	f.Add("close:segment:17,build:road:5")
	f.Add("improve:road:9223372036854775807")
	f.Add("close:segment:１")
	f.Add("place:site:3:104.72913:27.13021,add:site:900001:-104.7:27.100000001:800,people:village:12:35:160,capacity:site:3:0,close:site:3")
	f.Fuzz(func(t *testing.T, s string) {
		edits, err := ParseEdits(s)
		if err != nil {
			if CodeOf(err) == "" || len(err.Error()) > 600 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		again, err := ParseEdits(FormatEdits(edits))
		if diff := cmp.Diff(edits, again); diff != "" || err != nil {
			t.Fatalf("%q: %v %s", s, err, diff)
		}
	})
}
