package frontend

import (
	"embed"
	"encoding/json"
	"sync"
)

//go:embed src/i18n/words.*.json
var wordFiles embed.FS

// Words are the words of the map for codes of the data, by "group.code", in
// "zh-CN" or "en": one catalogue for the screen and for what the service writes.
// The map is shared and must not be changed; another language has none.
func Words(lang string) map[string]string { return words()[lang] }

var words = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, lang := range []string{"zh-CN", "en"} {
		raw, err := wordFiles.ReadFile("src/i18n/words." + lang + ".json")
		if err != nil {
			panic("frontend: " + err.Error()) // cannot happen: go:embed names it
		}
		catalogue := map[string]string{}
		if err := json.Unmarshal(raw, &catalogue); err != nil {
			panic("frontend: words." + lang + ".json: " + err.Error()) // cannot happen: a test reads it
		}
		out[lang] = catalogue
	}
	return out
})
