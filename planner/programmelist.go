package planner

// ProgrammeItem is a programme with its task, its contracts and its money.
type ProgrammeItem struct {
	Programme *Programme
	Task      int64 // mm
	Completed int64
	Contracts []ContractItem
	Funding   []FundingItem
	Sums      []FundingSum // by source, then of the whole programme with an empty Source
}

// ContractItem is a contract with what it alone has of the task.
type ContractItem struct {
	Contract  *Contract
	Task      int64 // mm
	Completed int64
}

// Rate is completed of the task in per cent; nil: no task.
func (c *ContractItem) Rate() *float64 {
	if c.Task == 0 {
		return nil
	}
	rate := float64(c.Completed) * 100 / float64(c.Task)
	return &rate
}

// FundingSum is what items sum to, beside what a document prints. A nil amount
// is not known: a sum with an item of unknown amount is not known either.
type FundingSum struct {
	Source       string
	PlannedFen   *int64
	AllocatedFen *int64
	PaidFen      *int64
	Printed      *FundingTotal // nil: none is printed
	Agrees       *bool         // nil: nothing printed that could be held against a sum
}

// ProgrammeList lists the programmes of the county in order of their first day.
func (a *Assessment) ProgrammeList() []ProgrammeItem {
	return nil
}
