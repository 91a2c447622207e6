package api

// mapGroups are where the catalogue has words of the legend under another group
// or code.
var mapGroups = map[string]string{
	"region": "level", "facility": "kind", "relocation_site": "legend",
}

// mapWord is the word of the catalogue for a code of the legend or of the sheet.
func (l Lang) mapWord(group, code string) string {
	if other := mapGroups[group]; other != "" {
		group = other
	}
	return l.word(group, code)
}
