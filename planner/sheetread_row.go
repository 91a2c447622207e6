package planner

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// sheetSpace is the name space of the ids of a sheet's reports.
var sheetSpace = uuid.MustParse("5f6c0f0e-1d0f-5b1e-9a35-71d5b1f0a2c4")

// Entries reads the rows under a head. Every row comes back, in order: as one
// report or several (a column for each stage, several intervals in a cell), or
// with why it is none. What a row does not say itself it has from the row above
// where cells are merged downwards, from the defaults, or from above the head.
// What cannot be read stays in the entry as it was written and breaks a rule
// there; nothing is dropped. The ids are made of the file and the row, so that
// the same file gives the same again. Without a head all rows come back, so that
// somebody can say which it is.
func Entries(s *Sheet, g *HeadGuess, d SheetDefaults) []SheetRow {
	if g == nil {
		return nil
	}
	r := &rowReader{sheet: s, head: g, defaults: d}
	var out []SheetRow
	for i := g.Row; i < len(s.Rows); i++ {
		out = append(out, r.read(i+1, s.Rows[i])...)
	}
	return out
}

// rowReader reads one row after another.
type rowReader struct {
	sheet    *Sheet
	head     *HeadGuess
	defaults SheetDefaults

	row   []string
	above struct{ code, name, township string } // what merged cells go on with
	sums  map[int]int64                         // mm so far, by column of lengths
	ends  *bool                                 // plain numbers at both ends are kilometres; nil: not looked yet
}

func (r *rowReader) read(number int, row []string) []SheetRow {
	r.row = row
	base := SheetRow{Row: number, Cells: clipped(row)}
	if r.head.Row == 0 {
		base.Skip = SkipNoHead
		return []SheetRow{base}
	}
	if skip := r.skips(); skip != "" {
		base.Skip = skip
		return []SheetRow{base}
	}
	r.addSums()
	r.fillDown()
	entries := r.entries()
	if len(entries) == 0 {
		base.Skip = SkipNone
		return []SheetRow{base}
	}
	out := make([]SheetRow, len(entries))
	for i, e := range entries {
		name := r.sheet.Hash + "/" + idString(ID(number)) + "/" + idString(ID(i+1))
		e.ID = uuid.NewSHA1(sheetSpace, []byte(name)).String()
		out[i] = base
		out[i].Part, out[i].Entry = i+1, e
	}
	return out
}

func clipped(row []string) []string {
	out := make([]string, min(len(row), sheetColumns))
	for i := range out {
		out[i] = clipTo(cellAt(row, i), 300)
	}
	return out
}

// keep is a cell as an entry keeps it: what is longer is no report.
func keep(s string) string { return clipTo(s, 1000) }

// cell is what the row has in a field's column.
func (r *rowReader) cell(f SheetField) string { return cellAt(r.row, r.head.Column(f)-1) }

var (
	totals   = regexp.MustCompile(`^(?:.{0,12}?)(?:合计|总计|小计|共计|累计)(?:\d+[条个])?$`)
	totalsEN = regexp.MustCompile(`^(?:grand|sub)?-?total$|^sum$`)
	notes    = regexp.MustCompile(`^(?:注|备注|说明|填表|填报|制表|审核|复核|单位负责|负责人|分管|联系|报送|签字|盖章|此表|本表)`)
	sections = regexp.MustCompile(`^(?:[一二三四五六七八九十]+[、.])?([^\d]{1,12}(?:乡|镇|街道))(?:办事处)?$`)
)

// isTotal says whether a text is the name of a sum: 合计, 全镇合计, 小计(12条).
func isTotal(s string) bool {
	text := strings.TrimSuffix(bracketed.ReplaceAllString(strings.ToLower(narrow(clip(s))), ""), ":")
	return totals.MatchString(text) || totalsEN.MatchString(text)
}

// skips says why the row is no report; empty: it may be one.
func (r *rowReader) skips() SheetSkip {
	texts := rowTexts(r.row)
	if len(texts) == 0 {
		return SkipBlank
	}
	for _, text := range texts[:min(len(texts), 3)] {
		if isTotal(text) {
			return SkipTotal
		}
	}
	if r.isHead() {
		return SkipHead
	}
	if m := sections.FindStringSubmatch(narrow(texts[0])); m != nil && len(texts) == 1 {
		r.above.township, r.above.code, r.above.name = m[1], "", ""
		return SkipNote
	}
	road := r.cell(FieldCode) + r.cell(FieldName)
	if notes.MatchString(narrow(clip(texts[0]))) && !r.saysMetres() || road == "" && !r.saysPlace() {
		return SkipNote
	}
	if road == "" && r.isBareSum() {
		return SkipTotal
	}
	return ""
}

// isBareSum says whether a row without a name has the sums of what stands above
// it and nothing else.
func (r *rowReader) isBareSum() bool {
	some := false
	for _, c := range r.head.Columns {
		text := cellAt(r.row, c.Column-1)
		if text == "" || c.Field == FieldPercent || c.Field == "" || c.Field == FieldNote {
			continue
		}
		mm, _, ok := ParseLength(text, r.unitOf(c))
		if !c.isLength() || !ok || mm == 0 || mm != r.sums[c.Column] {
			return false
		}
		some = true
	}
	return some
}

