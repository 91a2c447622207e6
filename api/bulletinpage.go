package api

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// page is a bulletin laid out for paper, whatever it is written as: title, who
// and until when, two rows of heads of which the upper one is merged over its
// group, the total first, then the units, and notes below.
type page struct {
	title   string
	above   [][2]string
	columns []pageColumn
	rows    [][]pageCell
	notes   []string
}

// pageColumn is a column: its group, empty for none, and its head.
type pageColumn struct {
	group, head string
	width       float64 // in characters
}

// pageCell is a cell: a text, or a number at so many decimals.
type pageCell struct {
	text     string
	number   *big.Rat
	decimals int
	level    planner.WarningLevel // fills the cell
}

func (c pageCell) String() string {
	if c.number == nil {
		return c.text
	}
	return planner.Print(c.number, c.decimals)
}

// bulletinColumn is a column of a bulletin: what it says of the unit i of units.
type bulletinColumn struct {
	group, head string // of the catalogue, in the group "bulletin"; group empty: none
	width       float64
	cell        func(p *bulletinPage, i int) pageCell
}

// bulletinPage lays a bulletin out in a language.
type bulletinPage struct {
	b     *planner.Bulletin
	lang  Lang
	units []planner.Region // the county first
	rows  map[[2]string]*planner.BulletinRow
}

// layBulletin lays a bulletin out: tables 1, 2 and 3 of the domain page.
func layBulletin(b *planner.Bulletin, lang Lang) *page {
	p := &bulletinPage{b: b, lang: lang, rows: map[[2]string]*planner.BulletinRow{}}
	for i := range b.Rows {
		p.rows[[2]string{b.Rows[i].Metric, b.Rows[i].Scope}] = &b.Rows[i]
	}
	columns := bulletinTables[b.Subject]
	p.units = p.unitsOf(columns[2].cell)
	out := &page{title: p.title(), above: p.above(), notes: p.notes()}
	for _, c := range columns {
		group := ""
		if c.group != "" {
			group = p.word(c.group)
		}
		out.columns = append(out.columns, pageColumn{group, p.word(c.head), c.width})
	}
	for i := range p.units {
		row := make([]pageCell, len(columns))
		for k, c := range columns {
			row[k] = c.cell(p, i)
		}
		out.rows = append(out.rows, row)
	}
	return out
}

// unitsOf are the county and the townships that have something in a column, as
// the bulletin has them, by code.
func (p *bulletinPage) unitsOf(cell func(*bulletinPage, int) pageCell) []planner.Region {
	seen := map[string]bool{}
	for i := range p.b.Rows {
		r := &p.b.Rows[i]
		if seen[r.Scope] || r.Scope != p.b.County && strings.Contains(r.Scope, ":") && !strings.HasPrefix(r.Scope, "unassigned:") {
			continue
		}
		seen[r.Scope] = true
		p.units = append(p.units, planner.Region{Code: r.Scope, Name: r.ScopeName})
	}
	out := p.units[:0]
	for i, u := range p.units {
		c := cell(p, i)
		if u.Code == p.b.County || !strings.HasPrefix(u.Code, "unassigned:") || c.number != nil && c.number.Sign() != 0 {
			out = append(out, u)
		}
	}
	return out
}

func (p *bulletinPage) word(key string) string { return p.lang.word("bulletin", key) }

func (p *bulletinPage) title() string {
	kind := p.word("title_" + string(p.b.Subject))
	return strings.NewReplacer("{county}", p.b.CountyName, "{kind}", p.word("kind_"+p.b.Period.Kind), "{number}", strconv.Itoa(p.b.Number)).Replace(kind)
}

func (p *bulletinPage) above() [][2]string {
	return [][2]string{
		{p.word("unit_name"), p.b.CountyName + " " + p.b.County},
		{p.word("period"), p.b.Period.From + " – " + p.b.Period.To},
		{p.word("as_of"), p.b.AsOf},
		{p.word("known_at"), local(p.b.KnownAt)},
		{p.word("measures"), p.word("measures_" + string(p.b.Subject))},
	}
}

var chinaTime = time.FixedZone("UTC+8", 8*3600)

// local is an instant as a clock on a wall in China shows it, said so.
func local(at time.Time) string {
	return at.In(chinaTime).Format("2006-01-02 15:04") + " (UTC+8)"
}

