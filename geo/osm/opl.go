package osm

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// object is one line of OPL: a node or a way. Lines have fields with a blank
// between them, each begun by a letter that says which.
type object struct {
	kind    byte // 'n' or 'w'
	id      int64
	tags    tags
	nodes   []int64 // of a way
	point   orb.Point
	located bool // a node with coordinates on the earth
}

// tags in the order of the file.
type tags []tag

type tag struct{ key, value string }

// get is the value of a key, "" where there is none.
func (t tags) get(key string) string {
	for i := range t {
		if t[i].key == key {
			return t[i].value
		}
	}
	return ""
}

// parseLine reads a line without its end. It takes what osmium writes without
// metadata, and nothing else.
func parseLine(line []byte) (object, error) {
	head, rest, _ := bytes.Cut(line, []byte{' '})
	var o object
	if len(head) < 2 || head[0] != 'n' && head[0] != 'w' {
		return o, fmt.Errorf("%.40q is no node or way", line)
	}
	var err error
	o.kind = head[0]
	if o.id, err = strconv.ParseInt(string(head[1:]), 10, 64); err != nil {
		return o, fmt.Errorf("%.40q has no id", line)
	}
	var x, y []byte
	seen := map[byte]bool{}
	for len(rest) > 0 {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte{' '})
		if len(field) == 0 || seen[field[0]] {
			return o, fmt.Errorf("%c%d has an empty or repeated field", o.kind, o.id)
		}
		letter, value := field[0], field[1:]
		seen[letter] = true
		switch {
		case letter == 'T':
			o.tags, err = parseTags(value)
		case letter == 'N' && o.kind == 'w':
			o.nodes, err = parseNodes(value)
		case letter == 'x' && o.kind == 'n':
			x = value
		case letter == 'y' && o.kind == 'n':
			y = value
		default:
			err = fmt.Errorf("unknown field %.20q", field)
		}
		if err != nil {
			return o, fmt.Errorf("%c%d: %w", o.kind, o.id, err)
		}
	}
	return o, o.locate(x, y)
}

// locate reads coordinates; a node without any is one that was deleted.
func (o *object) locate(x, y []byte) error {
	if len(x) == 0 && len(y) == 0 {
		return nil
	}
	lon, err1 := strconv.ParseFloat(string(x), 64)
	lat, err2 := strconv.ParseFloat(string(y), 64)
	if err1 != nil || err2 != nil {
		return fmt.Errorf("n%d: %.20q %.20q are no coordinates", o.id, x, y)
	}
	o.point = orb.Point{lon, lat}
	o.located = lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90
	return nil
}

func parseNodes(s []byte) ([]int64, error) {
	if len(s) == 0 {
		return nil, nil
	}
	out := make([]int64, 0, bytes.Count(s, []byte{','})+1)
	for len(s) > 0 || len(out) == 0 {
		item, rest, more := bytes.Cut(s, []byte{','})
		if len(item) < 2 || item[0] != 'n' || more && len(rest) == 0 {
			return nil, fmt.Errorf("%.20q is no node reference", item)
		}
		id, err := strconv.ParseInt(string(item[1:]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%.20q is no node reference", item)
		}
		out, s = append(out, id), rest
	}
	return out, nil
}

func parseTags(s []byte) (tags, error) {
	if len(s) == 0 {
		return nil, nil
	}
	out := make(tags, 0, bytes.Count(s, []byte{','})+1)
	for more := true; more; {
		var item []byte
		item, s, more = bytes.Cut(s, []byte{','})
		k, v, ok := bytes.Cut(item, []byte{'='})
		if !ok || bytes.IndexByte(v, '=') >= 0 {
			return nil, fmt.Errorf("%.40q is no tag", item)
		}
		key, err := unescape(k)
		if err != nil {
			return nil, err
		}
		value, err := unescape(v)
		if err != nil {
			return nil, err
		}
		out = append(out, tag{key, value})
	}
	return out, nil
}

// unescape turns %hex% into characters. Characters that a database or a
// screen cannot hold (control characters, broken UTF-8) are dropped.
func unescape(s []byte) (string, error) {
	var out strings.Builder
	for len(s) > 0 {
		plain, rest, escaped := bytes.Cut(s, []byte{'%'})
		out.Write(plain)
		if !escaped {
			break
		}
		code, after, ended := bytes.Cut(rest, []byte{'%'})
		n, err := strconv.ParseUint(string(code), 16, 32)
		if !ended || err != nil || n > utf8.MaxRune {
			return "", fmt.Errorf("%.20q is no escaped character", rest)
		}
		out.WriteRune(rune(n))
		s = after
	}
	return clean(out.String()), nil
}

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
