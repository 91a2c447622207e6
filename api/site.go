package api

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// milliPoints writes thousandths of a point, or of another measure.
const milliPoints planner.Unit = "thousandth"

// siteRowJSON is a site of the list: what it takes, how suitable it is, and what is late.
type siteRowJSON struct {
	ID          planner.ID       `json:"id"`
	Code        string           `json:"code"`
	Name        string           `json:"name"`
	NameEN      string           `json:"name_en"`
	Mode        string           `json:"mode"`
	Township    string           `json:"township"`
	Center      []float64        `json:"center" doc:"lon and lat of its gate"`
	Capacity    siteCapacityJSON `json:"capacity"`
	Suitability siteSuitableJSON `json:"suitability"`
	Approvals   siteTallyJSON    `json:"approvals"`
	FollowUps   siteTallyJSON    `json:"follow_ups"`
	Dwellings   int64            `json:"dwellings" doc:"planned, of its buildings"`
	Flags       []string         `json:"flags" doc:"counts that cannot be true together: moved_in_over_delivered, planned_over_dwellings"`
	Funnel      []siteStageJSON  `json:"funnel" doc:"dwellings at each stage or past it"`
}

type siteCapacityJSON struct {
	Persons   *int64 `json:"persons" doc:"all in persons; null: not known, and limits nobody"`
	Dwellings *int64 `json:"dwellings"`
	Jobs      *int64 `json:"jobs"`
	Water     *int64 `json:"water"`
	School    *int64 `json:"school"`
	Most      int64  `json:"most" doc:"the least of them"`
	Binding   string `json:"binding" enum:",persons,dwellings,jobs,water,school" doc:"which one; empty: none is known"`
	Taken     int64  `json:"taken" doc:"persons who have signed or moved in"`
	Free      int64  `json:"free"`
	Over      int64  `json:"over" doc:"persons beyond it"`
	Coming    int64  `json:"coming" doc:"persons of all moves to it"`
	Left      int64  `json:"left" doc:"room that no move takes: M29 site_capacity_free"`
	MovedIn   int64  `json:"moved_in" doc:"persons"`
}

type siteSuitableJSON struct {
	Class     string   `json:"class" enum:",most,general,less,unsuitable" doc:"empty: the score lies in several"`
	Low       exact    `json:"low" doc:"score of 100; unknown factors count as nothing here"`
	High      exact    `json:"high" doc:"and as 100 here"`
	LowClass  string   `json:"low_class"`
	HighClass string   `json:"high_class"`
	Excluded  []string `json:"excluded" doc:"what excludes it"`
	Unchecked []string `json:"unchecked" doc:"what might, for nobody has looked"`
}

type siteTallyJSON struct {
	Done    int `json:"done"`
	Of      int `json:"of"`
	Overdue int `json:"overdue"`
}

type siteStageJSON struct {
	Stage     string `json:"stage"`
	Dwellings int64  `json:"dwellings"`
}

// siteJSON is all of a site.
type siteJSON struct {
	siteRowJSON
	Revision   int64              `json:"revision"`
	AsOf       string             `json:"as_of"`
	Rule       string             `json:"rule" doc:"version of the county's rules"`
	Land       string             `json:"land" enum:"owned,unused,acquire,unknown"`
	Factors    []siteFactorJSON   `json:"factors"`
	Exclusions []siteExclusion    `json:"exclusions"`
	Checklist  []siteApprovalJSON `json:"checklist" doc:"all steps, the overdue first"`
	Follow     []siteFollowJSON   `json:"follow" doc:"the overdue first, then those to come, then those done"`
	Types      []siteTypeJSON     `json:"types"`
	AreaMaxM2  exact              `json:"area_max_m2" doc:"a person"`
	Consent    siteConsentJSON    `json:"consent"`
	Jobs       *siteJobsJSON      `json:"jobs" doc:"null: none counted, or few households"`
	Costs      []siteCostJSON     `json:"costs"`
}

type siteFactorJSON struct {
	Name    string `json:"name"`
	Weight  exact  `json:"weight" doc:"points"`
	Low     exact  `json:"low" doc:"0 to 100"`
	High    exact  `json:"high" doc:"the same where the factor is known"`
	Measure exact  `json:"measure" doc:"km, jobs a household, minutes, persons' worth a person, grade of road, degrees, 1 or 0: docs/metrics.md; null: none"`
	Why     string `json:"why" doc:"computed, stored, unreachable, or why it is not known"`
	Source  string `json:"source"`
}

