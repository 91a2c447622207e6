package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// rivalry is what of the entry's metres others claim, for one pair of contracts;
// of programmes where no contract is known.
type rivalry struct {
	mine, other string
	set         chainage.Set
	claims      []string
	since       Date // the first day of theirs; zero: none
}

// claimedOn keeps the first day of a rival's claims.
func (r *rivalry) claimedOn(on Date) {
	if r.since.IsZero() || on < r.since {
		r.since = on
	}
}

// maxClaims is how many reports a case names.
const maxClaims = 100

// checkContracts: R03, two claims on one metre. A case is opened on what lies
// between the first and the last such metre and is not in an open case yet.
func (k *entryCheck) checkContracts() {
	var contested chainage.Set
	var claims, names []string
	var opened Date // on which two of them first met
	for _, r := range k.rivals() {
		k.findOn(r.set, "R03", SeverityNote, "overlap_m", map[string]any{"contract": r.mine, "other": r.other})
		contested = contested.Union(r.set)
		claims = append(claims, r.claims...)
		names = append(names, r.mine, r.other)
		if met := max(k.on, r.since); opened.IsZero() || met < opened {
			opened = met
		}
	}
	bounds, some := contested.Subtract(k.openCases()).Bounds()
	if !some {
		return
	}
	slices.Sort(names)
	slices.Sort(claims)
	claims = slices.Compact(claims)
	labels := k.road.road.Calibration
	k.out.Dispute = &Dispute{
		Road: k.road.road.ID, Version: k.road.road.Version, Span: bounds, Stage: Stages[k.stage], Opened: opened,
		Reason: fmt.Sprintf("%s: %s – %s", strings.Join(slices.Compact(names), " / "), labels.String(bounds.From), labels.String(bounds.To)),
		Claims: append(claims[:min(len(claims), maxClaims)], k.e.ID),
	}
}

// rivals gathers what others claim of the entry's metres: for another contract;
// where neither has one, for another programme (below).
func (k *entryCheck) rivals() []*rivalry {
	byPair := map[[2]string]*rivalry{}
	mine := k.road.contractShare(k.out.Progress, k.span)
	k.rivalContracts(mine, k.road.ofContracts(k.stage), func(mine, other string, set chainage.Set) {
		byPair[[2]string{mine, other}] = &rivalry{mine: mine, other: other, set: set}
	})
	programmes := len(mine) == 0 && k.isContested()
	for i := range k.road.claims {
		c := &k.road.claims[i]
		if c.stage != k.stage || c.span.From >= k.span.To || k.span.From >= c.span.To {
			continue
		}
		if len(c.share) > 0 {
			k.nameClaim(c, byPair)
		} else if programmes {
			k.rivalProgramme(c, func(mine, other string, set chainage.Set) { gather(byPair, [2]string{mine, other}, c, set) })
		}
	}
	out := slices.Collect(maps.Values(byPair))
	slices.SortFunc(out, func(a, b *rivalry) int { return cmp.Or(cmp.Compare(a.mine, b.mine), cmp.Compare(a.other, b.other)) })
	return out
}

// nameClaim puts a claim to the rivalries that it is part of.
func (k *entryCheck) nameClaim(c *claim, byPair map[[2]string]*rivalry) {
	for _, r := range byPair {
		for id, set := range c.share {
			if k.contractName(id) != r.other || !set.Overlaps(r.set) {
				continue
			}
			r.claimedOn(c.On)
			if len(r.claims) < maxClaims {
				r.claims = append(r.claims, c.ID)
			}
		}
	}
}

// ofContracts is where a stage was reported, by contract.
func (k *knownRoad) ofContracts(stage int) map[ID]chainage.Set {
	if k.stages == nil {
		return nil
	}
	return k.stages[stage].of
}

func gather(byPair map[[2]string]*rivalry, pair [2]string, c *claim, set chainage.Set) {
	r := byPair[pair]
	if r == nil {
		r = &rivalry{mine: pair[0], other: pair[1]}
		byPair[pair] = r
	}
	r.set = r.set.Union(set)
	r.claimedOn(c.On)
	if len(r.claims) < maxClaims {
		r.claims = append(r.claims, c.ID)
	}
}

// rivalContracts gives the metres that two claims have for different contracts.
func (c *Checker) rivalContracts(mine, theirs map[ID]chainage.Set, put func(mine, other string, set chainage.Set)) {
	for m, a := range mine {
		for o, b := range theirs {
			if both := a.Intersect(b); m != o && len(both) > 0 {
				put(c.contractName(m), c.contractName(o), both)
			}
		}
	}
}

// isContested says whether a later programme has metres of the entry too.
func (k *entryCheck) isContested() bool {
	for i, set := range k.claimed {
		for j := i + 1; j < len(k.order); j++ {
			if k.completes(i) && k.completes(j) && set.Overlaps(k.road.scope(j)) {
				return true
			}
		}
	}
	return false
}

// rivalProgramme is the case without contracts: the entry gives metres to an
// earlier programme that another reporter's report has completed for a later
// one, and would silently take them out of that one's figure. The other way
// round is plain carry-over, R02.
func (k *entryCheck) rivalProgramme(c *claim, put func(mine, other string, set chainage.Set)) {
	if sameName(k.e.Reporter, reporterOf(c.Progress)) {
		return
	}
	for j, theirs := range k.attribute(k.road, c.Progress, c.span) {
		for i, set := range k.claimed {
			both := set.Intersect(theirs)
			if i < j && len(both) > 0 && k.completes(i) && k.completes(j) {
				put(k.order[i].Name, k.order[j].Name, both)
			}
		}
	}
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
