package data

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// wallPeople finds who stands behind links to a wall that have not ended.
func wallPeople(ctx context.Context, conn *pgx.Conn, tokens [][]byte, into map[string]*planner.Person) error {
	rows, err := conn.Query(ctx, query.WallLinkPeople, tokens)
	if err != nil {
		return err
	}
	var token []byte
	var county string
	var id planner.ID
	_, err = pgx.ForEachRow(rows, []any{&token, &county, &id}, func() error {
		into[string(token)] = planner.ByLink(id, county)
		return nil
	})
	return err
}

// AddWallLink keeps a link to the wall of a county: token is the SHA-256 of
// what opens it, by the login of who makes it.
func (s *Store) AddWallLink(ctx context.Context, county, name, by string, token []byte, ends time.Time) (id planner.ID, err error) {
	err = s.Transaction(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, query.WallLinkInsert, county, token, name, by, putInstant(ends)).Scan(&id); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "link", county, object("wall_link", id), map[string]any{"name": name, "ends": ends.UTC().Format(time.RFC3339)})
	})
	return id, err
}

// WallLinks lists the links to the wall of a county, the newest 200, those that
// still open it first.
func (s *Store) WallLinks(ctx context.Context, county string) ([]planner.WallLink, error) {
	var out []planner.WallLink
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.WallLinkList, county)
		if err != nil {
			return err
		}
		out, err = collect(rows, func(rows pgx.Rows, l *planner.WallLink) error {
			return rows.Scan(&l.ID, &l.Name, &l.By, utcInto{&l.Made}, utcInto{&l.Ends}, utcInto{&l.Revoked}, &l.RevokedBy)
		})
		return err
	})
	return out, explain(err)
}

// RevokeWallLink takes a link back; who has it open loses it at once.
func (s *Store) RevokeWallLink(ctx context.Context, county string, id planner.ID, by string) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.WallLinkRevoke, county, id, by)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return planner.Errorf(planner.NotFound, "there is no link %d to the wall of %s, or it was taken back before", id, county)
		}
		return Audit(ctx, tx, by, "unlink", county, object("wall_link", id), nil)
	})
}
