package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// bar shows how far a long work is, on a terminal only and only when it takes more than a second.
type bar struct {
	out   io.Writer // nil: not a terminal
	what  string
	began time.Time
	drawn time.Time
}

func newBar(out io.Writer, what string) *bar {
	b := &bar{what: what, began: time.Now()}
	if file, ok := out.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.out = out
		}
	}
	return b
}

// due tells whether it is time to draw.
func (b *bar) due() bool {
	now := time.Now()
	if b.out == nil || now.Sub(b.began) < time.Second || now.Sub(b.drawn) < 100*time.Millisecond {
		return false
	}
	b.drawn = now
	return true
}

// say shows how far a work is whose end nobody knows.
func (b *bar) say(how string) {
	if b.due() {
		fmt.Fprintf(b.out, "\r\033[K%s: %s", b.what, how)
	}
}

func (b *bar) set(done, total int) {
	if !b.due() {
		return
	}
	if total <= 0 {
		fmt.Fprintf(b.out, "\r%s: %d", b.what, done)
		return
	}
	full := min(30*done/total, 30)
	fmt.Fprintf(b.out, "\r%s [%s%s] %d %%", b.what, strings.Repeat("#", full), strings.Repeat(" ", 30-full), min(100*done/total, 100))
}

func (b *bar) end() {
	if b.out != nil && !b.drawn.IsZero() {
		fmt.Fprint(b.out, "\r\033[K")
	}
}
