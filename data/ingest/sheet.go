package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// Sheets reads spreadsheets for those who write to the store.
type Sheets struct{}

// Limits of a sheet that is held whole: more than a township reports in a week.
const (
	maxSheetRows  = 20_000
	maxHeldCells  = 1_000_000
	maxCellLength = 4_000 // bytes
)

// ReadSheet reads the first sheet of a workbook, or a CSV, as text: rows of
// cells as they stand, blank rows too, so that row n of the file is Rows[n-1].
// Cells below a merged one say what it says. What is not a sheet, or is
// beyond the limits, is an Invalid or TooLarge with the reason.
func (Sheets) ReadSheet(ctx context.Context, name string, body []byte) (*planner.Sheet, error) {
	sum := sha256.Sum256(body)
	out := &planner.Sheet{Hash: hex.EncodeToString(sum[:]), Name: filepath.Base(name)}
	dir, err := os.MkdirTemp("", "qiantu-sheet-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ext := strings.ToLower(filepath.Ext(name))
	file := filepath.Join(dir, "sheet"+ext)
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	s, err := openTable(ext, file)
	if err == nil {
		out.Rows, err = s.held(ctx)
	}
	var limit limitError
	switch {
	case err == nil, ctx.Err() != nil:
		return out, ctx.Err()
	case errors.As(err, &limit):
		return nil, planner.Errorf(planner.TooLarge, "the sheet %s: %v", out.Name, err)
	}
	return nil, planner.Errorf(planner.Invalid, "the sheet %s cannot be read: %v", out.Name, err)
}

// openTable opens a sheet by the end of its name.
func openTable(ext, file string) (*sheet, error) {
	switch ext {
	case ".xlsx":
		return tableOfXLSX(file)
	case ".csv", ".txt", ".tsv":
		return tableOfCSV(file)
	}
	return nil, errors.New("it is neither .xlsx nor .csv; save it as one of these")
}

func tableOfXLSX(file string) (*sheet, error) {
	small, err := inspectXLSX(file)
	if err != nil {
		return nil, err
	}
	if !small {
		return nil, limitError("the first sheet is too large to be shown")
	}
	book, name, err := openSheet(file, "")
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	s.merges, err = merges(book, name)
	if err = errors.Join(err, book.Close()); err != nil {
		return nil, err
	}
	s.rows = func(ctx context.Context, yield func(int, []string) error) error {
		book, name, err := openSheet(file, "")
		if err != nil {
			return err
		}
		defer func() { _ = book.Close() }()
		return sheetRows(ctx, book, name, yield)
	}
	return s, nil
}

func tableOfCSV(file string) (*sheet, error) {
	fs := newFindings(filepath.Base(file))
	d, err := sniffCSV(file, "", fs)
	if err != nil {
		return nil, err
	}
	return &sheet{rows: func(ctx context.Context, yield func(int, []string) error) error {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		return readCSV(ctx, f, d, func(int, int, string) {}, yield) // lost characters break a rule when the row is checked
	}}, nil
}

// held reads all rows.
func (s *sheet) held(ctx context.Context) ([][]string, error) {
	var out [][]string
	cells := 0
	err := s.rows(ctx, func(row int, read []string) error {
		if cells += len(read); row > maxSheetRows || cells > maxHeldCells {
			return limitError("more rows or cells than a report of a township has")
		}
		for len(out) < row-1 {
			out = append(out, []string{})
		}
		kept := make([]string, len(read))
		for i, cell := range read {
			if kept[i] = strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", ""), "\uFFFD"); len(cell) > maxCellLength {
				return limitError("a cell of more than 4,000 bytes")
			}
		}
		out = append(out, kept)
		return nil
	})
	s.spread(out)
	return out, err
}

// spread writes what a merged cell says into those that it covers below, so
// that every row says which road it is of, and the last row of a head says all.
func (s *sheet) spread(rows [][]string) {
	for _, m := range s.merges {
		for row := m.row + 1; row <= min(m.lastRow, len(rows)) && m.column <= maxColumns; row++ {
			cells := rows[row-1]
			for len(cells) < m.column {
				cells = append(cells, "")
			}
			if cells[m.column-1] == "" {
				cells[m.column-1] = m.value
			}
			rows[row-1] = cells
		}
	}
}
