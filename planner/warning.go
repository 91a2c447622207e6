package planner

// calmReports is after how many consecutive bulletins below its level a warning
// comes down, and escalateDays after how many days at one level it is handed up
// (domain page 2.8).
const (
	calmReports  = 2
	escalateDays = 21
)

// PublishedLevel is the warning level of a unit as a bulletin publishes it: the
// level of the day with the hysteresis of the bulletins before.
type PublishedLevel struct {
	Code      string       `json:"code"` // of the township, or of the county
	Name      string       `json:"name"`
	Raw       WarningLevel `json:"raw"`        // of the day, by lag, deadline and hand
	Level     WarningLevel `json:"level"`      // published
	Since     string       `json:"since"`      // day of the first bulletin of an unbroken row at this level
	Calm      int          `json:"calm"`       // bulletins in a row whose day was better than the level
	CalmWorst WarningLevel `json:"calm_worst"` // the worst of those days
	Escalated bool         `json:"escalated"`  // at one level above none for three weeks: the next one up has to act
}

// NextLevel is the level that the bulletin of a day publishes, after that of the
// bulletin before; nil: there was none. A worse level counts at once. A better
// one counts only when the second consecutive bulletin is better too, and then
// comes down to the worse of the two, so that a unit that crosses a threshold
// back and forth does not change its level every week.
func NextLevel(before *PublishedLevel, raw WarningLevel, on Date) PublishedLevel {
	next := PublishedLevel{Raw: raw, Level: raw, Since: on.String()}
	if before == nil {
		return next
	}
	next.Code, next.Name = before.Code, before.Name
	if raw < before.Level {
		next.Calm, next.CalmWorst = before.Calm+1, max(before.CalmWorst, raw)
		if next.Calm < calmReports {
			next.Level = before.Level
		} else {
			next.Level, next.Calm, next.CalmWorst = next.CalmWorst, 0, WarningNone
		}
	}
	if next.Level == before.Level {
		next.Since = before.Since
	}
	since, err := ParseDate(next.Since)
	next.Escalated = err == nil && next.Level > WarningNone && on-since >= escalateDays
	return next
}