// addSums adds the row's lengths to the sums so far.
func (r *rowReader) addSums() {
	if r.sums == nil {
		r.sums = map[int]int64{}
	}
	for _, c := range r.head.Columns {
		if mm, _, ok := ParseLength(cellAt(r.row, c.Column-1), r.unitOf(c)); ok && c.isLength() && r.sums[c.Column] < 1e15 {
			r.sums[c.Column] += mm
		}
	}
}

// saysMetres says whether the row has a length, an interval or a tick in a
// column of places or lengths.
func (r *rowReader) saysMetres() bool {
	for _, c := range r.head.Columns {
		text := cellAt(r.row, c.Column-1)
		_, number := parseQuantity(text)
		if (c.isLength() || c.Field == FieldInterval || c.Field == FieldFrom) && (number || looksLikeLabel(text) || doneWords.MatchString(narrow(clip(text)))) {
			return true
		}
	}
	return false
}

// isHead says whether the row is the head again.
func (r *rowReader) isHead() bool {
	same := 0
	for _, c := range r.head.Columns {
		text := cellAt(r.row, c.Column-1)
		if c.Field == "" || text == "" {
			continue
		}
		if field, _, _ := fieldOf(text); field != c.Field {
			return false
		}
		same++
	}
	return same > 1
}

// saysPlace says whether the row has anything in a column of places or lengths.
func (r *rowReader) saysPlace() bool {
	for _, c := range r.head.Columns {
		_, stage := c.Field.stageOf()
		switch c.Field {
		case FieldInterval, FieldFrom, FieldTo, FieldLength, FieldStage:
			stage = true
		}
		if stage && cellAt(r.row, c.Column-1) != "" {
			return true
		}
	}
	return false
}

// fillDown keeps what cells that are merged downwards go on with.
func (r *rowReader) fillDown() {
	if code, name := r.cell(FieldCode), r.cell(FieldName); code != "" || name != "" {
		r.above.code, r.above.name = code, name
	}
	if t := r.cell(FieldTownship); t != "" {
		r.above.township = t
	}
}

// entries are the reports that the row has.
func (r *rowReader) entries() []*Entry {
	var out []*Entry
	for _, c := range r.head.Columns {
		if stage, ok := c.Field.stageOf(); ok {
			out = append(out, r.stageEntries(c, stage)...)
		}
	}
	if len(out) > 0 || r.hasStageColumns() {
		return inBuildingOrder(out)
	}
	if text := r.cell(FieldInterval); text != "" {
		return r.intervals(text, r.stage(), r.cell(FieldLength), r.lengthUnit())
	}
	from, to, length := r.labels()
	if from+to+length == "" {
		return nil
	}
	e := r.entry(r.stage())
	e.From, e.To = from, to
	r.noteEnds(e)
	if length != "" {
		r.setLength(e, length, r.lengthUnit())
	}
	if e.Length != nil && *e.Length == 0 && from+to == "" {
		return nil
	}
	return []*Entry{e}
}

func (r *rowReader) hasStageColumns() bool {
	for _, c := range r.head.Columns {
		if _, ok := c.Field.stageOf(); ok {
			return true
		}
	}
	return false
}

// inBuildingOrder puts the lower layers first, so that a surface of the same row
// finds its base.
func inBuildingOrder(entries []*Entry) []*Entry {
	var out []*Entry
	for _, stage := range Stages {
		for _, e := range entries {
			if e.Stage == stage {
				out = append(out, e)
			}
		}
	}
	for _, e := range entries {
		if e.Stage == stageCompleted {
			out = append(out, e)
		}
	}
	return out
}

// stage is what the row says of the stage, or the default.
func (r *rowReader) stage() Stage {
	text := r.cell(FieldStage)
	if text == "" {
		return r.defaults.Stage
	}
	if stage, ok := ParseStage(text); ok {
		return stage
	}
	return Stage(clip(text))
}

// entry is a report of the row with all but its place.
func (r *rowReader) entry(stage Stage) *Entry {
	e := &Entry{
		RoadText: clip(r.above.code), RoadName: clip(r.above.name), Stage: stage, Entered: "sheet",
		Township: clip(firstText(r.above.township, r.defaults.Township, r.head.Township)), SheetTownship: clip(r.defaults.Township),
		On:        sheetDay(firstText(r.cell(FieldOn), r.defaults.On, r.head.On)),
		Programme: r.defaults.Programme, ContractText: clip(r.cell(FieldContract)), Note: keep(r.cell(FieldNote)),
		Reporter: clip(firstText(r.cell(FieldReporter), r.head.Reporter, r.defaults.Reporter)),
	}
	if e.RoadText == "" {
		e.RoadText, e.RoadName = e.RoadName, ""
	}
	return e
}

// firstText is the first of some texts that says something.
func firstText(texts ...string) string {
	for _, t := range texts {
		if narrow(t) != "" {
			return strings.TrimSpace(t)
		}
	}
	return ""
}