// notes name who has not reported, who had nothing, and what came late.
func (p *bulletinPage) notes() []string {
	names := map[planner.ReportingState][]string{}
	for _, r := range p.b.Reporting {
		names[r.State] = append(names[r.State], r.Name)
	}
	var out []string
	for _, n := range []struct {
		key   string
		state planner.ReportingState
	}{{"note_missing", planner.NotReported}, {"note_nil", planner.ReportedNil}} {
		if list := names[n.state]; len(list) > 0 {
			out = append(out, p.word(n.key)+strings.Join(list, map[Lang]string{Chinese: "、", English: ", "}[p.lang]))
		}
	}
	for _, l := range p.b.Late {
		out = append(out, fmt.Sprintf("%s%s %s %s (%s)", p.word("note_late"), l.On, l.Name, p.lang.word("stage", string(l.Stage)), local(l.Recorded)))
	}
	for _, l := range p.b.Levels {
		if l.Escalated {
			out = append(out, fmt.Sprintf("%s%s %s, %s", p.word("note_escalated"), l.Name, p.lang.word("level", levelNames[l.Level]), l.Since))
		}
	}
	return append(out, p.word("note_rules")+p.b.Rules)
}

// figure is the value of a metric for a unit.
func figure(metric string, decimals int) func(*bulletinPage, int) pageCell {
	return func(p *bulletinPage, i int) pageCell {
		row := p.rows[[2]string{metric, p.units[i].Code}]
		switch {
		case row == nil:
			return pageCell{text: "—"}
		case row.Masked:
			return pageCell{text: "*"}
		case row.Value == nil:
			return pageCell{text: p.word("no_task")}
		}
		return pageCell{number: exactValue(row), decimals: decimals}
	}
}

// exactValue is the value of a row before it was a float: a share by its two
// numbers, a length by its millimetres.
func exactValue(row *planner.BulletinRow) *big.Rat {
	switch {
	case row.Unit == planner.UnitPercent && row.Denominator != nil && *row.Denominator != 0:
		return new(big.Rat).Mul(big.NewRat(*row.Numerator, *row.Denominator), big.NewRat(100, 1))
	case row.Unit == planner.UnitKM && row.Denominator == nil:
		return big.NewRat(*row.Numerator, mmPerKM)
	}
	return new(big.Rat).SetFloat64(*row.Value)
}

// baseOf is the numerator or the denominator of a metric, divided by per.
func baseOf(metric string, whole bool, per int64, decimals int) func(*bulletinPage, int) pageCell {
	return func(p *bulletinPage, i int) pageCell {
		row := p.rows[[2]string{metric, p.units[i].Code}]
		if row == nil {
			return pageCell{text: "—"}
		}
		n := row.Numerator
		if whole {
			n = row.Denominator
		}
		if row.Masked {
			return pageCell{text: "*"}
		}
		if n == nil {
			return pageCell{text: "—"}
		}
		return pageCell{number: big.NewRat(*n, per), decimals: decimals}
	}
}

// roads is what the bulletin's own lines on roads say.
func roads(field func(*planner.BulletinRoads) *int64, per int64, decimals int) func(*bulletinPage, int) pageCell {
	return func(p *bulletinPage, i int) pageCell {
		for k := range p.b.Roads {
			if r := &p.b.Roads[k]; r.Code == p.units[i].Code {
				if n := field(r); n != nil {
					return pageCell{number: big.NewRat(*n, per), decimals: decimals}
				}
			}
		}
		return pageCell{text: "—"}
	}
}

func countRoads(field func(*planner.BulletinRoads) int) func(*bulletinPage, int) pageCell {
	return roads(func(r *planner.BulletinRoads) *int64 { n := int64(field(r)); return &n }, 1, 0)
}

func serial(_ *bulletinPage, i int) pageCell {
	if i == 0 {
		return pageCell{}
	}
	return pageCell{number: big.NewRat(int64(i), 1)}
}

func unitName(p *bulletinPage, i int) pageCell {
	switch {
	case i == 0:
		return pageCell{text: p.word("total")}
	case strings.HasPrefix(p.units[i].Code, "unassigned:"):
		return pageCell{text: p.word("unassigned")}
	}
	return pageCell{text: p.units[i].Name}
}

func publishedLevel(p *bulletinPage, i int) pageCell {
	for _, l := range p.b.Levels {
		if l.Code == p.units[i].Code {
			return pageCell{text: p.lang.word("level", levelNames[l.Level]), level: l.Level}
		}
	}
	return pageCell{text: p.word("no_task")}
}

const (
	mmPerKM  = 1_000_000
	fenPer10 = 1_000_000 // fen in ten thousand yuan
)

