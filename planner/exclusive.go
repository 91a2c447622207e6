package planner

import "github.com/qiantu/qiantu/geo/chainage"

// heldBy is a span of a task and who has it: a contract or a village.
type heldBy struct {
	holder int64
	item   *ScopeItem
}

// exclusive gives the metres in force that each holder has alone. Metres that
// two have are of neither.
func (a *Assessment) exclusive(items []heldBy) map[int64]map[routeKey]chainage.Set {
	type part struct {
		holder int64
		key    routeKey
	}
	spans := map[part][]chainage.Span{}
	for _, h := range items {
		parts, _ := a.ledger.lift(routeKey{h.item.Road, h.item.Version}, h.item.Span)
		for _, p := range parts {
			spans[part{h.holder, p.key}] = append(spans[part{h.holder, p.key}], p.span)
		}
	}
	all, out := map[routeKey][]chainage.Span{}, map[int64]map[routeKey]chainage.Set{}
	for of, list := range spans {
		set := chainage.NewSet(list...)
		all[of.key] = append(all[of.key], set...)
		if out[of.holder] == nil {
			out[of.holder] = map[routeKey]chainage.Set{}
		}
		out[of.holder][of.key] = set
	}
	for key, list := range all {
		several := chainage.Repeated(list...)
		for _, held := range out {
			if len(held[key]) > 0 {
				held[key] = held[key].Subtract(several)
			}
		}
	}
	return out
}

// heldAlone is never nil: a holder who has nothing has no metre.
func heldAlone(by map[int64]map[routeKey]chainage.Set, holder int64) map[routeKey]chainage.Set {
	if by[holder] == nil {
		return map[routeKey]chainage.Set{}
	}
	return by[holder]
}

// villageItems are the spans of the task that are for a village.
func (l *lister) villageItems() []heldBy {
	var out []heldBy
	p := l.a.Programmes[l.programme].Programme
	for i := range p.Scope {
		if p.Scope[i].Village != 0 {
			out = append(out, heldBy{int64(p.Scope[i].Village), &p.Scope[i]})
		}
	}
	return out
}

// contractItems are the spans that contracts of the programme have.
func (l *lister) contractItems() []heldBy {
	return l.a.contractItems(l.a.Programmes[l.programme].Programme.ID)
}

func (a *Assessment) contractItems(programme ID) []heldBy {
	var out []heldBy
	for i := range a.Snapshot.Contracts {
		c := &a.Snapshot.Contracts[i]
		for j := range c.Scope {
			if c.Programme == programme {
				out = append(out, heldBy{int64(c.ID), &c.Scope[j]})
			}
		}
	}
	return out
}
