package data

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) duties(snap *planner.Snapshot) { list(r, query.DutyList, scanDuty, &snap.Duties) }

func scanDuty(rows pgx.Rows, d *planner.Duty) error {
	return rows.Scan(&d.ID, &d.Level, &d.Township, &d.Village, &d.Matter, &d.Unit, &d.Person, &d.Post, &d.Phone, dateInto{&d.From}, dateInto{&d.To}, &d.By)
}

func (w *writer) duties() error {
	l := w.load
	id, err := w.reserve("duty", idsOf(l.Duties, func(d *planner.Duty) planner.ID { return d.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "level", "township", "village", "matter", "unit", "person", "post", "phone", "valid", "by_user", "source"}
	return w.copyRows("duty", columns, len(l.Duties), func(i int) []any {
		d := &l.Duties[i]
		return []any{
			id[i], string(d.Level), null(d.Township), w.optional("village", d.Village), or(string(d.Matter), string(planner.MatterAll)),
			d.Unit, d.Person, d.Post, d.Phone, putDays(d.From, d.To), d.By, l.Source,
		}
	})
}

// SetDuty has a place's matter in other hands from d.From on (zero: since ever):
// whoever held it until then holds it to that day, and whoever was to hold it
// later no longer does. A duty without a person leaves it in nobody's. What was
// believed before stays in the history.
func (s *Store) SetDuty(ctx context.Context, county string, d *planner.Duty) (id planner.ID, revision int64, err error) {
	if err := d.Check(); err != nil {
		return 0, 0, err
	}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.CountyLock, county); err != nil {
			return err
		}
		var village any
		if d.Village != 0 {
			village = d.Village
		}
		place := []any{county, null(d.Township), village, string(d.Matter)}
		for _, end := range []string{query.DutyDrop, query.DutyEnd} {
			if _, err := tx.Exec(ctx, end, append(place, putDate(d.From))...); err != nil {
				return err
			}
		}
		if d.Person != "" {
			row := append(place, string(d.Level), d.Unit, d.Person, d.Post, d.Phone, putDays(d.From, d.To), d.By)
			if err := tx.QueryRow(ctx, query.DutyInsert, row...).Scan(&id); err != nil {
				return err
			}
		}
		detail := map[string]any{"level": d.Level, "township": d.Township, "village": d.Village, "matter": d.Matter, "unit": d.Unit, "person": d.Person, "from": d.From.String()}
		return Audit(ctx, tx, d.By, "duty", county, object("duty", id), detail)
	})
	return id, revision, err
}
