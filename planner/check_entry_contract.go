package planner

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// rival is a claim of the same stage on metres of the entry, for somebody else.
type rival struct {
	claim       *claim
	mine, other string // contracts, or programmes where no contract is known
	set         chainage.Set
}

// checkContracts: R03, two claims on one metre. A case is opened on what lies
// between the first and the last such metre and is not in an open case yet.
func (k *entryCheck) checkContracts() {
	var contested chainage.Set
	var claims, names []string
	opened := k.on
	for _, r := range k.rivals() {
		k.findOn(r.set, "R03", SeverityNote, "overlap_m", map[string]any{"contract": r.mine, "other": r.other})
		contested = contested.Union(r.set)
		claims = append(claims, r.claim.ID)
		names = append(names, r.mine, r.other)
		opened = max(opened, r.claim.On)
	}
	bounds, any := contested.Subtract(k.openCases()).Bounds()
	if !any {
		return
	}
	slices.Sort(names)
	labels := k.road.road.Calibration
	k.out.Dispute = &Dispute{
		Road: k.road.road.ID, Version: k.road.road.Version, Span: bounds, Stage: Stages[k.stage], Opened: opened,
		Reason: fmt.Sprintf("%q: %s – %s", slices.Compact(names), labels.String(bounds.From), labels.String(bounds.To)),
		Claims: append(claims, k.e.ID),
	}
}

// rivals are the claims that speak of the entry's metres for another contract;
// where neither has one, for another programme (below).
func (k *entryCheck) rivals() []rival {
	var out []rival
	mine := k.road.contractShare(k.out.Progress, k.span)
	for i := range k.road.claims {
		c := &k.road.claims[i]
		if c.stage != k.stage || c.ID == k.e.ID || c.span.From >= k.span.To || k.span.From >= c.span.To {
			continue
		}
		theirs := k.road.contractShare(c.Progress, c.span)
		out = append(out, k.rivalContracts(c, mine, theirs)...)
		if len(mine) == 0 && len(theirs) == 0 {
			out = append(out, k.rivalProgramme(c)...)
		}
	}
	return out
}

// rivalContracts are the metres that two claims have for different contracts.
func (c *Checker) rivalContracts(of *claim, mine, theirs map[ID]chainage.Set) []rival {
	var out []rival
	for m, a := range mine {
		for o, b := range theirs {
			if both := a.Intersect(b); m != o && len(both) > 0 {
				out = append(out, rival{of, c.contractName(m), c.contractName(o), both})
			}
		}
	}
	slices.SortFunc(out, func(a, b rival) int {
		return cmp.Or(cmp.Compare(a.set[0].From, b.set[0].From), cmp.Compare(a.mine, b.mine), cmp.Compare(a.other, b.other))
	})
	return out
}

// rivalProgramme is the case without contracts: the entry gives metres to an
// earlier programme that another reporter's report has completed for a later
// one, and would silently take them out of that one's figure. The other way
// round is plain carry-over, R02.
func (k *entryCheck) rivalProgramme(c *claim) []rival {
	if sameName(k.e.Reporter, reporterOf(c.Progress)) {
		return nil
	}
	var out []rival
	for j, theirs := range k.attribute(k.road, c.Progress, c.span) {
		for i, set := range k.claimed {
			both := set.Intersect(theirs)
			if i < j && len(both) > 0 && k.completes(i) && k.completes(j) {
				out = append(out, rival{c, k.order[i].Name, k.order[j].Name, both})
			}
		}
	}
	return out
}

// completes says whether the entry's stage completes a programme.
func (k *entryCheck) completes(programme int) bool {
	return stageIndex(k.order[programme].CompletingStage) == k.stage
}

// openCases are the metres of the road on which a case on the stage is open.
func (k *entryCheck) openCases() chainage.Set {
	var out chainage.Set
	for i := range k.a.Snapshot.Disputes {
		d := &k.a.Snapshot.Disputes[i]
		if !d.isOpen() || stageIndex(d.Stage) != k.stage {
			continue
		}
		parts, _ := k.a.ledger.lift(routeKey{d.Road, d.Version}, d.Span)
		for _, part := range parts {
			if part.key == k.road.key {
				out = out.Union(chainage.NewSet(part.span))
			}
		}
	}
	return out
}

// contractID is the contract that the entry names; 0: none, or one that is not
// known.
func (k *entryCheck) contractID() ID {
	if k.e.Contract != 0 {
		return k.e.Contract
	}
	text := plainName(clip(k.e.ContractText))
	for i := range k.a.Snapshot.Contracts {
		c := &k.a.Snapshot.Contracts[i]
		if text != "" && (plainName(c.Code) == text || plainName(c.Name) == text) && (k.e.Programme == 0 || c.Programme == k.e.Programme) {
			return c.ID
		}
	}
	return 0
}

// checkContractTask: R27, the contract that is named does not have the metres,
// or is none.
func (k *entryCheck) checkContractTask() {
	id, text := k.contractID(), narrow(k.e.ContractText)
	if id == 0 && text == "" {
		return
	}
	contract := k.contract(id)
	if contract == nil {
		if id != 0 {
			text = idString(id)
		}
		k.findOn(k.set(), "R27", SeverityBlock, "outside_m", map[string]any{"contract": clip(text)})
		return
	}
	if len(contract.Scope) == 0 { // nobody has said what its task is
		return
	}
	outside := k.set().Subtract(k.road.corouted)
	for _, item := range k.road.contracts {
		if item.contract == contract.ID {
			outside = outside.Subtract(item.set)
		}
	}
	k.findOn(outside, "R27", SeverityHold, "outside_m", map[string]any{"contract": k.contractName(id)})
}

// sameName says whether two names are of one person or unit.
func sameName(a, b string) bool { return plainName(a) == plainName(b) }
