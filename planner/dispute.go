package planner

import "github.com/qiantu/qiantu/geo/chainage"

// Outcome is how a dispute ended.
type Outcome string

// The outcomes.
const (
	OutcomeStands  Outcome = "stands"  // the claims count again
	OutcomeAwarded Outcome = "awarded" // they count, for the contract Awarded
	OutcomeVoid    Outcome = "void"    // what was claimed before was not so, until it is reported again
)

// Dispute is a case on an interval. While it is open it holds the claims of its
// stage and of those after it: what they complete is held out of the rate, on a
// line of its own. What was done before its stage counts, and a road that stands
// is not taken out of the inventory by it.
type Dispute struct {
	ID        ID
	Road      ID
	Version   int32
	Span      chainage.Span
	Stage     Stage // the stage that is in dispute; empty: surface
	Opened    Date
	Decided   Date // the day of the decision; zero: open
	Reason    string
	Claims    []string // ids of the reports
	Withdrawn bool     // it named reports, and every one of them has been revoked: it holds nothing
	Holder    string   // who holds the metres meanwhile
	Decider   string   // who is to decide
	OpenedBy  string   // login
	Outcome   Outcome  // empty: open
	Awarded   ID       // contract; 0: none
	Decision  string   // in words
	DecidedBy string
	Evidence  []string // hashes: the re-survey
}

// isOpen reports whether the dispute has not been decided by the day of its
// snapshot.
func (d *Dispute) isOpen() bool { return d.Outcome == "" }
