package planner

import "slices"

// byVillage writes the rows of the villages that a piece of the task is for,
// and of what is for none.
func (c *completion) byVillage() {
	if c.a.Current < 0 {
		return
	}
	b, p := newBook(c.open.scopeOf()), &c.a.Programmes[c.a.Current]
	c.spreadOwners(p, b, func(w *Work) []ownedSet { return w.villages }, func(id ID) string { return ownerScope("village:", id) })
	for _, id := range villagesOf(p) {
		name, township := "", ""
		if i, ok := c.a.village[id]; ok {
			name, township = c.a.Snapshot.Villages[i].Name, c.a.Snapshot.Villages[i].Township
		}
		c.owner(b, p.Programme, ownerScope("village:", id), name, PlannedShare(p.Programme, township, c.asOf))
	}
	c.owner(b, p.Programme, "village:none", "none", PlannedShare(p.Programme, "", c.asOf))
}

// villagesOf lists the villages that a task is or was for.
func villagesOf(p *ProgrammeWork) []ID {
	var out []ID
	p.eachWork(func(w *Work) {
		for _, o := range w.villages {
			if o.owner != ownerNone {
				out = append(out, o.owner)
			}
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// byContract writes the rows of the contracts of the current programme, of what
// two of them have, and of what none has.
func (c *completion) byContract() {
	if c.a.Current < 0 {
		return
	}
	b, p := newBook(c.open.scopeOf()), &c.a.Programmes[c.a.Current]
	c.spreadOwners(p, b, func(w *Work) []ownedSet { return w.contracts }, func(id ID) string { return ownerScope("contract:", id) })
	for i := range c.a.Snapshot.Contracts {
		k := &c.a.Snapshot.Contracts[i]
		if k.Programme != p.Programme.ID {
			continue
		}
		c.at(ownerScope("contract:", k.ID), k.title())
		c.lengths(b)
		c.unitCost(Part{Side: SideNumerator, Layer: "contract", ID: k.ID}, k.PriceFen, b)
		c.progress(p.Programme, k.plannedShare(p.Programme, c.asOf), b)
	}
	for _, none := range []string{"several", "none"} {
		c.owner(b, p.Programme, "contract:"+none, none, PlannedShare(p.Programme, "", c.asOf))
	}
}

// owner writes the rows of an owner that has something.
func (c *completion) owner(b *book, p *Programme, scope, name string, share int64) {
	if !b.has(scope) {
		return
	}
	c.at(scope, name)
	c.lengths(b)
	c.progress(p, share, b)
}

func ownerScope(prefix string, id ID) string {
	switch id {
	case ownerNone:
		return prefix + "none"
	case ownerSeveral:
		return prefix + "several"
	}
	return prefix + idString(id)
}