func (r *rowReader) lengthUnit() string { return r.unit(FieldLength) }

// unit is the unit of the lengths in a field's column.
func (r *rowReader) unit(f SheetField) string {
	if at := r.head.Column(f); at > 0 {
		return r.unitOf(r.head.Columns[at-1])
	}
	return r.head.Unit
}

func (r *rowReader) unitOf(c SheetColumn) string { return cmp.Or(c.Unit, r.head.Unit) }

// setLength puts a written length to a report. What is about, over or nearly
// stays in the note; what is no length stays as the interval's words.
func (r *rowReader) setLength(e *Entry, text, unit string) {
	mm, vague, ok := ParseLength(text, unit)
	if !ok {
		if e.Text == "" && e.From == "" && e.To == "" {
			e.Text = keep(text)
		}
		e.Note = addNote(e.Note, keep(text))
		return
	}
	e.Length = &mm
	if vague {
		e.Note = addNote(e.Note, keep(text))
	}
}

func addNote(note, text string) string {
	if note == "" {
		return text
	}
	return note + "; " + text
}

// intervals are the reports of a cell with one interval or several.
func (r *rowReader) intervals(text string, stage Stage, length, unit string) []*Entry {
	parts := splitIntervals(text)
	out := make([]*Entry, len(parts))
	for i, part := range parts {
		out[i] = r.entry(stage)
		out[i].Text = keep(part)
		if length != "" && len(parts) == 1 {
			r.setLength(out[i], length, unit)
		}
	}
	return out
}

var betweenIntervals = regexp.MustCompile(`[;；,，、\n\r/和及]+`)

// splitIntervals parts a text where every part is an interval by itself.
func splitIntervals(text string) []string {
	if len(text) > 4000 {
		return []string{text}
	}
	parts := betweenIntervals.Split(strings.TrimRight(strings.TrimSpace(text), ";；,，、"), -1)
	for _, part := range parts {
		if _, _, err := chainage.ParseInterval(part); err != nil {
			return []string{text}
		}
	}
	return parts
}

// labels are the texts of both ends and of the length. Ends in plain numbers are
// labels where the head says their unit, or the length beside them does.
func (r *rowReader) labels() (from, to, length string) {
	from, to, length = clip(r.cell(FieldFrom)), clip(r.cell(FieldTo)), clip(r.cell(FieldLength))
	a, okA := parseQuantity(from)
	b, okB := parseQuantity(to)
	if !okA || !okB {
		return from, to, length
	}
	unit := r.endUnit(a, b, length)
	if x, ok := a.mmOf(unit); ok && unit != "" && x <= chainage.MaxLabel {
		if y, ok := b.mmOf(unit); ok && y <= chainage.MaxLabel {
			return chainage.FormatLabel(x), chainage.FormatLabel(y), length
		}
	}
	return from, to, length
}

// kilometreLabel is a label as the ministry's lists have it: 1.250.
var kilometreLabel = regexp.MustCompile(`^\d{1,4}\.\d{3}$`)

// endsInKilometres says whether both columns of ends say that they are labels and
// have nothing but kilometres to the metre.
func (r *rowReader) endsInKilometres() bool {
	if r.ends == nil {
		are := r.inKilometres(FieldFrom) && r.inKilometres(FieldTo)
		r.ends = &are
	}
	return *r.ends
}

func (r *rowReader) inKilometres(f SheetField) bool {
	at := r.head.Column(f)
	if at == 0 || !strings.Contains(narrow(r.head.Columns[at-1].Text), "桩号") {
		return false
	}
	for i := r.head.Row; i < len(r.sheet.Rows); i++ {
		row := r.sheet.Rows[i]
		text := narrow(clip(cellAt(row, at-1)))
		if texts := rowTexts(row); text == "" || slices.ContainsFunc(texts[:min(len(texts), 3)], isTotal) {
			continue
		}
		if field, _, _ := fieldOf(text); field != f && !kilometreLabel.MatchString(text) {
			return false
		}
	}
	return true
}

// noteEnds keeps plain numbers that were taken for kilometres as they were
// written.
func (r *rowReader) noteEnds(e *Entry) {
	from, to := clip(r.cell(FieldFrom)), clip(r.cell(FieldTo))
	if kilometreLabel.MatchString(narrow(from)) && kilometreLabel.MatchString(narrow(to)) && e.From != from {
		e.Note = addNote(e.Note, from+" – "+to)
	}
}

// endUnit is the unit of two ends in plain numbers; empty: nothing says it.
func (r *rowReader) endUnit(a, b quantity, length string) string {
	if at := r.head.Column(FieldFrom); r.head.Columns[at-1].Unit != "" {
		return r.head.Columns[at-1].Unit
	}
	if r.endsInKilometres() {
		return "km"
	}
	mm, _, ok := ParseLength(length, r.lengthUnit())
	for _, unit := range []string{"km", "m"} {
		x, okA := a.mmOf(unit)
		y, okB := b.mmOf(unit)
		if ok && okA && okB && max(x-y, y-x) == mm && mm > 0 {
			return unit
		}
	}
	return ""
}