type siteExclusion struct {
	Name   string      `json:"name"`
	Is     string      `json:"is" enum:"yes,no,unknown"`
	Why    string      `json:"why"`
	Source string      `json:"source"`
	Area   *planner.ID `json:"area" doc:"reference that its gate lies in"`
}

type siteApprovalJSON struct {
	Step     string `json:"step"`
	State    string `json:"state" enum:"granted,waiting,open,not_needed"`
	Due      string `json:"due"`
	Applied  string `json:"applied"`
	Granted  string `json:"granted"`
	DaysLate int64  `json:"days_late"`
	Document string `json:"document"`
	Note     string `json:"note"`
}

type siteFollowJSON struct {
	ID          planner.ID `json:"id"`
	Kind        string     `json:"kind" enum:"school_places,clinic,insurance,visit"`
	State       string     `json:"state" enum:"done,overdue,soon,later"`
	Due         string     `json:"due"`
	Done        string     `json:"done"`
	DaysLate    int64      `json:"days_late"`
	Amount      *int64     `json:"amount"`
	Responsible string     `json:"responsible"`
	Note        string     `json:"note"`
}

type siteTypeJSON struct {
	Persons   int64 `json:"persons" doc:"of the household it is for"`
	AreaM2    exact `json:"area_m2"`
	PerPerson exact `json:"m2_per_person"`
	Dwellings int64 `json:"dwellings"`
	Over      bool  `json:"over" doc:"more than area_max_m2 a person"`
}

type siteConsentJSON struct {
	Agreed   int64 `json:"agreed" doc:"households"`
	Asked    int64 `json:"asked"`
	Percent  exact `json:"percent" doc:"null: nobody was asked"`
	Needed   exact `json:"needed" doc:"per cent"`
	Villages int   `json:"villages" doc:"that these are of"`
	Withheld int   `json:"withheld" doc:"villages with few households on either side"`
	NotAsked int   `json:"not_asked" doc:"villages"`
}

type siteJobsJSON struct {
	AsOf       string `json:"as_of"`
	Employed   int64  `json:"employed" doc:"persons"`
	Households int64  `json:"households"`
	Able       *int64 `json:"able_households" doc:"null: not counted, or few"`
}

type siteCostJSON struct {
	Item string `json:"item"`
	Yuan exact  `json:"yuan"`
}

type sitesInput struct {
	Question
	Format
}

type sitesJSON struct {
	Revision int64         `json:"revision"`
	AsOf     string        `json:"as_of"`
	Items    []siteRowJSON `json:"items"`
}

type siteInput struct {
	Question
	ID int64 `path:"id" minimum:"1" maximum:"9007199254740992"`
}

type siteOutput struct{ Body siteJSON }

func (s *Server) routeSites(v1 huma.API) {
	op := huma.Operation{
		OperationID: "list-sites", Method: http.MethodGet, Path: "/api/v1/sites", Tags: []string{"figures"},
		Summary: "The relocation sites: capacity with the least part named, suitability, approvals, what is overdue", Errors: questionErrors,
	}
	huma.Register(v1, op, s.listSites)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[sitesJSON](), true, "Sites"))
	huma.Register(v1, huma.Operation{
		OperationID: "get-site", Method: http.MethodGet, Path: "/api/v1/site/{id}", Tags: []string{"figures"},
		Summary: "All of one relocation site: every score opened to its parts, checklist, follow-up, dwellings, consent", Errors: questionErrors,
	}, s.getSite)
}

func (s *Server) listSites(ctx context.Context, in *sitesInput) (*listOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	records := a.SiteRegister()
	if in.Format.Format == "xlsx" {
		out, err := asSheet("sites-"+in.Region, func(w io.Writer) error { return siteSheet(w, a, records, revision, in.lang()) })
		return out, s.fail(err)
	}
	body := sitesJSON{Revision: revision, AsOf: a.Snapshot.AsOf.String(), Items: make([]siteRowJSON, len(records))}
	for i := range records {
		body.Items[i] = wireSiteRow(&records[i])
	}
	return &listOutput{Body: body}, nil
}

