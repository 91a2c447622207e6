package planner

import (
	"maps"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// claim is a report as the rules see it, on the version in force.
type claim struct {
	*Progress
	span  chainage.Span
	stage int                 // in Stages
	share map[ID]chainage.Set // among the contracts; nil: not asked for yet
}

// knownRoad is what a checker has looked up of a road.
type knownRoad struct {
	road      *Road
	key       routeKey
	claims    []claim        // of what counts: nothing that was decided against, or failed
	scopes    []chainage.Set // tasks by programme, in order of start; may be nil
	corouted  chainage.Set
	contracts []contractItem

	ids    map[string]bool
	stages []stageDays // of claims, by place in Stages
}

// stageDays is where a stage was reported, day by day.
type stageDays struct {
	days []Date // in order
	sets []chainage.Set
	of   map[ID]chainage.Set // by contract, of all days
}

// add makes a claim known.
func (k *knownRoad) add(c claim) {
	if k.stages == nil {
		k.ids, k.stages = map[string]bool{}, make([]stageDays, len(Stages))
	}
	k.claims, k.ids[c.ID] = append(k.claims, c), true
	s := &k.stages[c.stage]
	at, found := slices.BinarySearch(s.days, c.On)
	if !found {
		s.days, s.sets = slices.Insert(s.days, at, c.On), slices.Insert(s.sets, at, nil)
	}
	s.sets[at] = s.sets[at].Union(chainage.NewSet(c.span))
	for id, set := range k.shareOf(&k.claims[len(k.claims)-1]) {
		if s.of == nil {
			s.of = map[ID]chainage.Set{}
		}
		s.of[id] = s.of[id].Union(set)
	}
}

// without is what is known of the road but for one report.
func (k *knownRoad) without(id string) *knownRoad {
	if !k.ids[id] {
		return k
	}
	w := *k
	w.claims, w.ids, w.stages = nil, nil, nil
	for _, c := range k.claims {
		if c.ID != id {
			w.add(c)
		}
	}
	return &w
}

// reported is where a stage was reported after one day and up to another.
func (k *knownRoad) reported(stage int, after, until Date) chainage.Set {
	if k.stages == nil {
		return nil
	}
	s := &k.stages[stage]
	from, _ := slices.BinarySearch(s.days, after+1)
	to, found := slices.BinarySearch(s.days, until)
	if found {
		to++
	}
	if from >= to {
		return nil
	}
	return chainage.Union(s.sets[from:to]...)
}

// lastBefore is the last day before another on which a stage was reported; zero:
// none.
func (k *knownRoad) lastBefore(stage int, on Date) Date {
	if k.stages == nil {
		return 0
	}
	days := k.stages[stage].days
	if at, _ := slices.BinarySearch(days, on); at > 0 {
		return days[at-1]
	}
	return 0
}

// roadOf looks up what is known of a road, once.
func (c *Checker) roadOf(road *Road) *knownRoad {
	if k := c.known[road.ID]; k != nil {
		return k
	}
	key := routeKey{road.ID, road.Version}
	l := c.a.ledger
	k := &knownRoad{road: road, key: key, scopes: l.scopes[key], corouted: l.corouted[key], contracts: c.contractItems(key)}
	for i := range l.events[key] {
		e := &l.events[key][i]
		stage := stageIndex(e.Stage)
		if stage < 0 {
			continue
		}
		counted, _ := l.standing(e, stage)
		for _, span := range counted {
			k.add(claim{Progress: e.Progress, span: span, stage: stage})
		}
	}
	c.known[road.ID] = k
	return k
}

// scope is the task of a programme on the road; at is its place in the order.
func (k *knownRoad) scope(at int) chainage.Set {
	if at >= len(k.scopes) {
		return nil
	}
	return k.scopes[at]
}

// attribute says whose task the metres of a report are, as the ledger does.
func (c *Checker) attribute(k *knownRoad, p *Progress, span chainage.Span) []chainage.Set {
	if k.scopes == nil {
		return make([]chainage.Set, len(c.order))
	}
	return c.a.ledger.attribute(k.key, &event{Progress: p, key: k.key, span: span}, c.order)
}

// contractItem is what a contract has of a road.
type contractItem struct {
	contract ID
	set      chainage.Set
}

// contractItems are the contracts that have metres of a road, by id.
func (c *Checker) contractItems(key routeKey) []contractItem {
	spans := map[ID][]chainage.Span{}
	for _, h := range c.a.ledger.contracts[key] {
		spans[h.owner] = append(spans[h.owner], h.span)
	}
	var out []contractItem
	for _, id := range slices.Sorted(maps.Keys(spans)) {
		out = append(out, contractItem{id, chainage.NewSet(spans[id]...)})
	}
	return out
}

// shareOf is a claim's share among the contracts, kept with it.
func (k *knownRoad) shareOf(c *claim) map[ID]chainage.Set {
	if c.share == nil {
		c.share = k.contractShare(c.Progress, c.span)
	}
	return c.share
}

// contractShare splits a report among the contracts: all of it is of the one it
// names; of one that names none, each metre is of the only contract that has it.
func (k *knownRoad) contractShare(p *Progress, span chainage.Span) map[ID]chainage.Set {
	if p.Contract != 0 {
		return map[ID]chainage.Set{p.Contract: chainage.NewSet(span)}
	}
	items := k.contracts
	if len(items) == 0 {
		return nil
	}
	out := map[ID]chainage.Set{}
	for i, item := range items {
		set := item.set.Clip(span.From, span.To)
		for j, other := range items {
			if i != j {
				set = set.Subtract(other.set)
			}
		}
		if len(set) > 0 {
			out[item.contract] = set
		}
	}
	return out
}

// contract finds a contract; nil: none has the id.
func (c *Checker) contract(id ID) *Contract {
	list := c.a.Snapshot.Contracts
	if i := slices.IndexFunc(list, func(x Contract) bool { return x.ID == id }); i >= 0 {
		return &list[i]
	}
	return nil
}

// contractName is how a contract is called in a finding.
func (c *Checker) contractName(id ID) string {
	contract := c.contract(id)
	switch {
	case contract == nil:
		return idString(id)
	case contract.Code != "":
		return contract.Code
	}
	return contract.Name
}

// file is what is known of evidence; nil: it has not come.
func (k *entryCheck) file(hash string) *Attachment {
	for i := range k.e.Files {
		if k.e.Files[i].Hash == hash {
			return &k.e.Files[i]
		}
	}
	if k.files == nil {
		k.files = map[string]*Attachment{}
		for i := range k.a.Snapshot.Attachments {
			k.files[k.a.Snapshot.Attachments[i].Hash] = &k.a.Snapshot.Attachments[i]
		}
	}
	return k.files[hash]
}
