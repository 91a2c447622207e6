package data

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/planner"
)

// operations writes deeds on routes and what became of each metre by them.
func (w *writer) operations() error {
	l := w.load
	id, err := w.reserve("road_operation", make([]planner.ID, len(l.Operations)))
	if err != nil {
		return err
	}
	err = w.copyRows("road_operation", []string{"id", "kind", "on_date", "reason", "tolerance_mm", "by_user"}, len(l.Operations), func(i int) []any {
		o := &l.Operations[i]
		return []any{id[i], o.Kind, putDate(o.On), o.Reason, o.Tolerance, o.By}
	})
	if err != nil {
		return err
	}
	type piece struct {
		operation planner.ID
		planner.Mapping
	}
	var pieces []piece
	for i := range l.Operations {
		for _, m := range l.Operations[i].Mappings {
			pieces = append(pieces, piece{id[i], m})
		}
	}
	mapping, err := w.reserve("road_mapping", idsOf(pieces, func(p *piece) planner.ID { return p.ID }))
	if err != nil {
		return err
	}
	columns := append([]string{"id", "operation"}, mappingColumns...)
	return w.copyRows("road_mapping", columns, len(pieces), func(i int) []any {
		p := &pieces[i]
		m := p.Mapping
		m.FromRoad, m.ToRoad = w.ids["road"][m.FromRoad], w.ids["road"][m.ToRoad]
		return append([]any{mapping[i], p.operation}, mappingRow(&m)...)
	})
}

// mappingColumns are the columns of a piece of a mapping.
var mappingColumns = []string{
	"kind", "from_road", "from_version", "from_span", "to_road", "to_version", "to_span", "reversed",
}

// mappingRow gives them: retired metres are nowhere after, new ones nowhere before.
func mappingRow(m *planner.Mapping) []any {
	row := []any{string(m.Kind), nil, nil, nil, nil, nil, nil, m.Reversed}
	if m.Kind != planner.MappingNew {
		row[1], row[2], row[3] = m.FromRoad, versionOf(m.FromVersion), putSpan(m.FromSpan)
	}
	if m.Kind != planner.MappingRetired {
		row[4], row[5], row[6] = m.ToRoad, versionOf(m.ToVersion), putSpan(m.ToSpan)
	}
	return row
}

func (w *writer) contracts() error {
	l := w.load
	id, err := w.reserve("contract", idsOf(l.Contracts, func(c *planner.Contract) planner.ID { return c.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "programme", "code", "name", "contractor", "responsible", "phone", "price_fen", "signed", "deadline", "source"}
	err = w.copyRows("contract", columns, len(l.Contracts), func(i int) []any {
		c := &l.Contracts[i]
		return []any{
			id[i], w.ids["programme"][c.Programme], c.Code, c.Name, c.Contractor, c.Responsible, c.Phone, c.PriceFen,
			putDate(c.Signed), putDate(c.Deadline), l.Source,
		}
	})
	if err != nil {
		return err
	}
	return w.contractScope(id)
}

func (w *writer) contractScope(contract []planner.ID) error {
	type item struct {
		contract planner.ID
		planner.ScopeItem
	}
	var items []item
	for i := range w.load.Contracts {
		for _, s := range w.load.Contracts[i].Scope {
			items = append(items, item{contract[i], s})
		}
	}
	id, err := w.reserve("contract_scope", idsOf(items, func(s *item) planner.ID { return s.ID }))
	if err != nil {
		return err
	}
	return w.copyRows("contract_scope", []string{"id", "contract", "road", "road_version", "span"}, len(items), func(i int) []any {
		s := &items[i]
		return []any{id[i], s.contract, w.ids["road"][s.Road], versionOf(s.Version), putSpan(s.Span)}
	})
}

func (w *writer) files() error {
	l := w.load
	return w.copyRows("attachment", []string{"hash", "name", "media", "body", "taken_at", "place", "by_user"}, len(l.Files), func(i int) []any {
		return fileRow(&l.Files[i].Attachment, l.Files[i].Body)
	})
}

func fileRow(a *planner.Attachment, body []byte) []any {
	var place any
	if a.Place != nil {
		place = put(*a.Place)
	}
	return []any{a.Hash, a.Name, a.Media, body, putInstant(a.Taken), place, a.By}
}

func (w *writer) overrides() error {
	l := w.load
	return w.copyRows("progress_override", []string{"progress", "rule", "reason", "by_user"}, len(l.Overrides), func(i int) []any {
		o := &l.Overrides[i]
		return []any{o.Progress, o.Rule, o.Reason, o.By}
	})
}

func (w *writer) disputes() error {
	l := w.load
	id, err := w.reserve("dispute", idsOf(l.Disputes, func(d *planner.Dispute) planner.ID { return d.ID }))
	if err != nil {
		return err
	}
	columns := []string{
		"id", "road", "road_version", "span", "valid", "reason", "stage", "claims", "holder", "decider", "opened_by",
		"outcome", "awarded", "decision", "decided_by", "evidence", "decided_on",
	}
	return w.copyRows("dispute", columns, len(l.Disputes), func(i int) []any {
		d := &l.Disputes[i]
		return []any{
			id[i], w.ids["road"][d.Road], versionOf(d.Version), putSpan(d.Span), disputeDays(d), d.Reason,
			or(string(d.Stage), string(planner.StageSurface)), texts(d.Claims), d.Holder, d.Decider, d.OpenedBy,
			null(string(d.Outcome)), w.optional("contract", d.Awarded), d.Decision, d.DecidedBy, texts(d.Evidence), putDate(d.Decided),
		}
	})
}

// disputeDays are the days on which a case is valid: those before its decision,
// and its first day where it was decided on that.
func disputeDays(d *planner.Dispute) pgtype.Range[pgtype.Date] {
	to := d.Decided
	if !to.IsZero() && to == d.Opened {
		to++
	}
	return putDays(d.Opened, to)
}

func (w *writer) inspections() error {
	l := w.load
	id, err := w.reserve("inspection", idsOf(l.Inspections, func(i *planner.Inspection) planner.ID { return i.ID }))
	if err != nil {
		return err
	}
	return w.copyRows("inspection", append([]string{"id"}, inspectionColumns...), len(l.Inspections), func(k int) []any {
		i := l.Inspections[k]
		i.Road = w.ids["road"][i.Road]
		return append([]any{id[k]}, inspectionRow(&i)...)
	})
}

var inspectionColumns = []string{
	"kind", "road", "road_version", "span", "on_date", "result", "pqi_milli", "inspector", "note", "evidence", "seed", "by_user",
}

func inspectionRow(i *planner.Inspection) []any {
	return []any{
		string(i.Kind), i.Road, versionOf(i.Version), putSpan(i.Span), putDate(i.On), null(string(i.Result)), i.PQIMilli, i.Inspector,
		i.Note, texts(i.Evidence), i.Seed, i.By,
	}
}
