package chainage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

func relabelled(t *testing.T, m chainage.Mapping, old chainage.Calibration, length int64) (labels []string) {
	t.Helper()
	c, err := m.Calibration(key(2), map[chainage.Key]chainage.Calibration{key(1): old})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Parts(length) {
		labels = append(labels, chainage.FormatLabel(p.First)+" to "+chainage.FormatLabel(p.Last))
	}
	return labels
}

// A stretch of 10 km is drawn anew: K4+000 to K6+000 becomes so long.
func redrawn(long int64) (chainage.Mapping, int64) {
	m := chainage.Mapping{
		{Kind: chainage.KindCarried, Old: key(1), From: chainage.Span{To: 4_000_000}, New: key(2), To: chainage.Span{To: 4_000_000}},
		{Kind: chainage.KindRetired, Old: key(1), From: chainage.Span{From: 4_000_000, To: 6_000_000}},
		{Kind: chainage.KindCarried, Old: key(1), From: chainage.Span{From: 6_000_000, To: 10_000_000}, New: key(2), To: chainage.Span{From: 4_000_000 + long, To: 8_000_000 + long}},
	}
	if long > 0 {
		m = append(m, chainage.Piece{Kind: chainage.KindNew, New: key(2), To: chainage.Span{From: 4_000_000, To: 4_000_000 + long}})
	}
	return m, 8_000_000 + long
}

func TestRelabel(t *testing.T) {
	for name, test := range map[string]struct {
		long int64
		want []string
	}{
		"longer":  {2_500_000, []string{"K0+000 to K6+500", "K6+000 to K10+000"}},
		"shorter": {1_200_000, []string{"K0+000 to K5+200", "K6+000 to K10+000"}},
		"as long": {2_000_000, []string{"K0+000 to K10+000"}},
		"closed":  {0, []string{"K0+000 to K4+000", "K6+000 to K10+000"}},
	} {
		m, length := redrawn(test.long)
		if diff := cmp.Diff(test.want, relabelled(t, m, chainage.Calibration{}, length)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	front, err := chainage.Extend(key(1), key(2), 1_000_000, 300_000, 200_000)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"K0+000 to K0+300", "K0+000 to K1+200"}, relabelled(t, front, chainage.Calibration{}, 1_500_000)); diff != "" {
		t.Errorf("extended at K0 (-want +got):\n%s", diff)
	}
	five, err := chainage.NewCalibration(chainage.Mark{At: 0, K: 5_000_000})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"K4+700 to K6+200"}, relabelled(t, front, five, 1_500_000)); diff != "" {
		t.Errorf("extended at K5 (-want +got):\n%s", diff)
	}
	if _, err := chainage.Reverse(key(1), key(2), 100).Calibration(key(2), nil); err == nil || !strings.Contains(err.Error(), "new labels") {
		t.Errorf("reversed: %v", err)
	}
}

// Breaks that the old route has are carried with their places.
func TestRelabelKeepsBreaks(t *testing.T) {
	got := relabelled(t, chainage.Identity(key(1), key(2), 10_000_000), broken(t), 10_000_000)
	if diff := cmp.Diff([]string{"K0+000 to K4+500", "K4+000 to K7+500", "K7+800 to K9+800"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever is shortened and extended, what is carried keeps its labels.
func TestRelabelCarriesLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.Int64Range(10, 100_000).Draw(t, "length")
		keep := rapid.Int64Range(0, length-1).Draw(t, "keep")
		removed := chainage.NewSet(drawSpansUpTo(t, length)...).Subtract(chainage.NewSet(chainage.Span{From: keep, To: keep + 1}))
		m, err := chainage.Shorten(key(0), key(1), length, removed)
		if err != nil {
			t.Fatal(err)
		}
		left := length - removed.Length()
		more, err := chainage.Extend(key(1), key(2), left, rapid.Int64Range(0, 500).Draw(t, "front"), rapid.Int64Range(0, 500).Draw(t, "back"))
		if err != nil {
			t.Fatal(err)
		}
		m = chainage.Compose(m, more)
		old, err := chainage.NewCalibration(chainage.Mark{At: 0, K: rapid.Int64Range(0, 1000).Draw(t, "K")})
		if err != nil {
			t.Fatal(err)
		}
		c, err := m.Calibration(key(2), map[chainage.Key]chainage.Calibration{key(0): old})
		if err != nil {
			t.Fatalf("%v: %v", m, err)
		}
		for _, p := range m {
			if p.Kind == chainage.KindCarried && (c.Label(p.To.From) != old.Label(p.From.From) || c.Label(p.To.To-1) != old.Label(p.From.To-1)) {
				t.Fatalf("%+v is labelled %v to %v, was %v to %v", p, c.Label(p.To.From), c.Label(p.To.To-1), old.Label(p.From.From), old.Label(p.From.To-1))
			}
		}
	})
}
