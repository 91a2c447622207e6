package ingest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// programmeList is what a list says as a whole: its name, its dates, its total.
type programmeList struct {
	printed  *int64 // mm; nil: no total printed
	name     string
	code     string
	starts   string
	deadline string
	seen     map[string]listed // rows by name and township
	lengths  map[int]int64     // mm by row
	named    map[int]int64     // stored routes by row
}

type listed struct {
	row    int
	length int64
}

// total takes the total that the list prints, first or last.
func (p *programmeList) total(r *run, rec record) {
	at := r.columns["length"]
	if at.index < 0 || at.index >= len(rec.cells) {
		return
	}
	mm, ok := millimetres(rec.cells[at.index], at.unit)
	if !ok {
		r.fs.add("value_invalid", rec.row, "length", rec.cells[at.index], "a length (12.345)")
		return
	}
	p.printed = &mm
}

// examineProgramme looks at one route of the list. The same name in the same
// township with the same length is the same road written twice.
func examineProgramme(r *run, out *row) {
	p := &r.list
	if p.seen == nil {
		p.seen, p.lengths, p.named = map[string]listed{}, map[int]int64{}, map[int]int64{}
	}
	length, _ := out.doc["length"].(int64)
	name, _ := out.doc["name"].(string)
	township, _ := out.doc["township"].(string)
	key := fold(name) + " " + township
	if before, again := p.seen[key]; again && before.length == length {
		r.fs.add("duplicate_row", out.n, "name", name, before.row)
		return
	} else if again {
		r.fs.add("same_name", out.n, "name", name, before.row)
	} else {
		p.seen[key] = listed{out.n, length}
	}
	if code, _ := out.doc["code"].(string); code != "" {
		r.firstOf(out, "code", code)
	}
	for to, field := range map[*string]string{&p.name: "programme", &p.code: "programme_code", &p.starts: "starts", &p.deadline: "deadline"} {
		if v, ok := out.doc[field].(string); ok && *to == "" {
			*to = v
		}
	}
	r.village(out)
	p.lengths[out.n] = length
	if id := r.storedRoute(out, false); id != 0 && r.routes[id] != nil {
		v := r.routes[id]
		out.doc["road"], out.doc["road_version"] = id, v.number
		p.named[out.n] = v.length
	}
}

// prepareProgramme holds the rows against the printed total and settles the
// programme itself.
func prepareProgramme(r *run) error {
	p := &r.list
	if p.lengths == nil {
		return nil
	}
	sum := int64(0)
	for n, length := range p.lengths {
		sum += length
		if held, ok := p.named[n]; ok {
			if ppm := differs(length, held); ppm > differsPPM {
				r.fs.add("length_differs", n, "length", "", km(held), km(length), fmt.Sprintf("%.1f", float64(ppm)/1e4))
			}
			p.lengths[n] = held
		}
	}
	r.reconcile(sum)
	r.name()
	r.year()
	if _, held := r.programmeHeld(); held {
		r.fs.add("already_there", 0, "programme", p.name)
	}
	var id int64
	if err := r.tx.QueryRow(r.ctx, statement("programme_id")).Scan(&id); err != nil {
		return fmt.Errorf("numbering the programme: %w", err)
	}
	reported := p.printed
	for name, v := range map[string]any{
		"programme": id, "programme_code": p.code, "programme_name": p.name, "starts": p.starts, "deadline": p.deadline, "reported_mm": reported,
	} {
		r.args[name] = v
	}
	return r.setLengths(p.lengths)
}

// reconcile says whether the list adds up to its own total.
func (r *run) reconcile(sum int64) {
	switch p := r.list.printed; {
	case p == nil:
		r.fs.add("total_missing", 0, "length", km(sum), km(sum))
	case *p != sum:
		r.fs.add("total_differs", 0, "length", km(*p), km(*p), km(sum))
	default:
		r.fs.add("total_agrees", 0, "length", km(sum), km(sum))
	}
}

// programmeHeld looks for a stored programme of the same code or name.
func (r *run) programmeHeld() (any, bool) {
	ix, err := r.loadIndex("programme")
	if err != nil {
		return nil, false
	}
	if key, ok := ix.codes[r.list.code]; ok && r.list.code != "" {
		return key, true
	}
	things := ix.names[fold(r.list.name)]
	if len(things) > 0 && r.list.code == "" {
		return things[0].key, true
	}
	return nil, false
}

// name takes the programme's name from its column, the title, or the file.
func (r *run) name() {
	for _, line := range strings.Split(r.src.title, "\n") {
		line = clean(line)
		if r.list.name == "" && line != "" && !strings.HasPrefix(plain(line), "单位") && !strings.HasPrefix(line, "附件") && len([]rune(line)) > 3 {
			r.list.name = line
		}
	}
	if r.list.name == "" {
		r.list.name = strings.TrimSuffix(filepath.Base(r.req.File), filepath.Ext(r.req.File))
	}
}

var (
	yearPattern = regexp.MustCompile(`(19|20)\d\d`)
	unitPattern = regexp.MustCompile(`单位\s*[::]?\s*([^\n]*)`)
)

// year dates the programme: by its columns, else the year in the title or the
// file's name, else the county's data date.
func (r *run) year() {
	p := &r.list
	year := yearPattern.FindString(plain(r.src.title))
	if year == "" {
		year = yearPattern.FindString(plain(filepath.Base(r.req.File)))
	}
	if year == "" && p.starts != "" {
		year = p.starts[:4]
	}
	if year == "" && p.deadline != "" {
		year = p.deadline[:4]
	}
	if year == "" {
		year = r.today().String()[:4]
		r.fs.add("year_assumed", 0, "starts", year, year)
	}
	if p.starts == "" {
		p.starts = year + "-01-01"
	}
	if p.deadline == "" {
		p.deadline = p.starts[:4] + "-12-31"
	}
	starts, _ := planner.ParseDate(p.starts)
	if deadline, err := planner.ParseDate(p.deadline); err != nil || deadline <= starts {
		r.fs.add("value_range", 0, "deadline", p.deadline, "the days after the start, "+p.starts)
	}
}

// titleUnit finds the unit of lengths that stands above the table: 单位:公里.
func titleUnit(title string) string {
	m := unitPattern.FindStringSubmatch(plain(title))
	if m == nil {
		return ""
	}
	for _, unit := range strings.FieldsFunc(strings.ToLower(m[1]), func(c rune) bool { return strings.ContainsRune("、,，;/ )", c) }) {
		if _, known := lengthUnits[unit]; known {
			return unit
		}
	}
	return ""
}

// groupRow takes a row that holds nothing but a township's name: the heading of
// the rows under it.
func (r *run) groupRow(rec record) bool {
	said := ""
	for _, cell := range rec.cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if said != "" {
			return false
		}
		said = cell
	}
	if _, hits := r.refs["township"].find(strings.Trim(plain(said), "一二三四五六七八九十0123456789、.()"), ""); hits != 1 {
		return false
	}
	r.last = strings.Trim(plain(said), "一二三四五六七八九十0123456789、.()")
	return true
}
