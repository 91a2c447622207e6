package chainage_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo/chainage"
	"pgregory.net/rapid"
)

func TestParseLabel(t *testing.T) {
	for s, want := range map[string]int64{
		"K12+345": 12_345_000, "k12+345": 12_345_000, "K12＋345": 12_345_000, "Ｋ１２＋３４５": 12_345_000, "12+345": 12_345_000,
		"K12+345.678": 12_345_678, "K12+345.6": 12_345_600, "DK12+345": 12_345_000, "ZK0+005": 5_000, "K 12 + 345 ": 12_345_000,
		"K12＋345m": 12_345_000, "桩号K12+345": 12_345_000, "桩号：12+345": 12_345_000, "k12+345米": 12_345_000, "K12.345": 12_345_000,
		"K12.5km": 12_500_000, "K12km": 12_000_000, "K0.000001": 1, "K12.345公里": 12_345_000, "K12+345.6M": 12_345_600, "K12﹢345": 12_345_000, "\ufeffK12+3\u200b45": 12_345_000,
		"K0+000": 0, "K12": 12_000_000, "K1+5": 1_005_000, "　K3+200　": 3_200_000, "K9999+999.999": chainage.MaxLabel,
	} {
		if got, err := chainage.ParseLabel(s); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", s, got, err, want)
		}
	}
	for _, bad := range []string{"", "K", "12345", "12.345", "K+345", "K12+", "K12+3456", "K12+34a", "K-1+000", "K12+345.", "K12+345.6789",
		"K12+345+1", "ABK1+000", "K12345+000", "K١٢+٣٤٥", "~", "NaN", "K1e3+0", "米K1+2", "K12m", "12.345km", "K12.3456789", "K12.", "K12.345+1", "K12+345km", "K12+m", "桩号12", "桩号桩号K1+2", "K12+345mm", "ıK1+000"} {
		if got, err := chainage.ParseLabel(bad); err == nil {
			t.Errorf("%q is %d, want an error", bad, got)
		} else if !strings.Contains(err.Error(), "K12+345") {
			t.Errorf("%q: %v does not say how to write it", bad, err)
		}
	}
}

func TestFormatLabel(t *testing.T) {
	for mm, want := range map[int64]string{0: "K0+000", 12_345_000: "K12+345", 12_345_600: "K12+345.6", 5: "K0+000.005", -12_000: "K-0+012"} {
		if got := chainage.FormatLabel(mm); got != want {
			t.Errorf("%d is %q, want %q", mm, got, want)
		}
	}
}

func FuzzParseLabel(f *testing.F) {
	for _, s := range []string{"K12+345", "k12＋345", "DK1+2.3", "K12", "12+345", "K", "桩号K1.5", "12+3.5米", "\xff", "ＫＫ1", "K9999+999.999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mm, err := chainage.ParseLabel(s)
		if err != nil {
			return
		}
		if mm < 0 || mm > chainage.MaxLabel {
			t.Fatalf("%q is %d", s, mm)
		}
		if again, err := chainage.ParseLabel(chainage.FormatLabel(mm)); err != nil || again != mm {
			t.Fatalf("%q is %d, written %q, read %d, %v", s, mm, chainage.FormatLabel(mm), again, err)
		}
	})
}

