package planner

import (
	"time"

	"github.com/paulmach/orb"
)

// Attachment is a photo or file that reports name as evidence by its hash.
type Attachment struct {
	Hash  string // SHA-256 of what was sent, 64 hexadecimal digits
	Name  string
	Media string
	Taken time.Time  // zero: not known; the camera's claim
	Place *orb.Point // nil: not known; the camera's claim
	By    string     // login
}

// Override is a rule that a report broke and that somebody answered for.
type Override struct {
	Progress string // id of the report
	Rule     string // R04
	Reason   string
	By       string // login
}