// bulletinTables are the columns of each subject; the third says whether metres
// of no township have anything.
var bulletinTables = map[planner.BulletinSubject][]bulletinColumn{
	planner.BulletinRoad: {
		{"", "no", 5, serial}, {"", "township", 14, unitName},
		{"planned", "km", 10, figure("C01 planned_length", 2)},
		{"planned", "roads", 6, countRoads(func(r *planner.BulletinRoads) int { return r.Planned })},
		{"started", "roads", 6, countRoads(func(r *planner.BulletinRoads) int { return r.Started })},
		{"started", "km", 10, figure("C02 started_length", 2)},
		{"started", "percent", 9, figure("M01 start_rate", 2)},
		{"", "roadbed_km", 10, roads(func(r *planner.BulletinRoads) *int64 { return &r.RoadbedMM }, mmPerKM, 2)},
		{"", "base_km", 10, roads(func(r *planner.BulletinRoads) *int64 { return &r.BaseMM }, mmPerKM, 2)},
		{"completed", "km", 10, figure("C03 completed_length", 2)},
		{"completed", "completion_rate", 9, figure("M02 completion_rate", 2)},
		{"", "new_km", 10, roads(func(r *planner.BulletinRoads) *int64 { return r.NewMM }, mmPerKM, 2)},
		{"invested", "wan_planned", 11, baseOf("M04 investment_rate", true, fenPer10, 2)},
		{"invested", "wan_done", 11, baseOf("M04 investment_rate", false, fenPer10, 2)},
		{"invested", "percent", 9, figure("M04 investment_rate", 2)},
		{"", "elapsed", 9, figure("M31 time_progress", 2)},
		{"", "deviation", 9, figure("M31 deviation", 2)},
		{"", "warning", 7, publishedLevel},
		{"", "rank", 6, figure("M33 rank", 0)},
	},
	planner.BulletinWater: {
		{"", "no", 5, serial}, {"", "township", 14, unitName},
		{"verdict", "safe", 8, figure("M13 water_safe", 0)}, {"verdict", "basic", 8, figure("M13 water_basic", 0)},
		{"verdict", "unsafe", 8, figure("M13 water_unsafe", 0)}, {"verdict", "unsurveyed", 8, figure("M13 water_unsurveyed", 0)},
		{"safe_persons", "persons", 10, baseOf("M14 safe_water_rate", false, 1, 0)}, {"safe_persons", "surveyed", 10, baseOf("M14 safe_water_rate", true, 1, 0)},
		{"safe_persons", "percent", 9, figure("M14 safe_water_rate", 2)},
		{"tap", "persons", 10, baseOf("M15 tap_rate", false, 1, 0)}, {"tap", "surveyed", 10, baseOf("M15 tap_rate", true, 1, 0)},
		{"tap", "percent", 9, figure("M15 tap_rate", 2)},
		{"served", "persons", 10, baseOf("M16 served_rate", false, 1, 0)}, {"served", "known", 10, baseOf("M16 served_rate", true, 1, 0)}, {"served", "percent", 9, figure("M16 served_rate", 2)},
		{"", "without_safe", 9, figure("C21 villages_without_safe_water", 0)},
		{"gap_cost", "wan", 11, baseOf("C29 water_gap_cost_total", false, fenPer10, 2)},
	},
	planner.BulletinRelocation: {
		{"", "no", 5, serial}, {"", "township", 14, unitName},
		{"sites", "sites", 7, figure("C30 sites", 0)}, {"sites", "buildings", 7, figure("C31 buildings", 0)}, {"sites", "dwellings", 8, figure("C32 dwellings_planned", 0)},
		{"stages", "stage_started", 9, baseOf("M20 started_rate", false, 1, 0)}, {"stages", "foundation", 9, baseOf("M20 foundation_rate", false, 1, 0)},
		{"stages", "structure", 9, baseOf("M20 structure_rate", false, 1, 0)}, {"stages", "finished", 9, baseOf("M20 completed_rate", false, 1, 0)},
		{"stages", "finished_rate", 9, figure("M20 completed_rate", 2)},
		{"target", "households", 9, baseOf("M18 move_in_household_rate", true, 1, 0)}, {"target", "persons", 9, baseOf("M18 move_in_rate", true, 1, 0)},
		{"moved", "households", 9, baseOf("M18 move_in_household_rate", false, 1, 0)}, {"moved", "persons", 9, baseOf("M18 move_in_rate", false, 1, 0)},
		{"moved", "percent", 9, figure("M18 move_in_rate", 2)},
		{"", "registered_persons", 10, figure("M19 registered_persons", 0)},
		{"demolished", "households", 9, baseOf("M21 demolition_rate", false, 1, 0)}, {"demolished", "percent", 9, figure("M21 demolition_rate", 2)},
		{"", "restored", 9, baseOf("M22 reclamation_rate", false, 1, 0)},
		{"jobs", "persons", 8, baseOf("M24 jobs_per_household", false, 1, 0)}, {"jobs", "per_household", 8, figure("M24 jobs_per_household", 2)},
	},
}
