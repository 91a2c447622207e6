package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// attachments reads the files that something in the snapshot names as evidence.
func (r *reader) attachments(snap *planner.Snapshot) {
	listArgs(r, query.AttachmentList, func(rows pgx.Rows, a *planner.Attachment) error {
		return rows.Scan(&a.Hash, &a.Name, &a.Media, utcInto{&a.Taken}, intoPoint{&a.Place}, &a.By)
	}, &snap.Attachments, r.county, r.known)
	r.then(func() error {
		if len(snap.Attachments) == 0 {
			return nil
		}
		named := evidenceOf(snap)
		snap.Attachments = slices.DeleteFunc(snap.Attachments, func(a planner.Attachment) bool { return !named[a.Hash] })
		return nil
	})
}

// evidenceOf gathers the hashes that reports, disputes and inspections name.
func evidenceOf(snap *planner.Snapshot) map[string]bool {
	named := map[string]bool{}
	note := func(hashes []string) {
		for _, hash := range hashes {
			named[hash] = true
		}
	}
	for i := range snap.Progress {
		note(snap.Progress[i].Evidence)
	}
	for i := range snap.Disputes {
		note(snap.Disputes[i].Evidence)
	}
	for i := range snap.Inspections {
		note(snap.Inspections[i].Evidence)
	}
	return named
}

// MaxFile is how big a stored file may be, in bytes.
const MaxFile = 20 << 20

// Attach stores a file; false: it was there already. The hash is that of what
// was sent, which for a photo is not what is stored; without one it is made
// from the body.
func (s *Store) Attach(ctx context.Context, county string, a *planner.Attachment, body []byte) (fresh bool, err error) {
	switch {
	case len(body) == 0:
		return false, planner.Errorf(planner.Invalid, "the file %q is empty", a.Name)
	case len(body) > MaxFile:
		return false, planner.Errorf(planner.TooLarge, "the file %q has %d bytes; at most %d are stored", a.Name, len(body), MaxFile)
	case a.Hash == "":
		sum := sha256.Sum256(body)
		a.Hash = hex.EncodeToString(sum[:])
	}
	err = s.Transaction(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.AttachmentInsert, append([]any{county}, fileRow(a, body)...)...)
		if fresh = err == nil && tag.RowsAffected() == 1; !fresh {
			return err
		}
		return Audit(ctx, tx, a.By, "attach", county, "attachment:"+a.Hash, map[string]any{"name": a.Name, "media": a.Media, "bytes": len(body)})
	})
	return fresh, err
}

// Attachment gives a file back, with what is shown of it.
func (s *Store) Attachment(ctx context.Context, county, hash string) (*planner.Attachment, []byte, error) {
	var a planner.Attachment
	var body []byte
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.AttachmentGet, county, hash).
			Scan(&a.Hash, &a.Name, &a.Media, utcInto{&a.Taken}, intoPoint{&a.Place}, &a.By, &body)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, planner.Errorf(planner.NotFound, "there is no file %s in county %s", hash, county)
	}
	if err != nil {
		return nil, nil, explain(err)
	}
	return &a, body, nil
}
