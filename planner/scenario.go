package planner

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner/solve"
)

// Scenario is a named branch over a base: what is supposed of a county, and at
// which prices and limits it is planned.
type Scenario struct {
	ID       ID
	Name     string
	Note     string
	Parent   ID // the branch it was made from; 0: none
	Base     ScenarioBase
	Settings ScenarioSettings
	Status   ScenarioStatus
	Reason   string   // given with the last step
	By       string   // login of who made it
	Authors  []string // logins of all who ever changed it, in order; none of them may approve it
	Version  int64    // counts its changes
	Changed  time.Time
	Edits    []ScenarioEdit // in order, those taken back too
	Steps    []ScenarioStep // in order
	Proposed *PublishedPlan // what it proposed when it was last submitted; nil: never
}

// ScenarioBase is the county that a scenario is a branch of: as of a day, as it
// was known at the instant of a revision.
type ScenarioBase struct {
	Revision int64
	At       time.Time
	AsOf     Date
	Behind   int64 // revisions since then that changed facts of the county
	Fresh    bool  // no fact of any county has changed since: the present is the base
}

// ScenarioSettings is what a scenario asks beside its edits. Zero and nil are
// the county's rules and the defaults of [DecideOptions].
type ScenarioSettings struct {
	Season    string
	ConnectMM int64
	RAIMM     int64
	WalkMS    int64

	YuanPerKM      int64
	YuanPerPerson  int64
	InterimPerHead int64
	LeavePerPerson *int64
	UpkeepPerKM    *int64
	HaulPerKM      *int64
	Budget         []int64
	Objective      string // cost, unserved; empty: cost
}

// ScenarioEdit is one edit of a scenario. It is taken back by a revocation,
// never changed.
type ScenarioEdit struct {
	ID      ID
	Text    string // of an [Edit]
	By      string // login of who put it in
	Author  string // of who thought of it, where By merged it in; empty: By
	From    ID     // the scenario it was merged from; 0: none
	At      time.Time
	Revoked time.Time // zero: it stands
	Revoker string
}

// Stands says that the edit was not taken back.
func (e *ScenarioEdit) Stands() bool { return e.Revoked.IsZero() }

// ScenarioStatus is where a scenario is on its way to become the plan.
type ScenarioStatus string

// The states. A draft, or one that was returned with a reason, can be changed.
const (
	ScenarioDraft     ScenarioStatus = "draft"
	ScenarioSubmitted ScenarioStatus = "submitted"
	ScenarioApproved  ScenarioStatus = "approved"
	ScenarioReturned  ScenarioStatus = "returned"
	ScenarioArchived  ScenarioStatus = "archived"
)

// ScenarioStep is what happened to a scenario beside its edits: made, changed,
// rebased, merged, submitted, withdrawn, returned, approved, archived, reopened.
type ScenarioStep struct {
	Step   string
	Reason string
	By     string
	At     time.Time
}

// ScenarioDeed is something done to a scenario by somebody who saw it in a
// version: another one now is a [Conflict].
type ScenarioDeed struct {
	Scenario ID
	Version  int64
	Revoke   []ID           // edits taken back, before
	Add      []ScenarioEdit // others come: Text, Author and From count
	Step     string         // for the history; empty: the edits speak for themselves
	Reason   string
	By       string
	Seen     int64 // the revision of the facts by which a rebase or a submission was judged
}

// PublishedPlan is one decision for every village: proposed by a scenario, and
// in force once somebody else approved it.
type PublishedPlan struct {
	ID        ID
	Scenario  ID
	Name      string // of the scenario
	Revision  int64  // of the base it was made of
	AsOf      Date
	Objective string // cost, unserved
	Value     float64
	Bound     float64
	Money     int64 // yuan
	By        string
	At        time.Time
	Villages  []PublishedDecision // by village

	On       Date // from when it is in force; zero: not approved
	Approver string
	Approved time.Time
	Reason   string
}

// PublishedDecision is what a plan says of a village.
type PublishedDecision struct {
	Village  ID
	Decision Decision
	Site     ID     // of who moves; 0: nobody
	Persons  *int64 // nil: not known
	Segments []ID   // of its road, in order
}

// of is what the plan says of a village; nil: nothing.
func (p *PublishedPlan) of(village ID) *PublishedDecision {
	if p == nil {
		return nil
	}
	return find(p.Villages, village, func(d *PublishedDecision) ID { return d.Village })
}

// Open says whether a scenario may be changed.
func (s *Scenario) Open() bool { return s.Status == ScenarioDraft || s.Status == ScenarioReturned }

// Standing are the texts of the edits that were not taken back, in order.
func (s *Scenario) Standing() []string {
	var out []string
	for i := range s.Edits {
		if s.Edits[i].Stands() {
			out = append(out, s.Edits[i].Text)
		}
	}
	return out
}

// EditText is what stands, as [ParseEdits] reads it.
func (s *Scenario) EditText() string { return strings.Join(s.Standing(), ",") }

// Question is what a scenario asks of its base.
func (s *Scenario) Question() (Question, error) {
	edits, err := ParseEdits(s.EditText())
	if err != nil {
		return Question{}, err
	}
	set := &s.Settings
	return Question{Season: set.Season, ConnectMM: set.ConnectMM, RAIMM: set.RAIMM, WalkMS: set.WalkMS, Edits: edits}, nil
}

// Under lays a scenario under a question of a day: what is not asked otherwise
// is asked as the scenario asks it, of its base, and its edits come before those
// asked. As long as no fact has changed since, the base is the present.
func (s *Scenario) Under(day SnapshotQuery, q Question) (SnapshotQuery, Question, error) {
	own, err := s.Question()
	if err != nil {
		return day, q, err
	}
	q.Season, q.ConnectMM = cmp.Or(q.Season, own.Season), cmp.Or(q.ConnectMM, own.ConnectMM)
	q.RAIMM, q.WalkMS = cmp.Or(q.RAIMM, own.RAIMM), cmp.Or(q.WalkMS, own.WalkMS)
	q.Edits = slices.Concat(own.Edits, q.Edits)
	if len(q.Edits) > MaxEdits {
		return day, q, Errorf(TooLarge, "the scenario and the question have %d edits together, more than %d; leave some out", len(q.Edits), MaxEdits)
	}
	return s.Base.Day(day), q, nil
}

// Day is a day, or that of the base where none is given.
func (b *ScenarioBase) Day(day SnapshotQuery) SnapshotQuery {
	day.AsOf = cmp.Or(day.AsOf, b.AsOf)
	if day.KnownAt.IsZero() && !b.Fresh {
		day.KnownAt = b.At
	}
	return day
}

// Options are the prices and limits at which a scenario is planned.
func (s *Scenario) Options() DecideOptions {
	set := &s.Settings
	return DecideOptions{
		YuanPerKM: set.YuanPerKM, YuanPerPerson: set.YuanPerPerson, InterimPerHead: set.InterimPerHead, LeavePerPerson: set.LeavePerPerson,
		UpkeepPerKM: set.UpkeepPerKM, HaulPerKM: set.HaulPerKM, Budget: slices.Clone(set.Budget), Objective: solve.DecideObjective(set.Objective),
	}
}

// CheckSettings refuses settings that no question and no plan could have.
func (a *Assessment) CheckSettings(s *Scenario) error {
	q, err := s.Question()
	if err != nil {
		return err
	}
	if _, err := q.checked(&a.Snapshot.Rules); err != nil {
		return err
	}
	_, err = s.Options().filled(&a.Snapshot.Rules)
	return err
}
