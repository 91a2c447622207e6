package planner

import (
	"reflect"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// worldsBetween are the snapshots after each cause but the last, after which it
// is the later one itself; nil: the cause changed nothing.
func worldsBetween(before, after *Snapshot) []*Snapshot {
	h := &hybrid{before: before, after: after}
	h.findChanged()
	worlds := []*Snapshot{h.base()}
	next := func(changed bool, take func(*Snapshot)) {
		if !changed {
			worlds = append(worlds, nil)
			return
		}
		last := len(worlds) - 1
		for worlds[last] == nil {
			last--
		}
		world := *worlds[last]
		take(&world)
		worlds = append(worlds, &world)
	}
	next(before.Rules != after.Rules, func(w *Snapshot) { w.Rules = after.Rules })
	next(h.realigned(), func(w *Snapshot) {
		w.Versions, w.Mappings, w.Roads, w.Segments = after.Versions, after.Mappings, after.Roads, after.Segments
		w.Programmes, w.Contracts = after.Programmes, after.Contracts
	})
	progress, corrected := h.corrected()
	next(corrected || h.cases(), func(w *Snapshot) {
		w.Progress, w.Overrides = progress, after.Overrides
		w.Disputes, w.Inspections, w.Warnings = after.Disputes, after.Inspections, after.Warnings
	})
	return worlds
}

// hybrid mixes two snapshots.
type hybrid struct {
	before, after *Snapshot
	changed       map[ID]bool       // routes that have another version, or came or went by an operation
	known         map[routeKey]bool // versions that the earlier snapshot knows
}

func (h *hybrid) findChanged() {
	h.changed, h.known = map[ID]bool{}, map[routeKey]bool{}
	named := map[ID]bool{}
	for _, s := range []*Snapshot{h.before, h.after} {
		for _, m := range s.Mappings {
			named[m.FromRoad], named[m.ToRoad] = true, true
		}
	}
	for _, v := range h.before.Versions {
		h.known[routeKey{v.Road, v.Number}] = true
	}
	was := map[ID]int32{}
	for _, r := range h.before.Roads {
		was[r.ID] = r.Version
		h.known[routeKey{r.ID, r.Version}] = true
		h.changed[r.ID] = named[r.ID] // unless it is still there
	}
	for _, r := range h.after.Roads {
		version, there := was[r.ID]
		h.changed[r.ID] = there && version != r.Version || !there && named[r.ID]
	}
}

// base is the later snapshot with the routes, rules, reports and cases of the
// earlier one. Operations that had not been done on the earlier day have not
// been done on the later one either.
func (h *hybrid) base() *Snapshot {
	w, before := *h.after, h.before
	w.Rules, w.Progress, w.Overrides = before.Rules, before.Progress, before.Overrides
	w.Disputes, w.Inspections, w.Warnings = before.Disputes, before.Inspections, before.Warnings
	later := h.after.AsOf - before.AsOf
	w.Mappings = slices.Clone(before.Mappings)
	for i := range w.Mappings {
		w.Mappings[i].On += later
	}
	w.Versions = before.Versions
	w.Roads, w.Segments = nil, nil
	for _, mix := range []struct {
		s       *Snapshot
		changed bool
	}{{before, true}, {h.after, false}} {
		for i := range mix.s.Roads {
			if h.changed[mix.s.Roads[i].ID] == mix.changed {
				w.Roads = append(w.Roads, mix.s.Roads[i])
			}
		}
		for i := range mix.s.Segments {
			seg := &mix.s.Segments[i]
			if (h.changed[seg.Road] && !seg.Halo) == mix.changed {
				w.Segments = append(w.Segments, *seg)
			}
		}
	}
	w.Programmes, w.Contracts = slices.Clone(h.after.Programmes), slices.Clone(h.after.Contracts)
	for i := range w.Programmes {
		w.Programmes[i].Scope = h.standing(w.Programmes[i].Scope)
	}
	for i := range w.Contracts {
		w.Contracts[i].Scope = h.standing(w.Contracts[i].Scope)
	}
	return &w
}

// standing leaves out the items on versions that only an operation makes.
func (h *hybrid) standing(items []ScopeItem) []ScopeItem {
	var out []ScopeItem
	for _, item := range items {
		if !h.changed[item.Road] || h.known[routeKey{item.Road, item.Version}] {
			out = append(out, item)
		}
	}
	return out
}

// realigned reports whether the routes themselves differ.
func (h *hybrid) realigned() bool {
	for _, changed := range h.changed {
		if changed {
			return true
		}
	}
	happened := func(s *Snapshot) []Mapping {
		var out []Mapping
		for _, m := range s.Mappings {
			m.ID = 0
			if m.On <= s.AsOf {
				m.On = 0
			}
			out = append(out, m)
		}
		return out
	}
	return !slices.Equal(happened(h.before), happened(h.after))
}

// corrected are the reports of the earlier snapshot without those that were
// revoked, and with those that came late.
func (h *hybrid) corrected() (out []Progress, changed bool) {
	stays := map[string]*Progress{}
	for i := range h.after.Progress {
		stays[h.after.Progress[i].ID] = &h.after.Progress[i]
	}
	had := map[string]bool{}
	for i := range h.before.Progress {
		p := &h.before.Progress[i]
		had[p.ID] = true
		switch now := stays[p.ID]; {
		case now != nil:
			out = append(out, *now)
			changed = changed || p.Span != now.Span || p.Stage != now.Stage || p.On != now.On || p.Road != now.Road || p.Version != now.Version || p.Programme != now.Programme
		case p.On > h.after.AsOf:
			out = append(out, *p)
		default:
			changed = true
		}
	}
	for i := range h.after.Progress {
		if p := &h.after.Progress[i]; !had[p.ID] && p.On <= h.before.AsOf {
			out, changed = append(out, *p), true
		}
	}
	return out, changed
}

// cases reports whether disputes, inspections, warnings or overrides differ.
func (h *hybrid) cases() bool {
	b, a := h.before, h.after
	return !sameList(b.Disputes, a.Disputes) || !sameList(b.Inspections, a.Inspections) || !sameList(b.Warnings, a.Warnings) || !sameList(b.Overrides, a.Overrides)
}

func sameList[T any](a, b []T) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// casesBetween are the spans of disputes and inspections that differ between
// two worlds, on the versions in force in the later one.
func casesBetween(from, to *Assessment) (disputes, inspections map[routeKey][]chainage.Span) {
	disputes, inspections = map[routeKey][]chainage.Span{}, map[routeKey][]chainage.Span{}
	put := func(by map[routeKey][]chainage.Span, road ID, version int32, span chainage.Span) {
		parts, _ := to.ledger.lift(routeKey{road, version}, span)
		for _, p := range parts {
			by[p.key] = append(by[p.key], p.span)
		}
	}
	for _, d := range differing(from.Snapshot.Disputes, to.Snapshot.Disputes, func(d *Dispute) ID { return d.ID }) {
		put(disputes, d.Road, d.Version, d.Span)
	}
	for _, n := range differing(from.Snapshot.Inspections, to.Snapshot.Inspections, func(n *Inspection) ID { return n.ID }) {
		put(inspections, n.Road, n.Version, n.Span)
	}
	return disputes, inspections
}

// differing are the things of two lists that are not the same in both.
func differing[T any](a, b []T, id func(*T) ID) []*T {
	was := map[ID]*T{}
	for i := range a {
		was[id(&a[i])] = &a[i]
	}
	var out []*T
	for i := range b {
		if w := was[id(&b[i])]; w == nil || !reflect.DeepEqual(*w, b[i]) {
			out = append(out, &b[i])
		}
		delete(was, id(&b[i]))
	}
	for i := range a {
		if was[id(&a[i])] != nil {
			out = append(out, &a[i])
		}
	}
	return out
}
