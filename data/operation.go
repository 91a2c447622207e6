package data

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// Operate puts routes into new versions: those of o.Old end on its day, those
// of o.New begin, and the mapping says of each metre what became of it. The ids
// of new routes are given in the order of o.New.
//
// A version that is no longer in force, or has another length than the caller
// saw, is a Conflict. Invalid: a day that is not after the start of a version,
// and a mapping that leaves out metres of an old or a new version.
func (s *Store) Operate(ctx context.Context, county string, o *planner.Operation) (ids []planner.ID, revision int64, err error) {
	if err := checkOperation(o); err != nil {
		return nil, 0, err
	}
	w := &operator{ctx: ctx, county: county, o: o, ids: map[planner.ID]planner.ID{}}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		w.tx = tx
		for _, step := range []func() error{w.end, w.begin, w.segments, w.coRouted, w.mappings, w.scope} {
			if err := step(); err != nil {
				return err
			}
		}
		detail := map[string]any{"kind": o.Kind, "on": o.On.String(), "reason": o.Reason, "roads": w.named()}
		return Audit(ctx, tx, o.By, "operate", county, object("road_operation", w.operation), detail)
	})
	return w.fresh, revision, err
}

// operator writes one deed in one transaction.
type operator struct {
	ctx       context.Context
	tx        pgx.Tx
	county    string
	o         *planner.Operation
	ids       map[planner.ID]planner.ID // stored ids of the routes
	fresh     []planner.ID              // those of new ones
	operation planner.ID
}

