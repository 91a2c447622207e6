package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"io"
	"math"
)

// stripRows is how many rows of pixels are held at a time.
const stripRows = 256

// MaxPixels is the most a picture may hold: A0 at 300 dpi and a margin.
const MaxPixels = 160_000_000

// WritePNG draws one page (the first is 0) as a picture of so many dots to the inch on white, strip by strip.
func (s *Sheet) WritePNG(w io.Writer, page int, dpi float64) error {
	if page < 0 || page >= len(s.pages) {
		return fmt.Errorf("paper: page %d of %d", page, len(s.pages))
	}
	p := s.pages[page]
	wide, high := int(math.Round(p.width/25.4*dpi)), int(math.Round(p.height/25.4*dpi))
	if !(dpi > 0) || wide < 1 || high < 1 || wide > MaxPixels/high {
		return fmt.Errorf("paper: a picture of %g by %g mm at %g dpi has no or too many pixels (at most %d)", p.width, p.height, dpi, MaxPixels)
	}
	out := pngWriter{w: w}
	out.head(wide, high, dpi)
	brush := newBrush(s.fonts, p, dpi)
	for top := 0; top < high && out.err == nil; top += stripRows {
		strip := image.NewRGBA(image.Rect(0, top, wide, min(top+stripRows, high)))
		draw.Draw(strip, strip.Bounds(), image.White, image.Point{}, draw.Src)
		brush.paint(strip)
		out.rows(strip)
	}
	return out.end()
}

// pngWriter writes a picture row by row. The standard library's wants the whole of it, and writes no resolution.
type pngWriter struct {
	w      io.Writer
	packed bytes.Buffer
	zip    *zlib.Writer
	last   []byte // the row above, which the next one is written against
	err    error
}

func (p *pngWriter) chunk(kind string, body []byte) {
	if p.err != nil {
		return
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	head = append(append(head, kind...), body...)
	head = binary.BigEndian.AppendUint32(head, crc32.ChecksumIEEE(head[4:]))
	_, p.err = p.w.Write(head)
}

func (p *pngWriter) head(wide, high int, dpi float64) {
	_, p.err = io.WriteString(p.w, "\x89PNG\r\n\x1a\n")
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(wide)), uint32(high))
	p.chunk("IHDR", append(size, 8, 2, 0, 0, 0)) // 8 bits of red, green and blue
	metre := uint32(math.Round(dpi / 0.0254))
	p.chunk("pHYs", append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, metre), metre), 1))
	p.zip = zlib.NewWriter(&p.packed)
	p.last = make([]byte, 3*wide)
}

// rows appends the rows of a strip, each as its difference from the row above: most of a map is the same as what lies over it.
func (p *pngWriter) rows(strip *image.RGBA) {
	wide := strip.Rect.Dx()
	row, line := make([]byte, 3*wide), make([]byte, 1+3*wide)
	line[0] = 2
	for y := range strip.Rect.Dy() {
		from := strip.Pix[y*strip.Stride:]
		for x := range wide {
			copy(row[3*x:3*x+3], from[4*x:4*x+3])
		}
		for i, v := range row {
			line[1+i] = v - p.last[i]
		}
		_, err := p.zip.Write(line)
		p.err = errors.Join(p.err, err)
		copy(p.last, row)
	}
	p.flush()
}

func (p *pngWriter) flush() {
	if p.packed.Len() > 0 {
		p.chunk("IDAT", p.packed.Bytes())
		p.packed.Reset()
	}
}

func (p *pngWriter) end() error {
	if p.err == nil {
		p.err = p.zip.Close()
	}
	p.flush()
	p.chunk("IEND", nil)
	return p.err
}
