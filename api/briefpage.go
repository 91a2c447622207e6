package api

import (
	"math"
	"strings"

	"github.com/qiantu/qiantu/api/word"
	"github.com/qiantu/qiantu/planner"
)

// briefPage is a brief in words: what Word and paper have in common.
type briefPage struct {
	lang         Lang
	title, about string
	figures      [][5]string // name, value, base, unknown, change
	red          []redRow
	below        string // under the table: how many more
	more         int
	decisions    []decideRow
	notice       string
}

type redRow struct{ level, place, levelName, rate, lag, left, why, who, phone string }

type decideRow struct{ text, lead string }

func (b *Brief) page(lang Lang) *briefPage {
	r := &b.Snapshot.Region
	p := &briefPage{lang: lang, title: lang.say("title", lang.named(r.Name, r.NameEN)), about: b.about(lang), notice: lang.named(r.Notice, r.NoticeEN)}
	earlier, later := b.ends()
	for _, f := range b.Figures {
		p.figures = append(p.figures, figureWords(f, earlier, later, lang))
	}
	en := map[string]string{}
	for _, t := range b.Snapshot.Townships {
		en[t.Code] = t.NameEN
	}
	for i := range b.Red {
		p.red = append(p.red, b.redRow(&b.Red[i], en[b.Red[i].Code], lang))
	}
	if p.more = b.More(); p.more > 0 {
		p.below = lang.say("more", p.more)
	} else if len(p.red) == 0 {
		p.below = lang.say("calm")
	}
	for i := range b.Decisions {
		d := &b.Decisions[i]
		row := decideRow{text: b.sentence(d, lang)}
		if d.Who != "" && d.Code != "dispute" {
			row.lead = lang.say("lead", strings.TrimSpace(d.Who+" "+d.Phone))
		}
		p.decisions = append(p.decisions, row)
	}
	return p
}

// about says of which day and state the page is, and how long there is left.
func (b *Brief) about(lang Lang) string {
	text := lang.say("about", b.Snapshot.AsOf, b.at.revision)
	if known := knownAt(b.at); known != nil {
		text += lang.say("known", *known)
	}
	if days := b.DaysLeft(); days != nil {
		key, n := "deadline_left", *days
		if n < 0 {
			key, n = "deadline_past", -n
		}
		text += lang.say(key, lang.named(b.Programme.Name, b.Programme.NameEN), b.Programme.Deadline, n)
	}
	return text
}

func (b *Brief) redRow(t *planner.WallTownship, en string, lang Lang) redRow {
	level := levelNames[t.Level]
	out := redRow{
		level: level, place: lang.named(t.Name, en), levelName: lang.say("level." + level), rate: decimals(100*float64(t.Completed)/float64(t.Planned), 2),
		lag: decimals(-float64(t.LagPPM())/1e4, 2), left: decimals(float64(t.Left())/1e6, 2), why: b.why(t, lang), who: lang.say("nobody"),
	}
	if t.Name == "unassigned" {
		out.place = lang.say("unassigned")
	}
	if t.Holder != nil {
		out.who, out.phone = t.Holder.Person, t.Holder.Phone
		if t.Holder.Post != "" && lang == Chinese {
			out.who += "（" + t.Holder.Post + "）"
		}
	}
	return out
}

// figureWords are the cells of a big figure: it never stands without its base.
func figureWords(f planner.WallFigure, earlier, later *wallOf, lang Lang) [5]string {
	none := lang.say("none")
	out := [5]string{lang.say("figure." + f.Name), none, none, none, none}
	if f.Figure == nil || f.Figure.Masked {
		return out
	}
	amount := func(n int64, basis planner.Unit) string {
		if basis == planner.UnitKM {
			return decimals(float64(n)/1e6, 2)
		}
		return threes(n)
	}
	unit := lang.say("unit." + string(f.Figure.Basis))
	if f.Figure.Value != nil && f.Figure.Unit == planner.UnitPercent {
		out[1] = decimals(*f.Figure.Value, 2) + " %"
	} else if f.Figure.Value != nil {
		out[1] = lang.say("plain", amount(f.Figure.Numerator, f.Figure.Basis), unit)
	}
	if f.Figure.Denominator != nil {
		out[2] = lang.say("of", amount(f.Figure.Numerator, f.Figure.Basis), amount(*f.Figure.Denominator, f.Figure.Basis), unit)
	}
	out[3] = lang.say("plain", amount(f.Figure.Unknown, f.Figure.Basis), unit)
	if earlier == nil || later == nil {
		return out
	}
	if moved := changeOf(earlier.named(f.Name), later.named(f.Name)); moved != nil {
		out[4] = changeWords(*moved, f.Figure.Unit, lang)
	}
	return out
}

