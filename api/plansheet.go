package api

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/qiantu/qiantu/planner"
)

// decisionColumns are the columns of a decision sheet as CSV, in codes, for
// machines. cost_road is what its road adds to the plan, with the service it
// lacks; cost_move that of its site, else of the cheapest with room; flip the
// yuan a kilometre at which the advice turns.
var decisionColumns = []string{
	"village", "decision", "site", "segments", "cost_road", "cost_move", "rule", "flip", "name", "persons", "why", "band", "differs",
	"cost_road_alone", "cost_road_share", "cost_stay", "flip_yuan_per_person", "flip_persons", "violation", "year",
}

// DecisionCSV writes the decision sheet of a plan as CSV, a row a village.
func DecisionCSV(w io.Writer, a *planner.Assessment, p *planner.DecisionPlan) error {
	plan := wireDecision(a, p, 0)
	return plan.writeCSV(w)
}

func (p *decisionPlanJSON) writeCSV(w io.Writer) error {
	rows := [][]string{decisionColumns}
	for i := range p.Villages {
		v := &p.Villages[i]
		road := v.RoadExtra
		if road != nil {
			sum := *road + v.Stay
			road = &sum
		}
		rows = append(rows, []string{
			idText(v.Village), v.Decision, someID(v.Site), joinIDs(v.Segments), whole(road), whole(v.Move), v.Rule, whole(v.FlipKM), v.Name, whole(v.Persons), v.Why, v.Band, v.Differs,
			whole(v.RoadAlone), whole(&v.RoadShare), whole(v.knownStay()), whole(v.FlipEach), whole(v.FlipHeads), v.Violation, someYear(v.Year),
		})
	}
	return writeRows(w, rows)
}

func writeRows(w io.Writer, rows [][]string) error {
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("api: write plan: %w", err)
	}
	return nil
}

// someID is empty for no thing.
func someID(id planner.ID) string {
	if id == 0 {
		return ""
	}
	return idText(id)
}

