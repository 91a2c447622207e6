package planner

import (
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Entry is a report as somebody wants to enter it: the road and the interval in
// words or in numbers. It becomes a [Progress] when [Assessment.CheckEntry]
// finds nothing that holds it.
type Entry struct {
	ID            string // UUID made by the client
	Road          ID     // 0: RoadText says which
	RoadText      string // code or name
	RoadName      string // the name where RoadText is a code and both are written; they have to agree
	Township      string // narrows RoadText; may be empty
	SheetTownship string // that the sheet is of: the interval has to lie in it; may be empty
	Text          string // the interval in words, "K0+000-K1+250"; empty: From and To
	From          string // K label
	To            string
	Span          *chainage.Span // mm of the version in force; nil: the labels say it
	Length        *int64         // mm as written; the interval where only one label says it, or none
	Assumed       bool           // Length stands beside the ends of a longer interval, and nobody says where in it: from its start
	Choice        int            // which of several places, from 1; 0: not chosen
	Stage         Stage          // code, or the words for it
	On            string         // YYYY-MM-DD, as it was written
	Programme     ID             // 0: whichever has the metre
	Contract      ID             // 0: not said, or the one that has the metres
	ContractText  string         // its code or name where Contract is 0
	Reporter      string
	Evidence      []string     // hashes
	Files         []Attachment // what is known of the evidence and no stored report names yet
	Track         *float64     // share of the interval that its track drove, 0 to 1; nil: no track
	Note          string
	Entered       string    // typed, strip, map, sheet, track
	Device        time.Time // the device's clock; a claim
	Overrides     []EntryOverride
}

// EntryOverride is the reason why a rule shall not hold a report.
type EntryOverride struct {
	Rule   string
	Reason string
}

// Severity says what a broken rule does to a report.
type Severity string

// The severities.
const (
	SeverityBlock Severity = "block" // cannot be counted as it is: it is held until it is mended
	SeverityHold  Severity = "hold"  // held until somebody overrides the rule with a reason
	SeverityNote  Severity = "note"  // counted; said and shown
)

// RuleFinding is a rule that an entry, or what is stored, breaks. The words are
// made elsewhere from Rule and Params (docs/works.md).
type RuleFinding struct {
	Rule     string // R01
	Severity Severity
	Params   map[string]any // texts and float64
	Span     *chainage.Span // where; nil: everywhere
	Override string         // the reason given; empty: none
}

// EntryChoice is one of several places that labels may mean.
type EntryChoice struct {
	Span     chainage.Span
	From, To string // labels
	Of       string // the labels of the piece between breaks that it lies on: K4+000 – K7+500
}

// CheckedEntry is what an entry means and which rules it breaks.
type CheckedEntry struct {
	Status   SubmissionStatus // applied or held
	Progress *Progress        // nil: what is meant is not clear
	Road     ID               // what is clear of it: 0: not the road
	Span     *chainage.Span   // nil: not the interval
	Findings []RuleFinding
	Choices  []EntryChoice // when one label is several places, or a name several roads
	Roads    []Road        // when a name is several roads; without lines
	Length   int64         // mm of the interval
	Fresh    int64         // mm that no earlier report of the stage covers
	Dispute  *Dispute      // to be opened with it; nil: none
}

// SubmissionStatus is what became of a report.
type SubmissionStatus string

// The states. A held one is shown as "needs attention" until somebody answers.
const (
	SubmissionApplied   SubmissionStatus = "applied"
	SubmissionHeld      SubmissionStatus = "held"
	SubmissionRefused   SubmissionStatus = "refused"
	SubmissionWithdrawn SubmissionStatus = "withdrawn"
)

// Submission is a report as it came in, and what became of it. It is never
// dropped.
type Submission struct {
	County     string
	ID         string // UUID made by the client
	Body       []byte // JSON as it came in
	Digest     []byte // SHA-256 of the body in canonical form: a retry has the same
	Status     SubmissionStatus
	Findings   []RuleFinding
	Progress   *Progress
	Dispute    *Dispute // opened with it
	Overrides  []Override
	By         string // login
	Device     time.Time
	Received   time.Time
	Answer     string
	AnsweredBy string
	Answered   time.Time
}

// Operation is a deed on routes: new versions, and what became of each metre.
// Segments are those of the new versions.
type Operation struct {
	Kind      string // realign, split, merge, reverse, extend, shorten
	On        Date
	Reason    string
	Tolerance int64 // mm
	By        string
	Old       []RoadVersion // the versions that it ends
	Ends      []ID          // routes that it ends for good
	New       []Road        // routes in their new versions; ID 0, -1, ...: new routes
	Segments  []Segment     // ID is not used; Road and Version name New
	CoRouted  map[ID]chainage.Set
	Mappings  []Mapping   // ID, Operation and On are not used
	Scope     []ScopeItem // new metres that become part of the task of ScopeOf
	ScopeOf   ID          // programme
}
