package ingest

import (
	"fmt"
	"strings"
)

// Severity says what a finding does to the import.
type Severity string

// The severities. An error keeps its row out, and the whole file with it
// unless the good rows were asked for.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Finding is one thing that a reader of the report should know.
type Finding struct {
	File      string   `json:"file"`
	Row       int      `json:"row"` // as a person counts: spreadsheet row, or feature from 1; 0: the whole file
	Field     string   `json:"field"`
	Value     string   `json:"value"`
	Code      string   `json:"code"`
	Severity  Severity `json:"severity"`
	Message   string   `json:"message"`
	Mend      string   `json:"mend"`
	MessageZH string   `json:"message_zh"`
	MendZH    string   `json:"mend_zh"`
}

// String writes the finding as one line for a terminal.
func (f Finding) String() string {
	at := f.File
	if f.Row > 0 {
		at += fmt.Sprintf(" row %d", f.Row)
	}
	if f.Field != "" {
		at += " " + f.Field
	}
	return fmt.Sprintf("%s: %s: %s; mend: %s", at, f.Severity, f.Message, f.Mend)
}

// LayerCount says how many rows of a layer were read, kept and kept out.
type LayerCount struct {
	Layer    string `json:"layer"`
	Read     int    `json:"read"`
	Accepted int    `json:"accepted"`
	Rejected int    `json:"rejected"`
}

// Result is the report of an import.
type Result struct {
	Layers   []LayerCount `json:"layers"`
	Findings []Finding    `json:"findings"`
	Stored   bool         `json:"stored"` // false: nothing was stored
	Region   string       `json:"region"` // county the rows went to
	errors   int
}

// Failed reports whether an error was found. Without Partial nothing was
// stored then.
func (r *Result) Failed() bool { return r.errors > 0 }

// Errors returns how many error findings there were, listed or not.
func (r *Result) Errors() int { return r.errors }

const (
	maxFindings     = 200 // listed in all
	maxFindingsCode = 20  // listed of one code
	maxShown        = 200 // bytes of a value that are shown
)

// findings collects what was found about one file, listing the first of each
// kind and counting the rest.
type findings struct {
	file   string
	list   []Finding
	count  map[string]int
	listed map[string]int
	errors int
}

func newFindings(file string) *findings {
	return &findings{file: file, count: map[string]int{}, listed: map[string]int{}}
}

// add notes a finding of a code in the catalogue. extra fills the verbs of its
// message and its mend.
func (fs *findings) add(code string, row int, field, value string, extra ...any) {
	entry, known := catalogue[code]
	if !known {
		panic("ingest: finding without catalogue entry: " + code)
	}
	fs.count[code]++
	if entry.severity == SeverityError {
		fs.errors++
	}
	if fs.listed[code] >= maxFindingsCode || len(fs.list) >= maxFindings {
		return
	}
	fs.listed[code]++
	value = shown(value)
	fill := strings.NewReplacer("{field}", field, "{value}", value)
	fs.list = append(fs.list, Finding{
		File: fs.file, Row: row, Field: field, Value: value, Code: code, Severity: entry.severity,
		Message: withExtra(fill.Replace(entry.en), extra), Mend: withExtra(fill.Replace(entry.mend), extra),
		MessageZH: withExtra(fill.Replace(entry.zh), extra), MendZH: withExtra(fill.Replace(entry.mendZH), extra),
	})
}

// done returns the list with one closing line for each kind that was cut.
func (fs *findings) done() []Finding {
	out := append([]Finding{}, fs.list...) // never null in JSON
	for _, code := range catalogueOrder {
		if rest := fs.count[code] - fs.listed[code]; rest > 0 {
			entry := catalogue[code]
			out = append(out, Finding{
				File: fs.file, Code: code, Severity: entry.severity, Value: fmt.Sprint(rest),
				Message:   fmt.Sprintf("%d more of the same kind (%s)", rest, code),
				MessageZH: fmt.Sprintf("另有 %d 处同类问题 (%s)", rest, code),
				Mend:      "mend those listed and import again", MendZH: "修正所列各处后重新导入",
			})
		}
	}
	return out
}

func withExtra(message string, extra []any) string {
	for i, e := range extra {
		message = strings.ReplaceAll(message, fmt.Sprintf("{%d}", i), shown(fmt.Sprint(e)))
	}
	return message
}

// shown cuts a value for display, at a rune, and makes control characters visible.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "..."
}