func (s *Server) getSite(ctx context.Context, in *siteInput) (*siteOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	record, ok := a.SiteRecord(planner.ID(in.ID))
	if !ok {
		return nil, s.fail(planner.Errorf(planner.NotFound, "there is no relocation site %d in %s", in.ID, in.Region))
	}
	return &siteOutput{Body: wireSite(a, &record, revision)}, nil
}

func wireSiteRow(r *planner.SiteRecord) siteRowJSON {
	s, c := r.Site, &r.Capacity
	out := siteRowJSON{
		ID: s.ID, Code: s.Code, Name: s.Name, NameEN: s.NameEN, Mode: s.Mode, Township: s.Township, Center: []float64{s.Gate[0], s.Gate[1]},
		Capacity: siteCapacityJSON{
			Persons: c.Persons, Dwellings: c.Dwellings, Jobs: c.Jobs, Water: c.Water, School: c.School, Most: c.Most, Binding: string(c.Binding),
			Taken: c.Taken, Free: c.Free, Over: c.Over, Coming: r.Coming, MovedIn: r.MovedIn, Left: max(c.Most-r.Coming, 0),
		},
		Suitability: wireSuitability(r.Suitability), Dwellings: r.Dwellings, Flags: []string{}, Funnel: make([]siteStageJSON, len(r.Funnel)),
	}
	out.Approvals.Done, out.Approvals.Of = r.Granted()
	out.Approvals.Overdue, out.FollowUps.Overdue = r.Overdue()
	out.FollowUps.Of = len(r.FollowUps)
	for i := range r.FollowUps {
		if r.FollowUps[i].State == planner.FollowUpDone {
			out.FollowUps.Done++
		}
	}
	for _, flag := range r.Flags {
		out.Flags = append(out.Flags, string(flag))
	}
	for i, f := range r.Funnel {
		out.Funnel[i] = siteStageJSON{string(f.Stage), f.Dwellings}
	}
	return out
}

func wireSuitability(s *planner.Suitability) siteSuitableJSON {
	out := siteSuitableJSON{
		Class: string(s.Class), Low: exactly(s.Low, milliPoints), High: exactly(s.High, milliPoints), LowClass: string(s.LowClass), HighClass: string(s.HighClass),
		Excluded: []string{}, Unchecked: orNone(s.Unchecked()),
	}
	for _, e := range s.Exclusions {
		if e.Is == planner.Yes {
			out.Excluded = append(out.Excluded, e.Name)
		}
	}
	return out
}

func wireSite(a *planner.Assessment, r *planner.SiteRecord, revision int64) siteJSON {
	rules := &a.Snapshot.Rules
	out := siteJSON{
		siteRowJSON: wireSiteRow(r), Revision: revision, AsOf: a.Snapshot.AsOf.String(), Rule: rules.Version, Land: cmp.Or(r.Site.Land, "unknown"),
		AreaMaxM2: exactly(rules.Site.AreaMaxDM2, planner.UnitM2), Factors: []siteFactorJSON{}, Exclusions: []siteExclusion{}, Checklist: []siteApprovalJSON{},
		Follow: []siteFollowJSON{}, Types: []siteTypeJSON{}, Costs: []siteCostJSON{}, Consent: wireConsent(&r.Consent, rules.Site.ConsentPPM),
	}
	for _, f := range r.Suitability.Factors {
		one := siteFactorJSON{Name: f.Name, Weight: exactly(f.Weight, milliPoints), Low: exactly(f.Low, milliPoints), High: exactly(f.High, milliPoints), Why: f.Why, Source: f.Source}
		if f.Measure != nil {
			one.Measure = exactly(*f.Measure, milliPoints)
		}
		out.Factors = append(out.Factors, one)
	}
	for _, e := range r.Suitability.Exclusions {
		out.Exclusions = append(out.Exclusions, siteExclusion{e.Name, string(e.Is), e.Why, e.Source, idUnless(false, e.Area)})
	}
	for _, p := range r.Approvals {
		out.Checklist = append(out.Checklist, siteApprovalJSON{string(p.Step), p.State, p.Due.String(), p.Applied.String(), p.Granted.String(), p.DaysLate, p.Document, p.Note})
	}
	for _, f := range r.FollowUps {
		out.Follow = append(out.Follow, siteFollowJSON{f.ID, f.Kind, f.State, f.Due.String(), f.Done.String(), f.DaysLate, f.Amount, f.Responsible, f.Note})
	}
	for _, t := range r.Site.Types {
		out.Types = append(out.Types, siteTypeJSON{
			Persons: t.Persons, AreaM2: exactly(t.AreaDM2, planner.UnitM2), PerPerson: exactly(t.AreaDM2/max(t.Persons, 1), planner.UnitM2), Dwellings: t.Dwellings,
			Over: t.AreaDM2 > rules.Site.AreaMaxDM2*t.Persons,
		})
	}
	for _, c := range r.Site.Costs {
		out.Costs = append(out.Costs, siteCostJSON{c.Item, exactly(c.Fen, planner.UnitYuan)})
	}
	if e := r.Employment; e != nil {
		out.Jobs = &siteJobsJSON{e.AsOf.String(), e.Employed, e.Households, e.AbleHouseholds}
	}
	return out
}

