package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// charset is an encoding of text; a nil decoder is UTF-8.
type charset struct {
	name    string
	decoder encoding.Encoding
}

var utf8Charset = charset{name: "UTF-8"}

// charsets by their folded names, as people and .cpg files write them.
var charsets = map[string]charset{
	"utf8": utf8Charset, "65001": utf8Charset, "cp65001": utf8Charset,
	"gbk": gbk, "gb2312": gbk, "gb18030": gbk, "936": gbk, "cp936": gbk, "ansi936": gbk, "ms936": gbk, "euccn": gbk,
	"big5": {"Big5", traditionalchinese.Big5}, "950": {"Big5", traditionalchinese.Big5}, "cp950": {"Big5", traditionalchinese.Big5}, "ansi950": {"Big5", traditionalchinese.Big5},
	"shiftjis": {"Shift_JIS", japanese.ShiftJIS}, "sjis": {"Shift_JIS", japanese.ShiftJIS}, "932": {"Shift_JIS", japanese.ShiftJIS}, "cp932": {"Shift_JIS", japanese.ShiftJIS},
	"euckr": {"EUC-KR", korean.EUCKR}, "949": {"EUC-KR", korean.EUCKR}, "cp949": {"EUC-KR", korean.EUCKR},
	"utf16": utf16, "utf16le": {"UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
}

var (
	gbk   = charset{"GBK", simplifiedchinese.GB18030}
	utf16 = charset{"UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
)

// languageDrivers are the code pages of byte 29 of a dbf that matter here.
var languageDrivers = map[byte]string{0x4D: "936", 0x7A: "936", 0x4F: "950", 0x78: "950", 0x13: "932", 0x7B: "932", 0x4E: "949", 0x79: "949"}

// decode gives the text of raw bytes, and whether they are of this charset.
func (c charset) decode(raw string) (string, bool) {
	if ascii(raw) && c.name != "UTF-16" && c.name != "UTF-16LE" {
		return raw, true
	}
	if c.decoder == nil {
		return strings.ToValidUTF8(raw, "\uFFFD"), utf8.ValidString(raw)
	}
	text, err := c.decoder.NewDecoder().String(raw)
	return text, err == nil && !strings.ContainsRune(text, '\uFFFD')
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// evidence gathers what the bytes of many values say about their encoding.
type evidence struct {
	notUTF8, notGBK bool
	wide            bool   // UTF-8 of three bytes a character was seen, as Han has
	either          bool   // a value that reads as either
	lone            bool   // a single character that reads as either
	pairs, common   int    // double bytes seen; of them plain GB 2312 characters
	first           []byte // sample with other than ASCII
}

// see looks at one value.
func (e *evidence) see(raw string) {
	if ascii(raw) {
		return
	}
	if len(e.first) == 0 {
		e.first = []byte(raw)
	}
	e.notUTF8 = e.notUTF8 || !utf8.ValidString(raw)
	if _, ok := gbk.decode(raw); !ok {
		e.notGBK = true
	}
	pairs, common := e.pairs, e.common
	defer func() {
		if e.pairs-pairs == e.common-common {
			either, lone := readsAsEither(raw)
			e.either, e.lone = e.either || either, e.lone || lone
		}
	}()
	for _, r := range raw {
		e.wide = e.wide || r > 0x7FF && r != utf8.RuneError
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] < 0x80 {
			continue
		}
		e.pairs++
		if i+1 < len(raw) {
			if commonGB(raw[i], raw[i+1]) {
				e.common++
			}
			i++
		}
	}
}

// readsAsEither reports a value that may be UTF-8 by accident, as some words in
// GBK are: two bytes a character, several in a row (either), or a single one
// without a letter near (lone). Accents stand singly among letters.
func readsAsEither(raw string) (either, lone bool) {
	if !utf8.ValidString(raw) {
		return false, false
	}
	run, letters := 0, false
	for i := 0; i < len(raw); i++ {
		if raw[i] < 0x80 {
			letters = letters || raw[i]|0x20 >= 'a' && raw[i]|0x20 <= 'z'
			run = 0
		} else if run++; run > 2 {
			return true, false
		}
	}
	return false, !letters
}

// commonGB reports a character of GB 2312 level one, its level two, or its
// punctuation and full-width forms. Big5 and Shift_JIS text of any length has
// second bytes outside this range, which is how they are told apart.
func commonGB(a, b byte) bool {
	return b >= 0xA1 && b <= 0xFE && (a >= 0xB0 && a <= 0xF7 || a == 0xA1 || a == 0xA3)
}

// verdict decides. Valid UTF-8 is never anything else by accident; GBK stays a
// guess, however good. ok false: ask.
func (e *evidence) verdict() (c charset, guessed, ok bool) {
	switch {
	case e.pairs == 0, !e.notUTF8 && (e.wide || !e.either):
		return utf8Charset, e.lone && !e.wide, true
	case !e.notUTF8:
		return charset{}, false, false
	case e.notGBK:
		return charset{}, false, false
	case e.pairs < 20:
		return gbk, true, e.common == e.pairs
	}
	return gbk, true, e.common*10 >= e.pairs*9
}

// namedCharset looks up what was asked for with --encoding.
func namedCharset(name string, fs *findings) (charset, error) {
	c, known := charsets[fold(name)]
	if !known {
		fs.add("encoding_name", 0, "", name)
		return charset{}, errRefused
	}
	return c, nil
}

// decodeShape finds the encoding of a dbf whose bytes come through unchanged,
// and makes the source give text.
func decodeShape(ctx context.Context, s *source, req Request, dir string, fs *findings) error {
	c, err := shapeCharset(ctx, s, req, dir, fs)
	if err != nil {
		return err
	}
	s.cut = make([]bool, len(s.heads))
	for i, h := range s.heads {
		s.cut[i] = len(h) >= 9
		text, _ := c.decode(h)
		if cut := strings.TrimRight(text, "\uFFFD"); len(h) >= 9 { // a name cut in the middle of a character
			text = cut
		}
		s.heads[i] = text
	}
	raw := s.each
	s.each = func(ctx context.Context, yield func(record) error) error {
		return raw(ctx, func(r record) error {
			for i, cell := range r.cells {
				text, ok := c.decode(strings.TrimRight(cell, "\x00"))
				if !ok {
					field := ""
					if i < len(s.heads) {
						field = s.heads[i]
					}
					fs.add("encoding_wrong", r.row, field, text, c.name)
				}
				r.cells[i] = text
			}
			return yield(r)
		})
	}
	return nil
}

// shapeCharset goes by what was asked, the .cpg, the dbf's own mark, and at
// last by the bytes.
func shapeCharset(ctx context.Context, s *source, req Request, dir string, fs *findings) (charset, error) {
	if req.Encoding != "" {
		return namedCharset(req.Encoding, fs)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "in.cpg")); err == nil && len(text) < 100 {
		if c, known := charsets[fold(string(bytes.TrimSpace(text)))]; known {
			return c, nil
		}
	}
	if c, known := charsets[languageDrivers[languageDriver(filepath.Join(dir, "in.dbf"))]]; known {
		return c, nil
	}
	var seen evidence
	for _, h := range s.heads {
		if len(h) < 9 {
			seen.see(h)
		}
	}
	err := s.each(ctx, func(r record) error {
		for _, cell := range r.cells {
			seen.see(strings.TrimRight(cell, "\x00"))
		}
		return nil
	})
	if err != nil {
		return charset{}, refuse(fs, "file_unreadable", err)
	}
	return settle(seen, fs)
}

// settle turns the evidence into a charset, with a finding where it is a guess.
func settle(seen evidence, fs *findings) (charset, error) {
	c, guessed, ok := seen.verdict()
	if !ok {
		fs.add("encoding_unknown", 0, "", string(seen.first), "it is not plainly UTF-8 and not plainly GBK")
		return charset{}, errRefused
	}
	if guessed {
		text, _ := c.decode(string(seen.first))
		fs.add("encoding_guessed", 0, "", text, c.name)
	}
	return c, nil
}

// languageDriver reads byte 29 of a dbf.
func languageDriver(path string) byte {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	var b [1]byte
	if _, err := f.ReadAt(b[:], 29); err != nil {
		return 0
	}
	return b[0]
}