func changeWords(moved float64, unit planner.Unit, lang Lang) string {
	text := decimals(moved, 2)
	if unit != planner.UnitPercent {
		text = decimals(moved, 0)
	}
	if strings.Trim(text, "-0.") == "" {
		return lang.say("unmoved")
	}
	if moved > 0 {
		text = "+" + text
	}
	if unit == planner.UnitPercent {
		return lang.say("points", text)
	}
	return lang.say("plain", text, lang.say("unit."+string(unit)))
}

// levelInk are the colours of the levels in print; their names stand beside.
var levelInk = map[string]string{"red": "C0392B", "orange": "B25E15", "yellow": "7A6200", "blue": "2F6699", "none": "1D2226"}

// levelFill are what lies behind their names.
var levelFill = map[string]string{"red": "F0CECA", "orange": "F7E3D0", "yellow": "F9F1D1", "blue": "DBE9F6"}

// heads are the two rows above the table of townships: a merged head over the
// three measures, as on the sheets that circulate.
func (p *briefPage) heads() (upper, lower []string) {
	l := p.lang
	return []string{l.say("head.place"), l.say("head.level"), l.say("head.progress"), l.say("head.why"), l.say("head.who"), l.say("head.phone")},
		[]string{l.say("head.rate"), l.say("head.lag"), l.say("head.left")}
}

// briefWidths are the columns of the table of townships, briefFigures those of
// the figures; millimetres of the 174 that A4 has room for.
var (
	briefWidths  = []float64{29, 15, 14, 15, 14, 37, 23, 27}
	briefFigures = []float64{46, 24, 46, 27, 31}
)

// The sizes of the document's type, in points. Lines stand a quarter of it
// apart, whatever font is there, so that one page is one page everywhere.
const (
	titleSize    = 17.0
	aboutSize    = 9.5
	partSize     = 12.0
	textSize     = 10.5
	redSize      = 9.0
	noticeSize   = 8.0
	briefLeading = 1.25
	partBefore   = 6.0
	briefHigh    = 255 / 25.4 * 72 // points; A4 less its margins, and a line to spare
)

// word is the page as a document, with as many townships as it has room for.
func (p *briefPage) word() *word.Document {
	p = p.fitted()
	d := word.New(word.A4(), p.title, string(p.lang))
	part := func(key string) {
		d.Add(word.Paragraph{Heading: 2, Before: partBefore, After: 2, Line: partSize * briefLeading, Runs: word.Text(p.lang.say(key))})
	}
	d.Add(word.Paragraph{Heading: 1, Line: titleSize * briefLeading, Runs: []word.Run{{Text: p.title, Size: titleSize}}})
	d.Add(word.Paragraph{Align: word.Center, After: 4, Line: aboutSize * briefLeading, Runs: []word.Run{{Text: p.about, Size: aboutSize}}})
	part("part.figures")
	d.AddTable(p.figureTable())
	part("part.red")
	if len(p.red) > 0 {
		d.AddTable(p.redTable())
	}
	if p.below != "" {
		d.Add(word.Paragraph{Before: 2, Line: aboutSize * briefLeading, Runs: []word.Run{{Text: p.below, Size: aboutSize}}})
	}
	part("part.decide")
	for i, row := range p.decisions {
		runs := []word.Run{{Text: itemNumber(i) + row.text, Size: textSize}}
		if row.lead != "" {
			runs = append(runs, word.Run{Text: p.lang.say("stop") + row.lead, Bold: true, Size: textSize})
		}
		d.Add(word.Paragraph{After: 2, Line: textSize * briefLeading, Runs: runs})
	}
	if p.notice != "" {
		d.Add(word.Paragraph{Before: 4, Line: noticeSize * briefLeading, Runs: []word.Run{{Text: p.notice, Size: noticeSize, Color: "5B636B"}}})
	}
	return d
}

