package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/planner"
)

// explain turns an error of the server into one a caller can act on: refused
// rows become Invalid with table, constraint and row, lost races Conflict, a
// server that went away Unavailable. Anything else stays internal.
func explain(err error) error {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case err == nil, planner.CodeOf(err) != "", errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &connect):
		return planner.Errorf(planner.Unavailable, "the database cannot be reached: %v", connect)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded):
		return planner.Errorf(planner.Unavailable, "the connection to the database broke: %v", err)
	case !errors.As(err, &pg):
		return err
	}
	switch class := pg.Code[:2]; {
	case pg.Code == "40001", pg.Code == "40P01", pg.Code == "55P03":
		return planner.Errorf(planner.Conflict, "somebody else changed the same rows at the same time (%s); try again", pg.Message)
	case class == "22", class == "23", pg.Code == "57014" && strings.HasPrefix(pg.Message, "COPY from stdin failed"):
		return planner.Errorf(planner.Invalid, "%s", refused(pg))
	case class == "08", class == "53", class == "57" && pg.Code != "57014":
		return planner.Errorf(planner.Unavailable, "the database is not available: %s", pg.Message)
	}
	return fmt.Errorf("data: %w", err)
}

// refused says what the server refused, and where.
func refused(pg *pgconn.PgError) string {
	parts := []string{"the database refused the rows: " + pg.Message}
	if said := words(pg); said != "" {
		parts = append([]string{said}, parts...)
	}
	for _, more := range []string{pg.Detail, pg.Hint, pg.Where} {
		if more = strings.TrimSpace(more); more != "" {
			parts = append(parts, more)
		}
	}
	if pg.TableName != "" {
		parts = append(parts, "table "+pg.TableName)
	}
	return strings.Join(parts, "; ")
}
