package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// claim is a report as the rules see it, on the version in force.
type claim struct {
	*Progress
	span  chainage.Span
	stage int // in Stages
}

func claimOf(p *Progress, span chainage.Span) claim { return claim{p, span, stageIndex(p.Stage)} }

// knownRoad is what a checker has looked up of a road.
type knownRoad struct {
	road     *Road
	key      routeKey
	claims   []claim
	scopes   []chainage.Set // tasks by programme, in order of start; may be nil
	corouted chainage.Set
}

// roadOf looks up what is known of a road, once.
func (c *Checker) roadOf(road *Road) *knownRoad {
	if k := c.known[road.ID]; k != nil {
		return k
	}
	key := routeKey{road.ID, road.Version}
	k := &knownRoad{road: road, key: key, scopes: c.a.ledger.scopes[key], corouted: c.a.ledger.corouted[key]}
	for _, e := range c.a.ledger.events[key] {
		k.claims = append(k.claims, claimOf(e.Progress, e.span))
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
	return c.a.ledger.attribute(k.key, &event{Progress: p, key: k.key, span: span, from: span}, c.order)
}

// reported is where a stage was reported up to a day, but for one report.
func (k *knownRoad) reported(stage int, but string, until Date) chainage.Set {
	var spans []chainage.Span
	for _, c := range k.claims {
		if c.stage == stage && c.On <= until && (c.ID != but || but == "") {
			spans = append(spans, c.span)
		}
	}
	return chainage.NewSet(spans...)
}

// contractItem is an interval of a road that a contract has.
type contractItem struct {
	contract *Contract
	set      chainage.Set
}

// contractsOn are the contracts that have metres of a road, by id.
func (c *Checker) contractsOn(road *Road) []contractItem {
	if c.contracts == nil {
		c.contracts = map[ID][]contractItem{}
		for i := range c.a.Snapshot.Contracts {
			c.addContract(&c.a.Snapshot.Contracts[i])
		}
	}
	return c.contracts[road.ID]
}

func (c *Checker) addContract(contract *Contract) {
	spans := map[ID][]chainage.Span{}
	for _, item := range contract.Scope {
		parts, _ := c.a.ledger.lift(routeKey{item.Road, item.Version}, item.Span)
		for _, part := range parts {
			if at, ok := c.a.inForce(part.key.Road); ok && at == part.key {
				spans[at.Road] = append(spans[at.Road], part.span)
			}
		}
	}
	for road, list := range spans {
		c.contracts[road] = append(c.contracts[road], contractItem{contract, chainage.NewSet(list...)})
	}
}

// contractShare splits a report among the contracts: all of it is of the one it
// names; of one that names none, each metre is of the only contract that has it.
func (c *Checker) contractShare(road *Road, p *Progress, span chainage.Span) map[ID]chainage.Set {
	if p.Contract != 0 {
		return map[ID]chainage.Set{p.Contract: chainage.NewSet(span)}
	}
	items := c.contractsOn(road)
	out := map[ID]chainage.Set{}
	for i, item := range items {
		set := item.set.Clip(span.From, span.To)
		for j, other := range items {
			if i != j {
				set = set.Subtract(other.set)
			}
		}
		if len(set) > 0 {
			out[item.contract.ID] = set
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
