package frontend

import "testing"

// Both catalogues have the same words, and neither an empty one.
func TestWords(t *testing.T) {
	zh, en := Words("zh-CN"), Words("en")
	if len(zh) != len(en) || len(zh) < 400 {
		t.Errorf("%d words in Chinese, %d in English", len(zh), len(en))
	}
	for key, word := range zh {
		if word == "" || en[key] == "" {
			t.Errorf("%s: %q, %q", key, word, en[key])
		}
	}
	if zh["unit.person"] != "人" || en["class.hamlet"] != "Hamlet road" || len(Words("tlh")) != 0 {
		t.Error("the words are others")
	}
}
