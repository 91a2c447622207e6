package planner

import (
	"cmp"
	"slices"
)

// SiteRecord is all that the register says of a site.
type SiteRecord struct {
	Site        *Site
	Capacity    SiteCapacity
	Coming      int64 // persons of the moves to it, signed or not
	MovedIn     int64 // of them
	Suitability *Suitability
	Approvals   []ApprovalState // of all steps: the overdue first, then in their order
	FollowUps   []FollowUpState // the overdue first, then those to come, then those done, the latest first
	Dwellings   int64           // planned, of its buildings
	Funnel      []StageCount    // cumulative, by DwellingStages
	Consent     ConsentShare
	Employment  *EmploymentCount // nil: none, or of few households
	Flags       []SiteFlag       // counts that cannot be true together
}

// SiteFlag names counts of a site that cannot be true together.
type SiteFlag string

// The flags. They are raised where buildings are on record.
const (
	FlagMovedInOverDelivered SiteFlag = "moved_in_over_delivered" // more households moved in than dwellings are handed over
	FlagPlannedOverDwellings SiteFlag = "planned_over_dwellings"  // more households planned, or of its moves, than its buildings have dwellings
)

// Progress of the checklist.
const (
	ApprovalGranted   = "granted"
	ApprovalWaiting   = "waiting" // applied for
	ApprovalOpen      = "open"
	ApprovalNotNeeded = "not_needed"
)

// ApprovalState is a step of a site's checklist as it stands on the day.
type ApprovalState struct {
	SiteApproval
	State    string
	DaysLate int64 // since it was due; 0: it is not late
}

// Progress of a follow-up.
const (
	FollowUpDone    = "done"
	FollowUpOverdue = "overdue"
	FollowUpSoon    = "soon" // due within Rules.Site.RemindDays
	FollowUpLater   = "later"
)

// FollowUpState is something to be done at a site as it stands on the day.
type FollowUpState struct {
	SiteFollowUp
	State    string
	DaysLate int64
}

// StageCount is how many dwellings are at a stage or past it.
type StageCount struct {
	Stage     DwellingStage
	Dwellings int64
}

// ConsentShare is how many of the households asked agree to move, over the
// villages whose counts may be shown.
type ConsentShare struct {
	Asked, Agreed int64
	Shown         int // villages
	Withheld      int // few households, or few who agree or do not
	NotAsked      int
}

// SharePPM is agreed over asked; nil: nobody was asked.
func (c *ConsentShare) SharePPM() *int64 {
	if c.Asked == 0 {
		return nil
	}
	share := scale(c.Agreed, ppm, c.Asked)
	return &share
}

// Overdue are the approvals and follow-ups that are late.
func (r *SiteRecord) Overdue() (approvals, followUps int) {
	for i := range r.Approvals {
		if r.Approvals[i].DaysLate > 0 {
			approvals++
		}
	}
	for i := range r.FollowUps {
		if r.FollowUps[i].State == FollowUpOverdue {
			followUps++
		}
	}
	return approvals, followUps
}

// Granted is how many of the steps that are needed have been granted.
func (r *SiteRecord) Granted() (granted, needed int) {
	for i := range r.Approvals {
		if r.Approvals[i].State != ApprovalNotNeeded {
			needed++
		}
		if r.Approvals[i].State == ApprovalGranted {
			granted++
		}
	}
	return granted, needed
}

// SiteRegister gives the record of every site, in order of id.
func (a *Assessment) SiteRegister() []SiteRecord {
	capacity, coming, suits := a.SiteCapacity(), a.coming(), a.Suitability()
	out := make([]SiteRecord, len(a.Snapshot.Sites))
	for i := range out {
		s := &a.Snapshot.Sites[i]
		out[i] = SiteRecord{
			Site: s, Capacity: capacity[i], Coming: coming[i].persons, Suitability: &suits[i],
			Approvals: a.approvals(s), FollowUps: a.followUps(s), Employment: a.shownEmployment(s),
		}
		out[i].funnel()
	}
	moved, planned := make([]int64, len(out)), make([]int64, len(out)) // households
	for i := range a.Snapshot.Moves {
		m := &a.Snapshot.Moves[i]
		if at, ok := a.site[m.Site]; ok {
			count := countMove(m)
			out[at].MovedIn += count.Persons
			moved[at] += count.Households
			planned[at] += count.Planned
		}
	}
	for i := range out {
		out[i].flag(a, moved[i], max(planned[i], valueOf(out[i].Site.CapacityHouseholds)))
	}
	a.addConsent(out)
	return out
}

// SiteRecord gives the record of one site; false: there is none.
func (a *Assessment) SiteRecord(id ID) (SiteRecord, bool) {
	i, ok := a.site[id]
	if !ok {
		return SiteRecord{}, false
	}
	return a.SiteRegister()[i], true
}

