package planner

import "time"

// WallLink opens the wall of a county, and nothing else, to whoever has it.
type WallLink struct {
	ID        ID
	Name      string // what it is for: the room, the meeting
	By        string // login of who made it
	Made      time.Time
	Ends      time.Time
	Revoked   time.Time // zero: it was not taken back
	RevokedBy string
}

// Open says whether the link opens anything at an instant.
func (l *WallLink) Open(now time.Time) bool { return l.Revoked.IsZero() && now.Before(l.Ends) }
