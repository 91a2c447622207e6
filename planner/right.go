package planner

import (
	"slices"
	"time"
)

// Role is what a person is for; it is granted for a region.
type Role string

// The roles.
const (
	RoleViewer   Role = "viewer"
	RoleLeader   Role = "leader"
	RoleReporter Role = "reporter"
	RoleEditor   Role = "editor"
	RolePlanner  Role = "planner"
	RoleApprover Role = "approver"
	RoleAdmin    Role = "admin"
	RoleWall     Role = "wall" // of a link to the wall of a county; nobody is granted it
)

// Roles lists the roles that are granted, in the order they are shown.
var Roles = []Role{RoleViewer, RoleLeader, RoleReporter, RoleEditor, RolePlanner, RoleApprover, RoleAdmin}

// Action is a kind of deed that needs a right.
type Action string

// The actions.
const (
	ActionRead       Action = "read"       // see
	ActionReport     Action = "report"     // enter progress, evidence, tracks, sheets
	ActionEdit       Action = "edit"       // override a rule, revoke, realign, programmes, contracts, funding, plans, inspections entered
	ActionDecide     Action = "decide"     // disputes, held reports of others, results of inspections, scenarios submitted
	ActionPlan       Action = "plan"       // scenarios
	ActionAdminister Action = "administer" // people and their rights
	ActionWall       Action = "wall"       // see the wall of a county and the map on it, by a link; whoever may read may too
)

// Actions lists the actions of people, in the order they are shown.
var Actions = []Action{ActionRead, ActionReport, ActionEdit, ActionDecide, ActionPlan, ActionAdminister}

// rights is the one table of what each role may do. Whoever gives rights has
// none over data, so that nobody reads "because he is the administrator".
var rights = map[Role][]Action{
	RoleViewer:   {ActionRead},
	RoleLeader:   {ActionRead},
	RoleReporter: {ActionRead, ActionReport},
	RoleEditor:   {ActionRead, ActionReport, ActionEdit},
	RolePlanner:  {ActionRead, ActionPlan},
	RoleApprover: {ActionRead, ActionDecide},
	RoleAdmin:    {ActionAdminister},
	RoleWall:     {ActionWall},
}

// Allows says whether a role brings an action with it, where it is granted.
func (r Role) Allows(a Action) bool { return slices.Contains(rights[r], a) }

// Everywhere is the region of a grant that holds for all of them.
const Everywhere = "*"

// Grant is a role for a region with all below it, or [Everywhere].
type Grant struct {
	Role   Role
	Region string
}

// in says whether the grant's region is one of a path.
func (g Grant) in(path []string) bool {
	return g.Region == Everywhere || slices.Contains(path, g.Region)
}

// Person is who asks: somebody who has signed in, or a guest, whose grants say
// what everyone may read.
type Person struct {
	ID     int64 // zero: a guest
	Login  string
	Name   string
	Unit   string // the bureau or township government the person works for
	Guest  bool
	Grants []Grant
	Rights int64 // counts up with every change of password, state or grant
}

// May says whether a person may do something in a region: path is the region
// and what lies above it, from below to the top ([Tree.Path]). A guest reads at
// most, whatever is granted. Nothing is allowed nowhere: an empty path needs a
// grant for everywhere.
func (p *Person) May(a Action, path ...string) bool {
	if p == nil || p.Guest && a != ActionRead && a != ActionWall {
		return false
	}
	for _, g := range p.Grants {
		if g.Role.Allows(a) && g.in(path) {
			return true
		}
	}
	return false
}

// MayAnywhere says whether there is any region in which a person may do
// something.
func (p *Person) MayAnywhere(a Action) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return p.May(a, g.Region) })
}

// MayReadCounty says whether a county may be read: by a grant for it or what
// lies above, or for a part of it, since what is counted belongs to the county.
func (p *Person) MayReadCounty(t Tree, county string) bool {
	if p.May(ActionRead, t.Path(county)...) {
		return true
	}
	return slices.ContainsFunc(p.Grants, func(g Grant) bool {
		return g.Role.Allows(ActionRead) && slices.Contains(t.Path(g.Region), county)
	})
}

// MaySeeWall says whether the wall of a county may be seen: by whoever may read
// the county, and by who opened a link to it.
func (p *Person) MaySeeWall(t Tree, county string) bool {
	return p.MayReadCounty(t, county) || p.May(ActionWall, county)
}

// ByLink makes the person behind a link to the wall of a county: a guest who
// sees that wall and nothing else, whatever guests may otherwise read.
func ByLink(id ID, county string) *Person {
	return &Person{Login: "link " + county + "/" + idString(id), Guest: true, Grants: []Grant{{RoleWall, county}}}
}

// ReadableCounties returns those of some counties that may be read, in the same
// order.
func (p *Person) ReadableCounties(t Tree, counties []string) []string {
	var out []string
	for _, code := range counties {
		if p.MayReadCounty(t, code) {
			out = append(out, code)
		}
	}
	return out
}

// ActionsIn lists what a person may do in a region, in the order of [Actions].
func (p *Person) ActionsIn(t Tree, region string) []Action {
	path := t.Path(region)
	var out []Action
	for _, a := range Actions {
		if p.May(a, path...) {
			out = append(out, a)
		}
	}
	return out
}

// MayAdminister says whether a person may change the account of another: the
// one who holds the right for every region that the other has a grant in, and
// never one's own, so that nobody gives himself a right.
func (p *Person) MayAdminister(t Tree, other *Person) bool {
	if p.ID == other.ID || !p.MayAnywhere(ActionAdminister) {
		return false
	}
	for _, g := range other.Grants {
		if !p.MayGrant(t, g.Region) {
			return false
		}
	}
	return true
}

// MayGrant says whether a person may give and take rights for a region, or for
// [Everywhere].
func (p *Person) MayGrant(t Tree, region string) bool {
	if region == Everywhere {
		return p.May(ActionAdminister) // the empty path: only a grant for everywhere holds
	}
	return p.May(ActionAdminister, t.Path(region)...)
}

// Tree says of each region which one lies above it: township, county,
// prefecture, province. Codes are its keys; one at the top has "".
type Tree map[string]string

// maxDepth bounds a path, should the table of regions run in a circle.
const maxDepth = 8

// Path returns a region and all above it, from below to the top. A region that
// is not known stands alone.
func (t Tree) Path(code string) []string {
	var path []string
	for code != "" && len(path) < maxDepth && !slices.Contains(path, code) {
		path = append(path, code)
		code = t[code]
	}
	return path
}

// Knows says whether a region is in the tree.
func (t Tree) Knows(code string) bool {
	_, known := t[code]
	return known
}

// Account is a person as those see him who give rights.
type Account struct {
	Person
	Disabled    bool
	HasPassword bool // without one nobody can sign in as that person
	Created     time.Time
	Sessions    int // open ones
}

// People is who stands behind some sessions, and what holds for everyone else,
// at one moment.
type People struct {
	Accounts bool               // somebody can sign in with a password
	Guest    []string           // regions that a guest may read, or [Everywhere]
	Sessions map[string]*Person // by the hash of the token; one that has ended is missing
}

// NewAccount is an account to be made.
type NewAccount struct {
	Login string
	Name  string
	Unit  string
	Hash  string // of the password; empty: nobody can sign in
}

// AccountChange says what of an account becomes something else; nil stays.
// A new password and a disabled account end its sessions.
type AccountChange struct {
	Name     *string
	Unit     *string
	Hash     *string // of the new password
	Disabled *bool
}
