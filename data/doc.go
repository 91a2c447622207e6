// Package data remembers. It is the only package that speaks SQL: the
// statements stand in data/query, one per file, and everything above works
// with the nouns of planner.
//
// In reading order:
//
//	store, err := data.Open(ctx, dsn)            // a migrated database, or an error that says the mend
//	stored, err := store.Store(ctx, load)        // a county's facts, all or nothing
//	snap, err := store.Snapshot(ctx, query)      // one county on a day as known at an instant
//	changes, err := store.Listen(ctx, snap.Revision)
//	for change := range changes { ... }          // what became stale, in commit order
//
// geometry.go is the border where Z, M and SRID exist; beyond it there is only
// orb, lon/lat in degrees (EPSG:4490). Lengths are millimetres, money is fen.
package data
