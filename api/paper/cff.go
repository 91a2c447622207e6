package paper

import "encoding/binary"

// subset is the signs of one face that a document uses, in the order of their first use, which is their number in the font.
type subset struct {
	face  *face
	signs []rune // the first, number 0, is the sign for a missing one
	index map[rune]int
}

func newSubset(f *face) *subset {
	return &subset{face: f, signs: []rune{0}, index: map[rune]int{0: 0}}
}

func (s *subset) number(r rune) int {
	if n, have := s.index[r]; have {
		return n
	}
	n := len(s.signs)
	s.signs = append(s.signs, r)
	s.index[r] = n
	return n
}

func (s *subset) glyph(n int) *glyph {
	if n == 0 {
		return &glyph{advance: 1000}
	}
	return s.face.glyph(s.signs[n])
}

// bounds is the box around all signs, in thousandths.
func (s *subset) bounds() (box [4]int) {
	for n := range s.signs {
		for _, c := range s.glyph(n).curves {
			for _, p := range c.at {
				box = [4]int{min(box[0], p[0]), min(box[1], p[1]), max(box[2], p[0]), max(box[3], p[1])}
			}
		}
	}
	return box
}

// Operators of a DICT (Adobe technical note 5176, appendix A); those of two bytes begin with 12.
const (
	opROS      = 12<<8 | 30
	opCount    = 12<<8 | 34
	opArray    = 12<<8 | 36
	opSelect   = 12<<8 | 37
	opBox      = 5
	opCharset  = 15
	opStrings  = 17
	opPrivate  = 18
	opDefault  = 20
	opNominal  = 21
	firstOwnID = 391 // number of the first string that is not a standard one
)

// cff is the subset as a CID-keyed CFF font (Adobe technical note 5176): shapes without hints, number in the font = CID.
func (s *subset) cff(name string) []byte {
	head := []byte{1, 0, 4, 4}
	names := index([][]byte{[]byte(name)})
	strings := index([][]byte{[]byte("Adobe"), []byte("Identity")})
	subroutines := index(nil)
	charset := append([]byte{2}, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, 1), uint16(max(len(s.signs)-2, 0)))...)
	chosen := []byte{3, 0, 1, 0, 0, 0, byte(len(s.signs) >> 8), byte(len(s.signs))}
	shapes := index(s.charstrings())
	private := dict(opDefault, 1000)
	private = append(private, dict(opNominal, 0)...)

	// offsets are numbers of a fixed length, so the length of the top DICT is known before they are
	start := len(head) + len(names) + len(index([][]byte{s.top(0, 0, 0, 0)})) + len(strings) + len(subroutines)
	atCharset := start
	atChosen := atCharset + len(charset)
	atShapes := atChosen + len(chosen)
	atPrivate := atShapes + len(shapes)
	atArray := atPrivate + len(private)
	fonts := index([][]byte{dict(opPrivate, len(private), atPrivate)})

	out := append(head, names...)
	out = append(out, index([][]byte{s.top(atCharset, atChosen, atShapes, atArray)})...)
	for _, part := range [][]byte{strings, subroutines, charset, chosen, shapes, private, fonts} {
		out = append(out, part...)
	}
	return out
}

func (s *subset) top(charset, chosen, shapes, array int) []byte {
	box := s.bounds()
	top := dict(opROS, firstOwnID, firstOwnID+1, 0)
	top = append(top, dict(opBox, box[:]...)...)
	top = append(top, dict(opCount, len(s.signs))...)
	top = append(top, dict(opCharset, charset)...)
	top = append(top, dict(opStrings, shapes)...)
	top = append(top, dict(opArray, array)...)
	return append(top, dict(opSelect, chosen)...)
}

// dict is one entry of a DICT: operands, each in the five bytes that any number fits into, and the operator.
func dict(op int, operands ...int) []byte {
	var out []byte
	for _, v := range operands {
		out = binary.BigEndian.AppendUint32(append(out, 29), uint32(int32(v)))
	}
	if op > 255 {
		out = append(out, byte(op>>8))
	}
	return append(out, byte(op))
}

// index is an INDEX: how many, where each begins, and the bytes of all.
func index(items [][]byte) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(items)))
	if len(items) == 0 {
		return out
	}
	out = append(out, 4) // bytes of an offset
	at := uint32(1)
	out = binary.BigEndian.AppendUint32(out, at)
	for _, item := range items {
		at += uint32(len(item))
		out = binary.BigEndian.AppendUint32(out, at)
	}
	for _, item := range items {
		out = append(out, item...)
	}
	return out
}

func (s *subset) charstrings() [][]byte {
	out := make([][]byte, len(s.signs))
	for n := range s.signs {
		out[n] = s.glyph(n).charstring()
	}
	return out
}

// Operators of a charstring (Adobe technical note 5177).
const (
	opMove  = 21
	opLine  = 5
	opCurve = 8
	opEnd   = 14
)

// charstring is the glyph as a Type 2 charstring. The width comes before the first operator.
func (g *glyph) charstring() []byte {
	out := number(nil, g.advance)
	last := [2]int{}
	step := func(p [2]int) {
		out = number(number(out, p[0]-last[0]), p[1]-last[1])
		last = p
	}
	for _, c := range g.curves {
		step(c.at[0])
		switch c.kind {
		case moveTo:
			out = append(out, opMove)
		case lineTo:
			out = append(out, opLine)
		case cubeTo:
			step(c.at[1])
			step(c.at[2])
			out = append(out, opCurve)
		}
	}
	return append(out, opEnd)
}

// number appends an operand of a charstring in its shortest form.
func number(out []byte, v int) []byte {
	switch {
	case v >= -107 && v <= 107:
		return append(out, byte(v+139))
	case v >= 108 && v <= 1131:
		v -= 108
		return append(out, byte(v>>8+247), byte(v))
	case v >= -1131 && v <= -108:
		v = -v - 108
		return append(out, byte(v>>8+251), byte(v))
	}
	v = min(max(v, -32768), 32767)
	return append(out, 28, byte(v>>8), byte(v))
}
