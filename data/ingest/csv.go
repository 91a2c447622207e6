package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

const maxLine = 1 << 20 // bytes of one line of a CSV

// dialect is how a CSV is written.
type dialect struct {
	charset charset
	comma   rune
	skip    int  // bytes of a byte order mark
	returns bool // lines end with CR only
}

// openCSV opens a table of text. Encoding and separator are found from the
// bytes unless they are said.
func openCSV(l *layer, req Request, dir string, fs *findings) (*source, error) {
	path, err := take(req.File, dir, "in.csv")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	d, err := sniffCSV(path, req.Encoding, fs)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	seen := map[[2]int]bool{} // the top of the sheet is read twice
	told := func(line, column int, cell string) {
		if at := [2]int{line, column}; !seen[at] {
			seen[at] = true
			fs.add("encoding_wrong", line, fmt.Sprintf("#%d", column), cell, d.charset.name)
		}
	}
	s := &sheet{rows: func(ctx context.Context, yield func(int, []string) error) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		return readCSV(ctx, f, d, told, yield)
	}}
	src, err := s.source(context.Background(), l, req, fs)
	if fs.count["encoding_wrong"] > 0 && !req.Partial { // heads of wrong bytes would only be called missing
		return nil, errRefused
	}
	return src, err
}

// readCSV gives the rows with the number of the line they begin in.
func readCSV(ctx context.Context, f io.Reader, d dialect, wrong func(line, column int, cell string), yield func(row int, cells []string) error) error {
	if _, err := io.CopyN(io.Discard, f, int64(d.skip)); err != nil {
		return err
	}
	in := csv.NewReader(bufio.NewReaderSize(d.text(f), 1<<16))
	in.FieldsPerRecord, in.Comma = -1, d.comma
	for n := 0; ; n++ {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n >= maxRows {
			return limitError(fmt.Sprintf("more than %d rows", maxRows))
		}
		if len(cells) > maxColumns {
			return limitError(fmt.Sprintf("more than %d columns", maxColumns))
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, _ := in.FieldPos(0)
		for i, cell := range cells {
			if !utf8.ValidString(cell) || strings.ContainsRune(cell, '\uFFFD') && d.charset.decoder != nil {
				wrong(line, i+1, cell)
			}
		}
		if err := yield(line, cells); err != nil {
			return err
		}
	}
}

// text decodes the file and gives its lines the usual ends.
func (d dialect) text(r io.Reader) io.Reader {
	if d.charset.decoder != nil {
		r = transform.NewReader(r, d.charset.decoder.NewDecoder())
	}
	if d.returns {
		r = &returns{r}
	}
	return r
}

type returns struct{ r io.Reader }

// Read turns CR into LF.
func (c *returns) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// sniffCSV finds encoding, separator and line ends.
func sniffCSV(path, want string, fs *findings) (dialect, error) {
	f, err := os.Open(path)
	if err != nil {
		return dialect{}, err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReaderSize(f, maxLine)
	start, _ := in.Peek(64 << 10)
	d := dialect{charset: utf8Charset, comma: separator(start)}
	d.returns = bytes.IndexByte(start, '\n') < 0 && bytes.IndexByte(start, '\r') >= 0
	switch {
	case want != "":
		d.charset, err = namedCharset(want, fs)
		if bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")) {
			d.skip = 3
		}
		return d, err
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		d.charset = utf16
		text, _ := utf16.decoder.NewDecoder().Bytes(start[:len(start)&^1])
		d.comma = separator(text)
		return d, nil
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		d.skip = 3
	}
	seen, err := lineEvidence(in, d.returns)
	if err != nil {
		return d, err
	}
	if d.skip > 0 && !seen.notUTF8 {
		return d, nil
	}
	d.charset, err = settle(seen, fs)
	return d, err
}

// lineEvidence looks at every line, whole, so that no character is cut.
func lineEvidence(in *bufio.Reader, returns bool) (evidence, error) {
	var seen evidence
	end := byte('\n')
	if returns {
		end = '\r'
	}
	for {
		line, err := in.ReadSlice(end)
		if errors.Is(err, bufio.ErrBufferFull) {
			return seen, limitError(fmt.Sprintf("a line of more than %d kB", maxLine>>10))
		}
		seen.see(string(bytes.TrimSpace(line)))
		if errors.Is(err, io.EOF) {
			return seen, nil
		}
		if err != nil {
			return seen, err
		}
	}
}

// separator is the most frequent of the usual ones in the first lines, outside
// quotes; the comma where none stands.
func separator(start []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, b := range start[:min(len(start), 4096)] {
		switch {
		case b == '"':
			quoted = !quoted
		case !quoted && (b == ',' || b == '\t' || b == ';'):
			counts[rune(b)]++
		}
	}
	best := ','
	for _, c := range []rune{'\t', ';'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}
