package data

import (
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// Whatever stands in a rule, its thresholds are in order or it is refused.
func FuzzParseRules(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, ``, `{"connect_mm": 100000}`, `{"connect_mm": -1}`, `{"warning_steps_ppm": [1, 2, 3, 4]}`,
		`{"warning_steps_ppm": [4, 3, 2, 1]}`, `{"warning_steps_ppm": [1, 2]}`, `{"mask_below": 1e99}`, `{"faster_mm": -1}`, `{"length_off_ppm": 1}`, `{"unknown": 1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rules, err := parseRules("v", body)
		if err != nil {
			return
		}
		if rules.Version != "v" || min(rules.ConnectMM, rules.RAIBufferMM, rules.SnapMaxMM, rules.MaskBelow,
			rules.FasterMM, rules.EvidenceOffMM, rules.TrackOffMM, rules.LengthOffPPM) < 0 {
			t.Errorf("%s gives %+v", body, rules)
		}
		last := int64(0)
		for _, step := range rules.WarningStepsPPM {
			if step <= last {
				t.Errorf("%s gives warning steps %v", body, rules.WarningStepsPPM)
			}
			last = step
		}
	})
}

func TestARuleKeepsTheDefaultsItDoesNotName(t *testing.T) {
	got, err := parseRules("v", []byte(`{"mask_below": 3, "faster_mm": 5, "evidence_off_mm": 6, "track_off_mm": 7, "length_off_ppm": 8}`))
	if err != nil {
		t.Fatal(err)
	}
	want := planner.DefaultRules()
	want.Version, want.MaskBelow = "v", 3
	want.FasterMM, want.EvidenceOffMM, want.TrackOffMM, want.LengthOffPPM = 5, 6, 7, 8
	if got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}
