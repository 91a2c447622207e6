package orlib

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// maxToken is the most bytes that a number may be written with.
const maxToken = 40

// Error is a fault of a file. Line and Field count from 1; at the end of a file
// Value is empty.
type Error struct {
	File        string
	Line, Field int
	What        string // the number means this, as "capacity of site 3"
	Value       string
	Mend        string
}

func (e *Error) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s:%d: the file ends before the %s; %s", e.File, e.Line, e.What, e.Mend)
	}
	return fmt.Sprintf("%s:%d: field %d (%s) is %q; %s", e.File, e.Line, e.Field, e.What, e.Value, e.Mend)
}

// numbers takes a file apart. The first fault stays: all later numbers are zero.
type numbers struct {
	file string
	in   *bufio.Reader
	line int // of the number taken last
	next int // where the reader stands
	at   int // field in the line
	err  error
}

func newNumbers(file string, r io.Reader) *numbers {
	return &numbers{file: file, in: bufio.NewReader(r), line: 1, next: 1}
}

// token is the next word; "" at the end of the file.
func (n *numbers) token() string {
	var word []byte
	for {
		c, err := n.in.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			n.err = fmt.Errorf("%s:%d: %w", n.file, n.next, err)
			return ""
		}
		blank := c == ' ' || c == '\t' || c == '\r' || c == '\n'
		if blank && len(word) > 0 {
			_ = n.in.UnreadByte() // the byte just read
			break
		}
		if c == '\n' {
			n.next++
		}
		if !blank {
			word = append(word, c)
			if len(word) > maxToken {
				break
			}
		}
	}
	if n.line != n.next {
		n.line, n.at = n.next, 0
	}
	n.at++
	return printable(word)
}

// printable keeps what was read fit for an error message.
func printable(word []byte) string {
	if !utf8.Valid(word) {
		return strconv.QuoteToASCII(string(word))
	}
	return string(word)
}

func (n *numbers) fail(what, value, mend string) {
	if n.err == nil {
		n.err = &Error{File: n.file, Line: n.line, Field: n.at, What: what, Value: value, Mend: mend}
	}
}

// whole takes a whole number from low to high.
func (n *numbers) whole(low, high int64, format string, args ...any) int64 {
	if n.err != nil {
		return 0
	}
	word := n.token()
	if n.err != nil {
		return 0
	}
	v, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		// Some copies write whole numbers with a point: 7500.
		f, errFloat := strconv.ParseFloat(word, 64)
		if errFloat != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			n.fail(fmt.Sprintf(format, args...), word, fmt.Sprintf("write a whole number from %d to %d", low, high))
			return 0
		}
		v = int64(f)
	}
	if v < low || v > high {
		n.fail(fmt.Sprintf(format, args...), word, fmt.Sprintf("write a whole number from %d to %d", low, high))
		return 0
	}
	return v
}

// number takes a number that need not be whole, from 0 to high.
func (n *numbers) number(high float64, format string, args ...any) float64 {
	if n.err != nil {
		return 0
	}
	word := n.token()
	if n.err != nil {
		return 0
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || !(v >= 0 && v <= high) {
		n.fail(fmt.Sprintf(format, args...), word, fmt.Sprintf("write a number from 0 to %g", high))
		return 0
	}
	return v
}

// end makes sure that nothing is left.
func (n *numbers) end(counts string) error {
	if n.err == nil {
		if word := n.token(); word != "" {
			n.fail("after the last number", word, "correct "+counts+" at the head, or take away what is too much")
		}
	}
	return n.err
}