func wireConsent(c *planner.ConsentShare, needed int64) siteConsentJSON {
	out := siteConsentJSON{Agreed: c.Agreed, Asked: c.Asked, Needed: exactly(needed, percentOfPPM), Villages: c.Shown, Withheld: c.Withheld, NotAsked: c.NotAsked}
	if share := c.SharePPM(); share != nil {
		out.Percent = exactly(*share, percentOfPPM)
	}
	return out
}

var siteSheetColumns = []sheetColumn{
	{"编码 code", 16}, {"安置点 name", 22}, {"类型 mode", 14}, {"乡镇 township", 14}, {"容量 capacity", 12}, {"受限于 limited by", 14}, {"规划 persons", 12}, {"住房 dwellings", 12},
	{"就业 jobs", 12}, {"供水 water", 12}, {"学位 school", 12}, {"已签约 taken", 12}, {"未签约余量 free", 14}, {"计划迁入 coming", 14}, {"余量 left", 12}, {"已入住 moved in", 14}, {"适宜性 class", 14}, {"得分下限 score low", 14},
	{"得分上限 score high", 14}, {"排除 excluded", 18}, {"未核查 not checked", 18}, {"审批 granted", 12}, {"需办 needed", 12}, {"审批逾期 overdue", 14}, {"后续逾期 follow-up overdue", 16},
	{"套数 dwellings planned", 14}, {"主体完成 structure done", 16}, {"入住套数 lived in", 14}, {"不符 flags", 30}, {"经度 lon", 12}, {"纬度 lat", 12},
}

// siteSheet writes the list as a workbook.
func siteSheet(w io.Writer, a *planner.Assessment, records []planner.SiteRecord, revision int64, lang Lang) error {
	s, err := newSpreadsheet(aboutList(a, "安置点 relocation sites", revision), siteSheetColumns)
	if err != nil {
		return err
	}
	townships := lang.townshipNames(a.Snapshot)
	for i := range records {
		r := wireSiteRow(&records[i])
		c, u := &r.Capacity, &r.Suitability
		stages := map[string]int64{}
		for _, f := range r.Funnel {
			stages[f.Stage] = f.Dwellings
		}
		if err := s.write(r.Code, r.Name, lang.word("mode", r.Mode), cmp.Or(townships[r.Township], r.Township), c.Most, lang.word("limit", cmp.Or(c.Binding, "none")), c.Persons, c.Dwellings,
			c.Jobs, c.Water, c.School, c.Taken, c.Free, c.Coming, c.Left, c.MovedIn, lang.word("suitable", cmp.Or(u.Class, "open")), u.Low, u.High,
			lang.list("exclusion", u.Excluded), lang.list("exclusion", u.Unchecked), r.Approvals.Done, r.Approvals.Of, r.Approvals.Overdue, r.FollowUps.Overdue,
			r.Dwellings, stages["structure_done"], stages["moved_in"], lang.list("site_flag", r.Flags), r.Center[0], r.Center[1]); err != nil {
			return err
		}
	}
	return s.end(w)
}

// list words several codes of a group.
func (l Lang) list(group string, codes []string) string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = l.word(group, code)
	}
	if l == English {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "、")
}
