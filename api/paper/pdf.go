package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// WritePDF writes all pages as a PDF of version 1.7. The same calls give the same bytes.
func (s *Sheet) WritePDF(w io.Writer) error {
	d := &document{covers: map[uint8]string{}, subsets: map[*face]*subset{}, names: map[*face]string{}}
	catalogue, tree, resources := d.reserve(), d.reserve(), d.reserve()
	var kids bytes.Buffer
	for _, p := range s.pages {
		content := d.stream("", s.content(d, p))
		page := d.reserve()
		d.put(page, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
			tree, decimal(p.width/point), decimal(p.height/point), resources, content))
		fmt.Fprintf(&kids, "%d 0 R ", page)
	}
	d.put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(s.pages), kids.Bytes()))
	d.put(catalogue, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>", tree))
	d.put(resources, d.resources())
	info := d.reserve()
	d.put(info, fmt.Sprintf("<</Title<%s>/Producer(Qiantu)>>", utf16Hex(s.Title)))
	return d.write(w, catalogue, info)
}

// document collects the numbered objects of a PDF.
type document struct {
	objects [][]byte // the object numbered i+1
	covers  map[uint8]string
	shades  []uint8 // the covers in the order of their use
	subsets map[*face]*subset
	names   map[*face]string
	faces   []*face // in the order of their use
}

func (d *document) reserve() int {
	d.objects = append(d.objects, nil)
	return len(d.objects)
}

func (d *document) put(number int, body string) { d.objects[number-1] = []byte(body) }

// stream adds a compressed stream with more entries in its dictionary.
func (d *document) stream(entries string, body []byte) int {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(body) // a buffer takes all
	_ = z.Close()
	number := d.reserve()
	d.put(number, fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", entries, packed.Len(), packed.Bytes()))
	return number
}

// cover is the name of the state in which colours cover by a share of 255.
func (d *document) cover(a uint8) string {
	name := d.covers[a]
	if name == "" {
		name = fmt.Sprintf("A%d", a)
		d.covers[a] = name
		d.shades = append(d.shades, a)
	}
	return name
}

// font is the name of a face in the pages and its signs used so far.
func (d *document) font(f *face) (string, *subset) {
	if d.subsets[f] == nil {
		d.subsets[f] = newSubset(f)
		d.names[f] = fmt.Sprintf("F%d", len(d.faces)+1)
		d.faces = append(d.faces, f)
	}
	return d.names[f], d.subsets[f]
}

func (d *document) resources() string {
	var out bytes.Buffer
	out.WriteString("<</ExtGState<<")
	for _, a := range d.shades {
		share := decimal(float64(a) / 255)
		fmt.Fprintf(&out, "/%s<</ca %s/CA %s>>", d.covers[a], share, share)
	}
	out.WriteString(">>/Font<<")
	for _, f := range d.faces {
		fmt.Fprintf(&out, "/%s %d 0 R", d.names[f], d.embed(d.subsets[f]))
	}
	out.WriteString(">>>>")
	return out.String()
}

// embed adds a subset as a composite font: its shapes, the widths of its signs and which sign each of them is.
func (d *document) embed(s *subset) int {
	sum := sha256.Sum256([]byte(string(s.signs)))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	name := string(tag) + "+" + s.face.name
	shapes := d.stream("/Subtype/CIDFontType0C", s.cff(name))
	unicode := d.stream("", s.unicode())
	box := s.bounds()
	descriptor := d.reserve()
	d.put(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 733/StemV 80/FontFile3 %d 0 R>>",
		name, box[0], box[1], box[2], box[3], shapes))
	descendant := d.reserve()
	d.put(descendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[0[%s]]/FontDescriptor %d 0 R>>",
		name, s.widths(), descriptor))
	font := d.reserve()
	d.put(font, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, descendant, unicode))
	return font
}

func (s *subset) widths() string {
	var out []byte
	for n := range s.signs {
		out = append(strconv.AppendInt(out, int64(s.glyph(n).advance), 10), ' ')
	}
	return string(out)
}

// unicode is the table from the numbers of signs to the signs themselves, at most a hundred to a block as the format wants it.
func (s *subset) unicode() []byte {
	var out bytes.Buffer
	out.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for from := 1; from < len(s.signs); from += 100 {
		to := min(from+100, len(s.signs))
		fmt.Fprintf(&out, "%d beginbfchar\n", to-from)
		for n := from; n < to; n++ {
			fmt.Fprintf(&out, "<%04X> <%s>\n", n, signHex(s.signs[n]))
		}
		out.WriteString("endbfchar\n")
	}
	out.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return out.Bytes()
}

// utf16Hex is a text as a PDF has it in its entries: UTF-16 with a mark of its byte order, in hexadecimal.
func utf16Hex(text string) string {
	out := "FEFF"
	for _, r := range text {
		out += signHex(r)
	}
	return out
}

func signHex(r rune) string {
	out := ""
	for _, unit := range utf16.Encode([]rune{r}) {
		out += fmt.Sprintf("%04X", unit)
	}
	return out
}

// write puts the objects out with the table of their places. The file's name for itself is made of its contents.
func (d *document) write(w io.Writer, catalogue, info int) error {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xE8\xBF\x81\xE9\n")
	places := make([]int, len(d.objects))
	for i, body := range d.objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	id := sha256.Sum256(out.Bytes())
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(places)+1, catalogue, info, id[:16], id[:16], table)
	_, err := w.Write(out.Bytes())
	return err
}

// decimal is a number with at most three digits after the point: a thousandth of a millimetre is finer than any printer.
func decimal(v float64) string {
	text := strconv.FormatFloat(v, 'f', 3, 64)
	text = string(bytes.TrimRight([]byte(text), "0"))
	text = string(bytes.TrimRight([]byte(text), "."))
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}