func whole(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func someYear(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

var decisionSheetColumns = []sheetColumn{
	{"编号 village", 10}, {"代码 code", 18}, {"名称 name", 16}, {"乡镇 township", 12}, {"人口 persons", 10}, {"决定 decision", 12}, {"缘由 why", 22}, {"把握 band", 22},
	{"安置点 site", 18}, {"路段 segments", 18}, {"修路增量 cost road", 14}, {"单独修路 road alone", 14}, {"分摊 road share", 14}, {"留住补短 stay", 12},
	{"搬迁 cost move", 14}, {"单村规则 rule", 12}, {"为何不同 differs", 26}, {"转折元每公里 flip", 14}, {"转折元每人 flip person", 14}, {"转折人口 flip persons", 14}, {"违例 violation", 16},
	{"年 year", 8},
}

// DecisionSheet writes the decision sheet of a plan as a workbook, its codes in
// words of a language.
func DecisionSheet(w io.Writer, a *planner.Assessment, p *planner.DecisionPlan, lang Lang) error {
	plan := wireDecision(a, p, 0)
	return plan.writeSheet(w, newPlanAbout(a), lang)
}

// planAbout is what the sheets of a plan say above their heads, and the names
// that stand in for codes.
type planAbout struct {
	region, asOf, knownAt, supposed string
	revision                        int64
	townships                       map[Lang]map[string]string
	sites                           map[planner.ID]string
}

func newPlanAbout(a *planner.Assessment) *planAbout {
	s := a.Snapshot
	out := &planAbout{
		region: s.Region.Name + " " + s.Region.Code, asOf: s.AsOf.String(), supposed: SupposedIn(a), revision: s.Revision,
		townships: map[Lang]map[string]string{Chinese: Chinese.townshipNames(s), English: English.townshipNames(s)}, sites: map[planner.ID]string{},
	}
	if !s.KnownAt.IsZero() {
		out.knownAt = clock(s.KnownAt)
	}
	for i := range s.Sites {
		out.sites[s.Sites[i].ID] = s.Sites[i].Name
	}
	return out
}

func (p *planAbout) under(title string) aboutSheet {
	return about(title, p.region, p.asOf, p.knownAt, p.supposed, p.revision)
}

func (p *decisionPlanJSON) writeSheet(w io.Writer, of *planAbout, lang Lang) error {
	about := of.under("通与搬研判 decisions")
	about = append(about, [2]string{"结论 status", lang.word("plan_status", p.Status) + gapWords(&p.solvedJSON)})
	about = append(about, p.proofRows(lang)...)
	about = append(about, [2]string{"补短费用不详的修路村 road, service cost unknown", strconv.FormatInt(p.County.Unpriced, 10)}, [2]string{"单价 prices", fmt.Sprintf("%d yuan/km, %d yuan/person", p.YuanPerKM, p.PerPerson)})
	if len(p.Villages)+len(about)+2 > sheetRows {
		return planner.Errorf(planner.TooLarge, "%d villages do not fit in a spreadsheet of %d rows; ask for JSON or CSV", len(p.Villages), sheetRows)
	}
	s, err := newSpreadsheet(about, decisionSheetColumns)
	if err != nil {
		return err
	}
	for i := range p.Villages {
		v := &p.Villages[i]
		id, stay := int64(v.Village), any(&v.Stay)
		if !v.StayKnown {
			stay = lang.word("answer", "unknown")
		}
		if err := s.write(&id, v.Code, v.Name, cmp.Or(of.townships[lang][v.Township], v.Township), v.Persons, lang.word("decision", v.Decision), lang.word("decided", v.Why), lang.word("band", v.Band),
			of.site(v.Site), joinIDs(v.Segments), v.RoadExtra, v.RoadAlone, &v.RoadShare, stay, v.Move, lang.word("decision", v.Rule), lang.word("decided", v.Differs),
			v.FlipKM, v.FlipEach, v.FlipHeads, lang.word("violation", v.Violation), someYear(v.Year)); err != nil {
			return err
		}
	}
	return s.end(w)
}

// knownStay is nil where nobody knows what the services a village lacks cost.
func (v *villageDecision) knownStay() *int64 {
	if !v.StayKnown {
		return nil
	}
	return &v.Stay
}

// proofRows are the objective, the bound, and the gap as an amount, for a head.
func (p *decisionPlanJSON) proofRows(lang Lang) (out aboutSheet) {
	unit := planner.UnitYuan
	if p.Goal == "unserved" {
		unit = planner.UnitPerson
	}
	amount := func(head string, n *float64, unit planner.Unit) {
		if n != nil {
			out = append(out, [2]string{head, grouped(*n, planner.UnitCount) + " " + lang.unit(unit)})
		}
	}
	amount("目标 objective", p.Objective, unit)
	amount("下界 bound", p.Bound, unit)
	amount("差距折合 gap in money", asFloat(p.GapYuan), planner.UnitYuan)
	amount("差距折合人数 gap in persons", asFloat(p.GapPersons), planner.UnitPerson)
	return out
}

func asFloat(n *int64) *float64 {
	if n == nil {
		return nil
	}
	x := float64(*n)
	return &x
}

// gapWords is what a solver proved, for a head.
func gapWords(s *solvedJSON) string {
	if s.Gap == nil {
		return ""
	}
	return fmt.Sprintf(", gap %.4f %%", 100**s.Gap)
}

// site is the name of a site with its number.
func (p *planAbout) site(id planner.ID) string {
	if id == 0 {
		return ""
	}
	return p.sites[id] + " " + idText(id)
}

// joinIDs lists ids in one text.
func joinIDs(ids []planner.ID) string {
	out := ""
	for i, id := range ids {
		if i > 0 {
			out += " "
		}
		out += idText(id)
	}
	return out
}

var assignColumns = []string{"village", "site", "households", "persons", "m", "s", "straight_m", "wet_m", "wet_s", "walk_out_min"}

// AssignCSV writes an assignment as CSV, a row for each village and site.
func AssignCSV(w io.Writer, a *planner.Assessment, p *planner.AssignPlan) error {
	plan := wireAssign(a, p, 0)
	return plan.writeCSV(w)
}

func (p *assignJSON) writeCSV(w io.Writer) error {
	rows := [][]string{assignColumns}
	for i := range p.Rows {
		r := &p.Rows[i]
		rows = append(rows, []string{
			idText(r.Village), idText(r.Site), whole(r.Households), whole(&r.Persons), r.Metres.String(), r.Seconds.String(), r.Straight.String(), r.WetMetres.String(), r.WetSeconds.String(),
			shortest(r.Walk),
		})
	}
	return writeRows(w, rows)
}

var assignSheetColumns = []sheetColumn{
	{"村编号 village", 10}, {"村 village name", 16}, {"安置点编号 site", 10}, {"安置点 site name", 16}, {"户数 households", 12}, {"人口 persons", 12},
	{"直线 straight m", 14}, {"路程 m", 14}, {"用时 s", 14}, {"雨季路程 wet m", 14}, {"雨季用时 wet s", 14},
}

// AssignSheet writes an assignment as a workbook. Counts of households are masked
// as everywhere.
func AssignSheet(w io.Writer, a *planner.Assessment, p *planner.AssignPlan, lang Lang) error {
	plan := wireAssign(a, p, 0)
	return plan.writeSheet(w, newPlanAbout(a), lang)
}

func (p *assignJSON) writeSheet(w io.Writer, of *planAbout, lang Lang) error {
	about := append(of.under("搬迁安置分配 assignment"), [2]string{"结论 status", lang.word("plan_status", p.Status) + gapWords(&p.solvedJSON)})
	s, err := newSpreadsheet(about, assignSheetColumns)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		village, site := int64(r.Village), int64(r.Site)
		var households any = r.Households
		if r.Households == nil {
			households = lang.word("value", "masked")
		}
		if err := s.write(&village, r.Name, &site, r.SiteName, households, &r.Persons, r.Straight, r.Metres, r.Seconds, r.WetMetres, r.WetSeconds); err != nil {
			return err
		}
	}
	return s.end(w)
}
