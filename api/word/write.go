package word

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
)

// part is a file of the package.
type part struct{ name, body string }

// Write writes the document. It fails on a table whose cells do not fill its
// grid, naming the row.
func (d *Document) Write(w io.Writer) error {
	body, err := d.body()
	if err != nil {
		return err
	}
	pack := zip.NewWriter(w)
	for _, p := range []part{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRels}, {"docProps/core.xml", fmt.Sprintf(core, text(d.title), text(d.lang))},
		{"word/_rels/document.xml.rels", documentRels}, {"word/document.xml", body}, {"word/styles.xml", styles},
		{"word/fontTable.xml", fontTable}, {"word/settings.xml", settings},
	} {
		f, err := pack.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("word: %w", err)
		}
		if _, err := io.WriteString(f, head+p.body); err != nil {
			return fmt.Errorf("word: %w", err)
		}
	}
	if err := pack.Close(); err != nil {
		return fmt.Errorf("word: %w", err)
	}
	return nil
}

// body writes what stands on the pages.
func (d *Document) body() (string, error) {
	var out bytes.Buffer
	out.WriteString(`<w:document xmlns:w="` + space + `"><w:body>`)
	for i, block := range d.blocks {
		switch b := block.(type) {
		case *Paragraph:
			b.write(&out)
		case *Table:
			if err := b.write(&out); err != nil {
				return "", err
			}
			if _, twice := d.after(i).(*Table); twice || i == len(d.blocks)-1 { // two tables without anything between are one
				out.WriteString(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>`)
			}
		}
	}
	p := d.page
	turned := ""
	if p.Width > p.Height {
		turned = ` w:orient="landscape"`
	}
	fmt.Fprintf(&out, `<w:sectPr><w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="0" w:footer="0" w:gutter="0"/></w:sectPr></w:body></w:document>`,
		twips(p.Width), twips(p.Height), turned, twips(p.Top), twips(p.Right), twips(p.Bottom), twips(p.Left))
	return out.String(), nil
}

// after is the block that follows one; nil: none does.
func (d *Document) after(i int) any {
	if i+1 < len(d.blocks) {
		return d.blocks[i+1]
	}
	return nil
}

func (p *Paragraph) write(out *bytes.Buffer) {
	out.WriteString(`<w:p><w:pPr>`)
	if p.Heading > 0 {
		fmt.Fprintf(out, `<w:pStyle w:val="Heading%d"/>`, min(p.Heading, 3))
	}
	if p.KeepNext {
		out.WriteString(`<w:keepNext/>`)
	}
	if p.Before != 0 || p.After != 0 || p.Line != 0 || p.Heading == 0 {
		fmt.Fprintf(out, `<w:spacing w:before="%d" w:after="%d"%s/>`, points(p.Before, 20), points(p.After, 20), apart(p.Line))
	}
	p.Align.write(out)
	out.WriteString(`</w:pPr>`)
	for _, r := range p.Runs {
		r.write(out, 0)
	}
	out.WriteString(`</w:p>`)
}

func (a Align) write(out *bytes.Buffer) {
	if a != Start {
		fmt.Fprintf(out, `<w:jc w:val="%s"/>`, text(string(a)))
	}
}

// write writes a run; a line end in it begins a new line.
func (r *Run) write(out *bytes.Buffer, size float64) {
	if r.Size > 0 {
		size = r.Size
	}
	out.WriteString(`<w:r><w:rPr>`)
	if r.Bold {
		out.WriteString(`<w:rFonts w:eastAsia="` + headFont + `"/><w:b/>`)
	}
	if r.Color != "" {
		fmt.Fprintf(out, `<w:color w:val="%s"/>`, text(r.Color))
	}
	if size > 0 {
		half := points(size, 2)
		fmt.Fprintf(out, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, half, half)
	}
	out.WriteString(`</w:rPr>`)
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 {
			out.WriteString(`<w:br/>`)
		}
		out.WriteString(`<w:t xml:space="preserve">` + text(line) + `</w:t>`)
	}
	out.WriteString(`</w:r>`)
}

// write writes a table. Where a cell reaches down, the rows beneath have a
// field of the merge there that nobody wrote.
func (t *Table) write(out *bytes.Buffer) error {
	total := 0.0
	for _, w := range t.Widths {
		total += w
	}
	fmt.Fprintf(out, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, twips(total))
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(out, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="808080"/>`, side)
	}
	out.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range t.Widths {
		fmt.Fprintf(out, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	out.WriteString(`</w:tblGrid>`)
	above := make([]reach, len(t.Widths))
	for n := range t.Rows {
		if err := t.row(out, n, above); err != nil {
			return err
		}
	}
	for column, r := range above {
		if r.left > 0 {
			return fmt.Errorf("word: a cell of column %d reaches %d rows below the table", column+1, r.left)
		}
	}
	out.WriteString(`</w:tbl>`)
	return nil
}

// reach is how far a merged cell above reaches: rows left, and columns.
type reach struct{ left, across int }

func (t *Table) row(out *bytes.Buffer, n int, above []reach) error {
	out.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if n < t.Heads {
		out.WriteString(`<w:tblHeader/>`)
	}
	out.WriteString(`</w:trPr>`)
	cells := t.Rows[n].Cells
	for column := 0; column < len(t.Widths); {
		if r := &above[column]; r.left > 0 {
			r.left--
			t.cell(out, &Cell{Across: r.across}, column, `<w:vMerge/>`)
			column += r.across
			continue
		}
		if len(cells) == 0 {
			return fmt.Errorf("word: row %d of a table ends at column %d of %d", n+1, column, len(t.Widths))
		}
		c := cells[0]
		cells = cells[1:]
		c.Across, c.Down = max(1, c.Across), max(1, c.Down)
		if column+c.Across > len(t.Widths) {
			return fmt.Errorf("word: row %d of a table is wider than its %d columns", n+1, len(t.Widths))
		}
		merge := ""
		if c.Down > 1 {
			merge = `<w:vMerge w:val="restart"/>`
			above[column] = reach{c.Down - 1, c.Across}
		}
		t.cell(out, &c, column, merge)
		column += c.Across
	}
	if len(cells) > 0 {
		return fmt.Errorf("word: row %d of a table has %d cells too many", n+1, len(cells))
	}
	out.WriteString(`</w:tr>`)
	return nil
}

func (t *Table) cell(out *bytes.Buffer, c *Cell, column int, merge string) {
	width := 0.0
	for _, w := range t.Widths[column : column+c.Across] {
		width += w
	}
	fmt.Fprintf(out, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(width))
	if c.Across > 1 {
		fmt.Fprintf(out, `<w:gridSpan w:val="%d"/>`, c.Across)
	}
	out.WriteString(merge)
	if c.Fill != "" {
		fmt.Fprintf(out, `<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, text(c.Fill))
	}
	out.WriteString(`<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:before="0" w:after="0"` + apart(t.Line) + `/>`)
	c.Align.write(out)
	out.WriteString(`</w:pPr>`)
	for _, r := range c.Runs {
		r.write(out, t.Size)
	}
	out.WriteString(`</w:p></w:tc>`)
}

// apart is how far lines stand apart, where that is said.
func apart(line float64) string {
	if n := points(line, 20); n > 0 {
		return fmt.Sprintf(` w:line="%d" w:lineRule="exact"`, n)
	}
	return ""
}

// twips writes millimetres in twentieths of a point.
func twips(mm float64) int { return points(mm/25.4*72, 20) }

// points is a size in so many parts of a point; what is no size is zero.
func points(size float64, parts float64) int {
	n := math.Round(size * parts)
	if math.IsNaN(n) || n < 0 || n > 31_680*parts { // wider than any paper Word knows: 22 inches
		return 0
	}
	return int(n)
}

// text escapes what is text; what XML cannot hold becomes U+FFFD.
func text(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '"':
			out.WriteString("&quot;")
		case r < 0x20 && r != '\t' || r == 0xFFFE || r == 0xFFFF:
			out.WriteRune('\uFFFD')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
