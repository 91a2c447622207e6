// Package word writes documents that every office edits: Office Open XML
// (ISO/IEC 29500, .docx) with page setup, headings, paragraphs, and tables with
// merged heads that repeat on every page.
//
// The same document gives the same bytes: nothing of it is of a clock or of
// chance. Fonts are named, never embedded; each is named with others that may
// stand in its place. Lengths are millimetres, sizes of type points.
package word

// Page is how large the paper is, and its margins.
type Page struct {
	Width, Height            float64 // as it is held: A4 landscape is 297 wide
	Left, Right, Top, Bottom float64
}

// A4 is a page of A4, held upright, with the margins that offices take.
func A4() Page { return Page{210, 297, 18, 18, 15, 12} }

// Landscape is the same paper held crosswise.
func (p Page) Landscape() Page { return Page{p.Height, p.Width, p.Top, p.Bottom, p.Left, p.Right} }

// Room is how wide a line may be.
func (p Page) Room() float64 { return p.Width - p.Left - p.Right }

// Align is where the lines of a paragraph stand.
type Align string

// The alignments.
const (
	Start  Align = "" // the left
	Center Align = "center"
	End    Align = "end"
)

// Run is text in one hand.
type Run struct {
	Text  string
	Bold  bool
	Size  float64 // points; zero: that of the paragraph's kind
	Color string  // as C0392B; empty: that of the text
}

// Paragraph is one of running text; the zero one is an empty line.
type Paragraph struct {
	Runs          []Run
	Align         Align
	Before, After float64 // points
	Heading       int     // 1 to 3: a heading of that level; 0: none
	Line          float64 // points from line to line; zero: as the font has it, which differs from machine to machine
	KeepNext      bool    // on the same page as what follows
}

// Table is a grid of cells.
type Table struct {
	Widths []float64 // of its columns
	Size   float64   // points; zero: that of the text
	Line   float64   // as of a paragraph
	Rows   []Row
	Heads  int // so many rows are said again on every page
}

// Row is one row of a table: cells from the left, without those that a cell
// above reaches down into.
type Row struct{ Cells []Cell }

// Cell is one field of a table, or several merged.
type Cell struct {
	Runs   []Run
	Align  Align
	Across int    // columns it takes; zero: one
	Down   int    // rows it takes; zero: one
	Fill   string // as F7F4EC; empty: none
}

// Document is made from its head to its end, then written.
type Document struct {
	page   Page
	title  string
	lang   string // of the text, as zh-CN
	blocks []any  // *Paragraph, *Table
}

// New begins a document; the title is that of its properties.
func New(page Page, title, lang string) *Document {
	return &Document{page: page, title: title, lang: lang}
}

// Add puts a paragraph at the end.
func (d *Document) Add(p Paragraph) { d.blocks = append(d.blocks, &p) }

// AddTable puts a table at the end.
func (d *Document) AddTable(t Table) { d.blocks = append(d.blocks, &t) }

// Text is a run in the hand of its paragraph.
func Text(s string) []Run { return []Run{{Text: s}} }

// Strong is a run in bold.
func Strong(s string) []Run { return []Run{{Text: s, Bold: true}} }