// A road of 10 km: after 4 km a bypass was built, 500 m longer than the way
// before, so K4+000 to K4+500 come twice; after 8 km one 300 m shorter.
func broken(t *testing.T) chainage.Calibration {
	t.Helper()
	c, err := chainage.NewCalibration(
		chainage.Mark{At: 0, K: 0}, chainage.Mark{At: 4_500_000, K: 4_500_000},
		chainage.Mark{At: 4_500_000, K: 4_000_000}, chainage.Mark{At: 8_000_000, K: 7_500_000},
		chainage.Mark{At: 8_000_000, K: 7_800_000}, chainage.Mark{At: 10_000_000, K: 9_800_000},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChainBreaks(t *testing.T) {
	c := broken(t)
	for at, want := range map[int64]string{0: "K0+000", 4_499_999: "K4+499.999", 4_500_000: "K4+000", 7_999_000: "K7+499", 8_000_000: "K7+800", 10_000_000: "K9+800"} {
		if got := c.String(at); got != want {
			t.Errorf("at %d stands %s, want %s", at, got, want)
		}
	}
	for label, want := range map[int64][]int64{
		4_200_000: {4_200_000, 4_700_000}, 3_000_000: {3_000_000}, 7_500_000: {8_000_000}, 7_800_000: {8_000_000}, 9_800_000: {10_000_000},
	} {
		got, err := c.At(label)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", chainage.FormatLabel(label), err, diff)
		}
	}
	for _, label := range []int64{7_600_000, 9_800_001, -1} {
		if got, err := c.At(label); err == nil {
			t.Errorf("%s is at %v, want an error", chainage.FormatLabel(label), got)
		} else if !strings.Contains(err.Error(), "K0+000 to K4+500, then K4+000 to K7+500, then K7+800 to K9+800") {
			t.Errorf("%v does not name the labels there are", err)
		}
	}
}

func TestNoMarksAndOne(t *testing.T) {
	var none chainage.Calibration
	if at, err := none.At(5000); err != nil || at[0] != 5000 || none.Label(7) != 7 {
		t.Errorf("without marks: %v, %v", at, err)
	}
	if _, err := none.At(-1); err == nil || !strings.Contains(err.Error(), "K0+000") {
		t.Errorf("below zero: %v", err)
	}
	one, err := chainage.NewCalibration(chainage.Mark{At: 100, K: 2_000_100})
	if err != nil || one.Label(0) != 2_000_000 || one.Label(200) != 2_000_200 {
		t.Errorf("one mark: %v, %v", one.Label(0), err)
	}
}

func TestBadCalibrations(t *testing.T) {
	for name, marks := range map[string][]chainage.Mark{
		"backwards":          {{At: 5, K: 0}, {At: 4, K: 9}},
		"labels fall":        {{At: 0, K: 9}, {At: 4, K: 8}},
		"three at one place": {{At: 0, K: 0}, {At: 4, K: 4}, {At: 4, K: 9}, {At: 4, K: 2}, {At: 9, K: 20}},
		"break at the start": {{At: 0, K: 0}, {At: 0, K: 4}, {At: 9, K: 9}},
		"beyond all numbers": {{At: 0, K: math.MinInt64}, {At: 5, K: math.MaxInt64}},
		"beyond the earth":   {{At: 0, K: 0}, {At: math.MaxInt64, K: 5}},
		"break at the end":   {{At: 0, K: 0}, {At: 9, K: 9}, {At: 9, K: 11}},
	} {
		if _, err := chainage.NewCalibration(marks...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A place is among the places of its label, to the rounding of the steeper of
// the two scales.
func TestLabelsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := []chainage.Mark{{At: rapid.Int64Range(-1000, 1000).Draw(t, "at"), K: rapid.Int64Range(0, 1e9).Draw(t, "k")}}
		for range rapid.IntRange(1, 6).Draw(t, "marks") {
			last := marks[len(marks)-1]
			long := rapid.Int64Range(1000, 1e7).Draw(t, "long")
			end := chainage.Mark{At: last.At + long, K: last.K + long + rapid.Int64Range(-long/10, long/10).Draw(t, "stretch")}
			marks = append(marks, end, chainage.Mark{At: end.At, K: rapid.Int64Range(0, 1e9).Draw(t, "jump")})
		}
		marks = marks[:len(marks)-1]
		c, err := chainage.NewCalibration(marks...)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.Int64Range(marks[0].At, marks[len(marks)-1].At).Draw(t, "place")
		back, err := c.At(c.Label(at))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range back {
			if b-at <= 1 && at-b <= 1 {
				return
			}
		}
		t.Fatalf("%d has label %d, which is at %v", at, c.Label(at), back)
	})
}
