package planner

// Contract builds intervals of a programme's task. Metres that two contracts
// have are counted on a line of their own, for neither of them.
type Contract struct {
	ID          ID
	Programme   ID
	Code        string
	Name        string
	Contractor  string
	Responsible string
	Phone       string
	PriceFen    *int64
	Signed      Date // zero: not known
	Deadline    Date // zero: the programme's
	Scope       []ScopeItem
}

// FundingItem is the money of a programme from one source for one project
// (Item; empty: the programme as a whole). A nil amount is not known.
type FundingItem struct {
	ID           ID
	Programme    ID
	Source       string
	Item         string
	PlannedFen   *int64
	AllocatedFen *int64
	PaidFen      *int64
}

// FundingTotal is what a document prints as the sum of a source, or with an
// empty Source of the whole programme. It is held against the items.
type FundingTotal struct {
	ID           ID
	Programme    ID
	Source       string
	PlannedFen   *int64
	AllocatedFen *int64
	PaidFen      *int64
	Document     string
}