// fitted is the page with the last townships left to the wall, where a sheet of
// A4 has no room for all.
func (p *briefPage) fitted() *briefPage {
	out := *p
	for len(out.red) > 1 && out.high() > briefHigh {
		out.red = out.red[:len(out.red)-1]
		out.below = p.lang.say("more", p.more+len(p.red)-len(out.red))
	}
	return &out
}

// high is about how high the document is, in points; rather more than less.
func (p *briefPage) high() float64 {
	text := func(s string, width, size float64) float64 {
		return float64(wrapped(s, width, size)) * size * briefLeading
	}
	const room = a4Width - 2*briefLeft
	sum := text(p.title, room, titleSize) + text(p.about, room, aboutSize) + 7 + 3*(partBefore+2+partSize*briefLeading)
	row := func(widths []float64, size float64, cells ...string) {
		high := 0.0
		for i, cell := range cells {
			high = max(high, text(cell, widths[i]-2.2, size))
		}
		sum += high + 1
	}
	for _, f := range p.figures {
		row(briefFigures, textSize, f[:]...)
	}
	sum += textSize*briefLeading + 1
	if len(p.red) > 0 {
		sum += 5 * redSize * briefLeading // the heads, whose words break over lines
	}
	for _, r := range p.red {
		row(briefWidths, redSize, r.place, r.levelName, r.rate, r.lag, r.left, r.why, r.who, r.phone)
	}
	sum += 2 + text(p.below, room, aboutSize)
	for i, d := range p.decisions {
		sum += 2 + text(itemNumber(i)+d.text+p.lang.say("stop")+d.lead, room, textSize)
	}
	return sum + 4 + text(p.notice, room, noticeSize)
}

// wrapped is about how many lines a text takes: Chinese signs are as wide as
// high, others somewhat more than half, and words that do not fit leave a gap.
func wrapped(s string, width, size float64) int {
	if s == "" {
		return 0
	}
	wide := 0.0
	for _, r := range s {
		if r > 0x2E7F {
			wide++
		} else {
			wide += 0.58
		}
	}
	return int(math.Ceil(wide * size * 25.4 / 72 / width))
}

func (p *briefPage) figureTable() word.Table {
	l := p.lang
	t := word.Table{Widths: briefFigures, Size: textSize, Line: textSize * briefLeading, Heads: 1}
	var head word.Row
	for _, key := range []string{"figure", "value", "base", "unknown", "change"} {
		head.Cells = append(head.Cells, word.Cell{Runs: word.Strong(l.say("head." + key)), Align: word.Center, Fill: "F0ECE0"})
	}
	t.Rows = append(t.Rows, head)
	for _, f := range p.figures {
		row := word.Row{Cells: []word.Cell{{Runs: word.Text(f[0])}, {Runs: []word.Run{{Text: f[1], Bold: true, Size: textSize + 1}}, Align: word.End}}}
		for _, text := range f[2:] {
			row.Cells = append(row.Cells, word.Cell{Runs: word.Text(text), Align: word.End})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *briefPage) redTable() word.Table {
	t := word.Table{Widths: briefWidths, Size: redSize, Line: redSize * briefLeading, Heads: 2}
	upper, lower := p.heads()
	var first, second word.Row
	for i, text := range upper {
		cell := word.Cell{Runs: word.Strong(text), Align: word.Center, Fill: "F0ECE0", Down: 2}
		if i == 2 {
			cell.Across, cell.Down = 3, 1
		}
		first.Cells = append(first.Cells, cell)
	}
	for _, text := range lower {
		second.Cells = append(second.Cells, word.Cell{Runs: word.Strong(text), Align: word.Center, Fill: "F0ECE0"})
	}
	t.Rows = append(t.Rows, first, second)
	for _, r := range p.red {
		t.Rows = append(t.Rows, word.Row{Cells: []word.Cell{
			{Runs: word.Text(r.place)}, {Runs: []word.Run{{Text: r.levelName, Bold: true, Color: levelInk[r.level]}}, Align: word.Center, Fill: levelFill[r.level]},
			{Runs: word.Text(r.rate), Align: word.End}, {Runs: []word.Run{{Text: r.lag, Color: levelInk[r.level]}}, Align: word.End}, {Runs: word.Text(r.left), Align: word.End},
			{Runs: word.Text(r.why)}, {Runs: word.Text(r.who)}, {Runs: word.Text(r.phone)},
		}})
	}
	return t
}

// itemNumber is the mark before an item.
func itemNumber(i int) string { return threes(int64(i)+1) + ". " }