// approvals lists all steps. What happened after the day has not happened.
func (a *Assessment) approvals(s *Site) []ApprovalState {
	today := a.Snapshot.AsOf
	out := make([]ApprovalState, 0, len(ApprovalSteps))
	for _, step := range ApprovalSteps {
		one := ApprovalState{SiteApproval: SiteApproval{Step: step, Needed: true}}
		for _, given := range s.Approvals {
			if given.Step == step {
				one.SiteApproval = given
			}
		}
		one.Applied, one.Granted = one.Applied.by(today), one.Granted.by(today)
		switch {
		case !one.Needed:
			one.State = ApprovalNotNeeded
		case !one.Granted.IsZero():
			one.State = ApprovalGranted
		case !one.Applied.IsZero():
			one.State = ApprovalWaiting
		default:
			one.State = ApprovalOpen
		}
		if one.State == ApprovalOpen || one.State == ApprovalWaiting {
			one.DaysLate = one.Due.late(today)
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(x, y ApprovalState) int { return cmp.Compare(y.DaysLate, x.DaysLate) })
	return out
}

// by is the day, if it had come by another.
func (d Date) by(today Date) Date {
	if d > today {
		return 0
	}
	return d
}

// late is for how many days a day has been over; 0: it is not, or none was set.
func (d Date) late(today Date) int64 {
	if d.IsZero() || d >= today {
		return 0
	}
	return int64(today - d)
}

func (a *Assessment) followUps(s *Site) []FollowUpState {
	today := a.Snapshot.AsOf
	out := make([]FollowUpState, len(s.FollowUps))
	rank := map[string]int{FollowUpOverdue: 0, FollowUpSoon: 1, FollowUpLater: 1, FollowUpDone: 2}
	for i, f := range s.FollowUps {
		one := FollowUpState{SiteFollowUp: f, State: FollowUpLater}
		one.Done = f.Done.by(today)
		if f.Kind == "visit" && a.masks.small(valueOf(f.Amount)) { // households
			one.Amount = nil
		}
		switch late := f.Due.late(today); {
		case !one.Done.IsZero():
			one.State = FollowUpDone
		case late > 0:
			one.State, one.DaysLate = FollowUpOverdue, late
		case int64(f.Due-today) <= a.Snapshot.Rules.Site.RemindDays:
			one.State = FollowUpSoon
		}
		out[i] = one
	}
	slices.SortStableFunc(out, func(x, y FollowUpState) int {
		byDay := cmp.Compare(x.Due, y.Due)
		if x.State == FollowUpDone && y.State == FollowUpDone {
			byDay = cmp.Compare(y.Done, x.Done)
		}
		return cmp.Or(cmp.Compare(rank[x.State], rank[y.State]), byDay, cmp.Compare(x.ID, y.ID))
	})
	return out
}

// funnel counts the dwellings at each stage or past it.
func (r *SiteRecord) funnel() {
	r.Funnel = make([]StageCount, len(DwellingStages))
	for k, stage := range DwellingStages {
		r.Funnel[k].Stage = stage
	}
	for j := range r.Site.Buildings {
		b := &r.Site.Buildings[j]
		r.Dwellings += b.Dwellings
		for k := 0; k <= b.Reached(); k++ {
			r.Funnel[k].Dwellings += b.Dwellings
		}
	}
}

// flag holds households against dwellings. A count that is masked raises none:
// the flag would narrow it.
func (r *SiteRecord) flag(a *Assessment, moved, planned int64) {
	if len(r.Site.Buildings) == 0 {
		return
	}
	delivered := r.Funnel[slices.Index(DwellingStages, DwellingDelivered)].Dwellings
	recorded := delivered > 0 || moved > r.Dwellings // where no handing over is on record, fewer than all may live there
	if recorded && moved > delivered && !a.masks.small(moved) {
		r.Flags = append(r.Flags, FlagMovedInOverDelivered)
	}
	if planned > r.Dwellings && !a.masks.small(planned) {
		r.Flags = append(r.Flags, FlagPlannedOverDwellings)
	}
}

// addConsent sums over the villages that move to each site.
func (a *Assessment) addConsent(out []SiteRecord) {
	seen := map[[2]int]bool{}
	for i := range a.Snapshot.Moves {
		m := &a.Snapshot.Moves[i]
		at, ok := a.site[m.Site]
		v, known := a.village[m.Village]
		if !ok || !known || seen[[2]int{at, v}] {
			continue
		}
		seen[[2]int{at, v}] = true
		c := &out[at].Consent
		switch one, withheld := a.shownConsent(&a.Snapshot.Villages[v]); {
		case withheld:
			c.Withheld++
		case one == nil:
			c.NotAsked++
		default:
			c.Shown, c.Asked, c.Agreed = c.Shown+1, c.Asked+one.Asked, c.Agreed+one.Agreed
		}
	}
}

// unwilling says that fewer households of a village agree to move than must. What
// tells of few households says nothing here either.
func (a *Assessment) unwilling(v *Village) bool {
	c, _ := a.shownConsent(v)
	return c != nil && c.Asked > 0 && scale(c.Agreed, ppm, c.Asked) < a.Snapshot.Rules.Site.ConsentPPM
}

// shownConsent is what the households of a village said; withheld where that
// tells of few of them. Sums are made of those shown alone.
func (a *Assessment) shownConsent(v *Village) (c *Consent, withheld bool) {
	if v.Consent == nil {
		return nil, false
	}
	small := a.masks.small
	if small(v.Consent.Asked) || small(v.Consent.Agreed) || small(v.Consent.Asked-v.Consent.Agreed) {
		return nil, true
	}
	return v.Consent, false
}
