package ingest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits on spreadsheets, which are zips.
const (
	maxSheetUnzip = 64 << 20 // bytes of the whole workbook unpacked
	maxSheetXML   = 8 << 20  // bytes of a sheet that is held in memory
	maxSheetCells = 20_000_000
)

// openXLSX opens one sheet of a workbook: the one asked for with --map
// sheet=NAME, else the first.
func openXLSX(l *layer, req Request, dir string, fs *findings) (*source, error) {
	file, err := take(req.File, dir, "in.xlsx")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	small, err := inspectXLSX(file)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	open := func() (*excelize.File, string, error) {
		return openSheet(file, req.Map[optionSheet])
	}
	book, name, err := open()
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	s := &sheet{}
	if small {
		s.merges, err = merges(book, name)
	}
	if err = errors.Join(err, book.Close()); err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	s.rows = func(ctx context.Context, yield func(int, []string) error) error {
		book, name, err := open()
		if err != nil {
			return err
		}
		defer func() { _ = book.Close() }()
		return sheetRows(ctx, book, name, yield)
	}
	out, err := s.source(context.Background(), l, req, fs)
	return out, err
}

func openSheet(file, want string) (*excelize.File, string, error) {
	book, err := excelize.OpenFile(file, excelize.Options{UnzipSizeLimit: maxSheetUnzip, UnzipXMLSizeLimit: maxSheetXML, RawCellValue: true})
	if err != nil {
		return nil, "", err
	}
	names := book.GetSheetList()
	if want == "" && len(names) > 0 {
		return book, names[0], nil
	}
	for _, name := range names {
		if name == want {
			return book, name, nil
		}
	}
	return nil, "", errors.Join(fmt.Errorf("no sheet %q; there are: %s", want, strings.Join(names, ", ")), book.Close())
}

// inspectXLSX looks at the zip before anything is unpacked. small: no sheet is
// too large to be held in memory, so that merged cells can be asked for.
func inspectXLSX(file string) (small bool, err error) {
	r, err := zip.OpenReader(file)
	if err != nil {
		return false, fmt.Errorf("not a workbook (.xlsx), or protected by a password: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	small = true
	var all uint64
	for _, f := range r.File {
		all += f.UncompressedSize64
		if all > maxSheetUnzip || f.UncompressedSize64 > maxSheetUnzip {
			return false, limitError(fmt.Sprintf("unpacks to more than %d MB", maxSheetUnzip>>20))
		}
		if path.Ext(f.Name) == ".bin" && strings.Contains(f.Name, "vbaProject") {
			return false, errors.New("a workbook with macros")
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") && f.UncompressedSize64 > maxSheetXML {
			small = false
		}
	}
	return small, nil
}

func merges(book *excelize.File, name string) ([]merge, error) {
	cells, err := book.GetMergeCells(name)
	if err != nil {
		return nil, err
	}
	var out []merge
	for _, c := range cells {
		m := merge{value: c.GetCellValue()}
		if m.column, m.row, err = excelize.CellNameToCoordinates(c.GetStartAxis()); err != nil {
			return nil, err
		}
		if m.lastColumn, m.lastRow, err = excelize.CellNameToCoordinates(c.GetEndAxis()); err != nil {
			return nil, err
		}
		out = append(out, m)
		if len(out) > maxBlank {
			return nil, limitError(fmt.Sprintf("more than %d merged cells", maxBlank))
		}
	}
	return out, nil
}

// sheetRows streams the rows. A cell far outside makes a sheet of empty rows or
// columns; that is said instead of walked.
func sheetRows(ctx context.Context, book *excelize.File, name string, yield func(int, []string) error) error {
	rows, err := book.Rows(name)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	empty, cellCount := 0, 0
	for row := 1; rows.Next(); row++ {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		if blank(cells) {
			if empty++; empty > maxBlank {
				return limitError(fmt.Sprintf("%d empty rows before row %d: the sheet is sparse", empty, row))
			}
			continue
		}
		empty, cellCount = 0, cellCount+len(cells)
		if len(cells) > maxColumns {
			return limitError(fmt.Sprintf("row %d has %d columns, at most %d", row, len(cells), maxColumns))
		}
		if row > maxRows || cellCount > maxSheetCells {
			return limitError(fmt.Sprintf("more than %d rows or %d cells", maxRows, maxSheetCells))
		}
		if row%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := yield(row, cells); err != nil {
			return err
		}
	}
	return rows.Error()
}
