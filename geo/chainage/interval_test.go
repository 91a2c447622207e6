package chainage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo/chainage"
)

func TestParseInterval(t *testing.T) {
	for _, s := range []string{
		"K0+000-K1+250", "K0+000～K1+250", "K0+000至K1+250", "K0+000 — K1+250", "K0+000~1+250", "0+000-1+250", "Ｋ０＋０００－Ｋ１＋２５０",
		"K0+000——K1+250", "K0+000–K1+250", "k0+000到k1+250", "（K0+000-K1+250）", "[K0+000,K1+250)", "K0+000→K1+250", "K0+000...K1+250", "K0+000..K1+250", "K0+000 to K1+250",
		"自K0+000起至K1+250止", "桩号K0+000-K1+250段", "桩号：K0+000m－K1+250m", "K0-K1.25", "【ZK0+000～ZK1+250】", "K0+000〜K1+250", "K0+000\u3000-\u3000K1+250", "K0+000−K1+250", "从K0+000到K1+250",
	} {
		if from, to, err := chainage.ParseInterval(s); err != nil || from != 0 || to != 1_250_000 {
			t.Errorf("%q is %d to %d, %v", s, from, to, err)
		}
	}
	if from, to, err := chainage.ParseInterval("K1+250～K0+000"); err != nil || from != 1_250_000 || to != 0 {
		t.Errorf("reversed is %d to %d, %v; want it as written", from, to, err)
	}
	for _, bad := range []string{"", "K0+000", "K0+000-", "-K0+000-K1+000", "K0+000-250", "K0+000-1250", "12-15", "K0+000-K1+250-K2+000", "K0+000 K1+250", "~", "K0+000/K1+250", "K-1+000", "K0+000-K1+250(左幅)"} {
		if from, to, err := chainage.ParseInterval(bad); err == nil {
			t.Errorf("%q is %d to %d, want an error", bad, from, to)
		} else if !strings.Contains(err.Error(), "K0+000-K1+250") {
			t.Errorf("%q: %v does not say how to write it", bad, err)
		}
	}
}

func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"K0+000-K1+250", "K0+000～K1+250", "自K0+000起至K1+250止", "(12+3.5,13+0)", "-", "K0to", "\xff-\xff", "K1..K2", "桩号:K1.5—2+0米"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to, err := chainage.ParseInterval(s)
		if err != nil {
			return
		}
		if from < 0 || from > chainage.MaxLabel || to < 0 || to > chainage.MaxLabel {
			t.Fatalf("%q is %d to %d", s, from, to)
		}
		written := chainage.FormatLabel(from) + "-" + chainage.FormatLabel(to)
		if a, b, err := chainage.ParseInterval(written); err != nil || a != from || b != to {
			t.Fatalf("%q is %d to %d, written %q, read %d to %d, %v", s, from, to, written, a, b, err)
		}
	})
}

// The road of broken, 10 km: K4+000 to K4+500 come twice (long chain at 4.5
// km), K7+500 to K7+800 never (short chain at 8 km).
func TestPlaces(t *testing.T) {
	c := broken(t)
	const length = 10_000_000
	type spans = []chainage.Span
	for name, test := range map[string]struct {
		from, to int64
		want     spans
	}{
		"before the breaks":             {1_000_000, 2_000_000, spans{{From: 1_000_000, To: 2_000_000}}},
		"reversed":                      {2_000_000, 1_000_000, spans{{From: 1_000_000, To: 2_000_000}}},
		"over the long chain":           {3_000_000, 5_000_000, spans{{From: 3_000_000, To: 5_500_000}}},
		"over the short chain":          {7_000_000, 8_000_000, spans{{From: 7_500_000, To: 8_200_000}}},
		"both labels twice":             {4_200_000, 4_300_000, spans{{From: 4_200_000, To: 4_300_000}, {From: 4_700_000, To: 4_800_000}, {From: 4_200_000, To: 4_800_000}, {From: 4_300_000, To: 4_700_000}}},
		"one label twice":               {3_000_000, 4_200_000, spans{{From: 3_000_000, To: 4_200_000}, {From: 3_000_000, To: 4_700_000}}},
		"the end of the first part":     {4_000_000, 4_500_000, spans{{From: 4_000_000, To: 4_500_000}, {From: 4_500_000, To: 5_000_000}, {From: 4_000_000, To: 5_000_000}}},
		"one label that is two places":  {4_200_000, 4_200_000, spans{{From: 4_200_000, To: 4_700_000}}},
		"the end before a short chain":  {7_000_000, 7_500_000, spans{{From: 7_500_000, To: 8_000_000}}},
		"the start after a short chain": {7_800_000, 9_000_000, spans{{From: 8_000_000, To: 9_200_000}}},
		"from the end before the gap":   {7_500_000, 8_000_000, spans{{From: 8_000_000, To: 8_200_000}}},
		"the whole":                     {0, 9_800_000, spans{{From: 0, To: length}}},
		"to the metre beyond the end":   {9_000_000, 9_800_000, spans{{From: 9_200_000, To: length}}},
	} {
		choices, err := c.Places(test.from, test.to, length)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got spans
		for _, choice := range choices {
			got = append(got, choice.Span)
			if choice.From.At != choice.Span.From || choice.To.At != choice.Span.To || choice.From.Part > choice.To.Part {
				t.Errorf("%s: the ends of %+v are not its own", name, choice)
			}
			if wantReversed := choice.From.Label == test.to && test.to != test.from; choice.Reversed != wantReversed {
				t.Errorf("%s: %+v is reversed: %v", name, choice, choice.Reversed)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, pair := range map[string][2]int64{"in the gap": {7_000_000, 7_600_000}, "beyond": {9_000_000, 9_801_000}, "no length": {1_000_000, 1_000_000}} {
		if got, err := c.Places(pair[0], pair[1], length); err == nil {
			t.Errorf("%s: %v, want an error", name, got)
		} else if name != "no length" && !strings.Contains(err.Error(), "K0+000 to K4+500, then K4+000 to K7+500, then K7+800 to K9+800") {
			t.Errorf("%s: %v does not name the labels there are", name, err)
		}
	}
}

func TestPlacesNameTheirParts(t *testing.T) {
	c := broken(t)
	choices, err := c.Places(4_200_000, 4_300_000, 10_000_000)
	if err != nil {
		t.Fatal(err)
	}
	parts := c.Parts(10_000_000)
	before, after := parts[choices[0].From.Part], parts[choices[1].From.Part]
	if before.First != 0 || before.Last != 4_500_000 || after.First != 4_000_000 || after.Last != 7_500_000 {
		t.Errorf("the first choice is in %+v, the second in %+v", before, after)
	}
	if choices[2].From.Part != 0 || choices[2].To.Part != 1 {
		t.Errorf("%+v is not across the break", choices[2])
	}
}

// Labels are written to the metre, and a route is some millimetres shorter.
func TestPlacesToTheMetre(t *testing.T) {
	var none chainage.Calibration
	if got, err := none.Places(0, 3_000_000, 2_999_400); err != nil || got[0].Span.To != 2_999_400 {
		t.Errorf("%v, %v; want the end of the route", got, err)
	}
	if got, err := none.Places(0, 3_000_000, 2_999_000); err == nil {
		t.Errorf("%v, want an error: a metre is missing", got)
	}
	if got, err := none.Places(0, 2_999_401, 2_999_400); err == nil {
		t.Errorf("%v, want an error: this label is exact", got)
	}
	if got, err := none.Places(0, 5, 0); err == nil {
		t.Errorf("%v on a route of no length", got)
	}
}