// named lists the routes of a deed.
func (w *operator) named() []planner.ID {
	var out []planner.ID
	for _, v := range w.o.Old {
		out = append(out, v.Road)
	}
	for _, id := range w.ids {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// checkOperation holds a deed against itself: every metre of a version that
// ends is carried or retired, every metre of one that begins is carried or new.
func checkOperation(o *planner.Operation) error {
	if o.On.IsZero() || o.Reason == "" {
		return planner.Errorf(planner.Invalid, "a deed on routes needs its day and its reason")
	}
	from, to := map[versionKey][]chainage.Span{}, map[versionKey][]chainage.Span{}
	for _, m := range o.Mappings {
		if m.Kind != planner.MappingNew {
			key := versionKey{m.FromRoad, versionOf(m.FromVersion)}
			from[key] = append(from[key], m.FromSpan)
		}
		if m.Kind != planner.MappingRetired {
			key := versionKey{m.ToRoad, versionOf(m.ToVersion)}
			to[key] = append(to[key], m.ToSpan)
		}
	}
	for _, v := range o.Old {
		if err := whole(from, versionKey{v.Road, versionOf(v.Number)}, v.Length, "carried nor retired"); err != nil {
			return err
		}
	}
	for i := range o.New {
		r := &o.New[i]
		if err := whole(to, versionKey{r.ID, versionOf(r.Version)}, r.Length, "carried nor new"); err != nil {
			return err
		}
	}
	for key := range from {
		return planner.Errorf(planner.Invalid, "the mapping speaks of metres of version %d of road %d, which the deed does not end", key.number, key.road)
	}
	for key := range to {
		return planner.Errorf(planner.Invalid, "the mapping speaks of metres of version %d of road %d, which the deed does not make", key.number, key.road)
	}
	for _, id := range o.Ends {
		if !slices.ContainsFunc(o.Old, func(v planner.RoadVersion) bool { return v.Road == id }) {
			return planner.Errorf(planner.Invalid, "road %d shall end for good, but no version of it is among those that end", id)
		}
	}
	return nil
}

// versionKey names a version of a route.
type versionKey struct {
	road   planner.ID
	number int32
}

// whole takes the pieces of a version out of a mapping, and says what they leave
// out or have twice.
func whole(pieces map[versionKey][]chainage.Span, key versionKey, length int64, what string) error {
	spans := pieces[key]
	delete(pieces, key)
	sum := int64(0)
	for _, s := range spans {
		sum += s.Length()
	}
	covered := chainage.NewSet(spans...)
	missing := covered.Complement(chainage.Span{To: length})
	switch {
	case len(missing) > 0:
		return planner.Errorf(planner.Invalid, "of version %d of road %d the metres from %d to %d mm are neither %s", key.number, key.road, missing[0].From, missing[0].To, what)
	case sum != length:
		return planner.Errorf(planner.Invalid, "the mapping has %d mm of version %d of road %d, which is %d mm long: metres twice, or beyond it", sum, key.number, key.road, length)
	}
	return nil
}

// end ends the old versions, in a fixed order so that two deeds never wait for
// each other.
func (w *operator) end() error {
	old := slices.Clone(w.o.Old)
	slices.SortFunc(old, func(a, b planner.RoadVersion) int { return int(a.Road - b.Road) })
	for _, v := range old {
		if err := w.inForce(v); err != nil {
			return err
		}
		if _, err := w.tx.Exec(w.ctx, query.RoadVersionEnd, w.county, v.Road, versionOf(v.Number), putDate(w.o.On)); err != nil {
			return err
		}
	}
	return nil
}

// inForce locks a version and refuses one that is no longer what the caller saw.
func (w *operator) inForce(v planner.RoadVersion) error {
	var number int32
	var from planner.Date
	var open bool
	var length int64
	err := w.tx.QueryRow(w.ctx, query.RoadVersionLock, w.county, v.Road, versionOf(v.Number)).Scan(&number, dateInto{&from}, &open, &length)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return planner.Errorf(planner.NotFound, "road %d has no version %d in county %s", v.Road, versionOf(v.Number), w.county)
	case err != nil:
		return err
	case !open:
		return planner.Errorf(planner.Conflict, "version %d of road %d is no longer the one in force; look at the road again", number, v.Road)
	case length != v.Length:
		return planner.Errorf(planner.Conflict, "version %d of road %d is %d mm long by now, not %d; look at the road again", number, v.Road, length, v.Length)
	case w.o.On <= from:
		return planner.Errorf(planner.Invalid, "version %d of road %d is in force from %s, so it cannot end on %s; choose a later day", number, v.Road, from, w.o.On)
	}
	return nil
}

// begin stores new routes and the versions that begin.
func (w *operator) begin() error {
	for i := range w.o.New {
		r := &w.o.New[i]
		if r.ID > 0 {
			w.ids[r.ID] = r.ID
		} else if err := w.newRoad(r); err != nil {
			return err
		}
		at, k := putCalibration(r.Calibration)
		_, err := w.tx.Exec(w.ctx, query.RoadVersionInsert, w.county, w.ids[r.ID], versionOf(r.Version), putDate(w.o.On), r.Length, put(r.Line), at, k)
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *operator) newRoad(r *planner.Road) error {
	if _, twice := w.ids[r.ID]; twice {
		return planner.Errorf(planner.Invalid, "two new roads have the id %d; give them 0, -1, -2", r.ID)
	}
	var id []planner.ID
	if err := w.tx.QueryRow(w.ctx, query.IDReserve, "qiantu.road", 1).Scan(&id); err != nil {
		return err
	}
	w.ids[r.ID], w.fresh = id[0], append(w.fresh, id[0])
	_, err := w.tx.Exec(w.ctx, query.RoadInsert, w.county, id[0], r.Code, r.Name, r.NameEN, or(r.Class, "unknown"), r.Township, w.o.Kind+" "+w.o.On.String())
	return err
}

// road gives the stored id of a route of the deed.
func (w *operator) road(id planner.ID) planner.ID {
	if stored, ok := w.ids[id]; ok {
		return stored
	}
	return id
}

func (w *operator) segments() error {
	for i := range w.o.Segments {
		s := w.o.Segments[i]
		s.Road = w.road(s.Road)
		if err := insertSegment(w.ctx, w.tx, w.county, &s, w.o.Kind+" "+w.o.On.String()); err != nil {
			return err
		}
	}
	return nil
}

func insertSegment(ctx context.Context, tx pgx.Tx, county string, s *planner.Segment, source string) error {
	_, err := tx.Exec(ctx, query.RoadSegmentInsert, county, s.Road, versionOf(s.Version), putSpan(s.Span), or(s.Class, "unknown"),
		or(s.Surface, "unknown"), s.WidthMM, or(string(s.AllSeason), "unknown"), or(string(s.Built), "unknown"), or(string(s.Direction), "both"),
		s.Routable, s.Township, s.OtherTownship, s.OtherSharePPM, put(s.Line), source)
	return err
}

func (w *operator) coRouted() error {
	for i := range w.o.New {
		r := &w.o.New[i]
		for _, span := range w.o.CoRouted[r.ID] {
			if _, err := w.tx.Exec(w.ctx, query.RoadCoroutedInsert, w.county, w.ids[r.ID], versionOf(r.Version), putSpan(span)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *operator) mappings() error {
	o := w.o
	err := w.tx.QueryRow(w.ctx, query.RoadOperationInsert, w.county, o.Kind, putDate(o.On), o.Reason, o.Tolerance, o.By).Scan(&w.operation)
	if err != nil {
		return err
	}
	for _, m := range o.Mappings {
		m.ToRoad = w.road(m.ToRoad)
		if _, err := w.tx.Exec(w.ctx, query.RoadMappingInsert, append([]any{w.county, w.operation}, mappingRow(&m)...)...); err != nil {
			return err
		}
	}
	return nil
}

// scope makes new metres part of a task, from the day of the deed on.
func (w *operator) scope() error {
	for _, s := range w.o.Scope {
		_, err := w.tx.Exec(w.ctx, query.ProgrammeScopeInsert, w.county, w.o.ScopeOf, w.road(s.Road), versionOf(s.Version), putSpan(s.Span),
			putDate(w.o.On), orNull(s.Village), s.Responsible, s.Phone)
		if err != nil {
			return err
		}
	}
	return nil
}
