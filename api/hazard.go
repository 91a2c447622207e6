package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

type storedHazardInput struct {
	Question
	Reference int64 `query:"reference" required:"true" minimum:"1" maximum:"9007199254740992" doc:"number of a stored area"`
}

type drawnHazardInput struct {
	Question
	RawBody []byte `contentType:"application/geo+json" doc:"a Polygon or MultiPolygon, or features of them"`
}

// impactJSON is what lies in an area, and which decisions it breaks.
type impactJSON struct {
	Revision int64               `json:"revision"`
	AsOf     string              `json:"as_of"`
	AreaM2   int64               `json:"area_m2"`
	Sums     impactSumsJSON      `json:"sums"`
	Villages []impactVillageJSON `json:"villages"`
	Sites    []impactSiteJSON    `json:"sites"`
	Roads    []impactRoadJSON    `json:"roads"`
	Water    []impactWaterJSON   `json:"water"`
	Broken   []brokenJSON        `json:"broken" doc:"approved decisions that do not hold any more"`
	CutOff   []impactVillageJSON `json:"cut_off" doc:"villages outside that lose their proven connection when nobody can pass the area"`
}

type impactSumsJSON struct {
	Persons    int64 `json:"persons" doc:"in the villages inside"`
	Unknown    int   `json:"persons_unknown" doc:"villages without a count"`
	MovedIn    int64 `json:"moved_in" doc:"persons who live at sites inside"`
	BuiltM     exact `json:"built_m" doc:"of roads inside"`
	OtherM     exact `json:"other_m"`
	CutPersons int64 `json:"cut_off_persons"`
}

type impactVillageJSON struct {
	ID        planner.ID `json:"id"`
	Name      string     `json:"name"`
	NameEN    string     `json:"name_en"`
	Township  string     `json:"township"`
	Connected string     `json:"connected" doc:"yes, no or unknown, before"`
	Hazard    string     `json:"hazard" doc:"as surveyed before"`
	Persons   *int64     `json:"persons" doc:"null: not known"`
	Leaving   int64      `json:"leaving" doc:"persons of its moves, planned or done"`
	Center    []float64  `json:"center"`
}

type impactSiteJSON struct {
	ID      planner.ID `json:"id"`
	Name    string     `json:"name"`
	NameEN  string     `json:"name_en"`
	MovedIn int64      `json:"moved_in" doc:"persons"`
	Signed  int64      `json:"signed" doc:"persons who have signed or moved in"`
	Coming  int64      `json:"coming" doc:"persons of all moves to it"`
	Center  []float64  `json:"center"`
}

type impactRoadJSON struct {
	ID     planner.ID `json:"id"`
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	Class  string     `json:"class"`
	BuiltM exact      `json:"built_m" doc:"inside"`
	OtherM exact      `json:"other_m" doc:"not built, or not known to be"`
}

type impactWaterJSON struct {
	ID      planner.ID `json:"id"`
	Name    string     `json:"name"`
	Persons int64      `json:"persons" doc:"of the villages it serves"`
	Unknown int        `json:"persons_unknown" doc:"of them without a count"`
	Center  []float64  `json:"center"`
}

type brokenJSON struct {
	Kind      string      `json:"kind" enum:"move_to_site,plan_site,programme_road,plan_road,must_go"`
	State     string      `json:"state" doc:"planned, signed, moved_in; under_way, done; approved, of the plan in force; connected, road, open"`
	Move      *planner.ID `json:"move"`
	Village   *planner.ID `json:"village"`
	Site      *planner.ID `json:"site"`
	Programme *planner.ID `json:"programme"`
	Road      *planner.ID `json:"road"`
	Names     []string    `json:"names" doc:"of village and site, programme and road, or village"`
	Persons   *int64      `json:"persons" doc:"null: a road, or nobody has counted"`
	M         exact       `json:"m" doc:"of the task, or of the plan's road, inside"`
	DoneM     exact       `json:"done_m"`
}

// hazardAreaJSON is a stored area that can be asked about.
type hazardAreaJSON struct {
	ID     planner.ID `json:"id"`
	Layer  string     `json:"layer" enum:"hazard,flood"`
	Kind   string     `json:"kind"`
	Name   string     `json:"name"`
	AreaM2 int64      `json:"area_m2"`
	Center []float64  `json:"center" doc:"of its box"`
}

type hazardsInput struct{ Question }

type hazardsOutput struct {
	Body struct {
		Revision int64            `json:"revision"`
		Items    []hazardAreaJSON `json:"items" doc:"the largest first"`
	}
}

type impactOutput struct{ Body impactJSON }

func (s *Server) routeHazard(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-hazards", Method: http.MethodGet, Path: "/api/v1/hazards", Tags: []string{"figures"},
		Summary: "The stored areas of hazard and flood", Errors: questionErrors,
	}, s.listHazards)
	huma.Register(v1, huma.Operation{
		OperationID: "get-hazard-impact", Method: http.MethodGet, Path: "/api/v1/hazard/impact", Tags: []string{"figures"},
		Summary: "What lies in a stored hazard area, and which decisions break", Errors: questionErrors,
	}, s.getStoredHazard)
	huma.Register(v1, huma.Operation{
		OperationID: "post-hazard-impact", Method: http.MethodPost, Path: "/api/v1/hazard/impact", Tags: []string{"figures"},
		Summary: "What lies in a new hazard area, and which decisions break", Errors: questionErrors, MaxBodyBytes: 4 << 20,
	}, s.getDrawnHazard)
}

func (s *Server) listHazards(ctx context.Context, in *hazardsInput) (*hazardsOutput, error) {
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &hazardsOutput{}
	out.Body.Revision, out.Body.Items = revision, []hazardAreaJSON{}
	for i := range c.snapshot.References {
		r := &c.snapshot.References[i]
		area := planner.AreaOf(r.Geometry)
		if area == nil || r.Layer != "hazard" && r.Layer != "flood" {
			continue
		}
		middle := area.Bound().Center()
		out.Body.Items = append(out.Body.Items, hazardAreaJSON{r.ID, r.Layer, r.Kind, r.Name, int64(geo.Area(area) + 0.5), []float64{middle[0], middle[1]}})
	}
	slices.SortStableFunc(out.Body.Items, func(x, y hazardAreaJSON) int { return cmp.Compare(y.AreaM2, x.AreaM2) })
	return out, nil
}

func (s *Server) getStoredHazard(ctx context.Context, in *storedHazardInput) (*impactOutput, error) {
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	for i := range c.snapshot.References {
		r := &c.snapshot.References[i]
		if r.ID != planner.ID(in.Reference) {
			continue
		}
		area := planner.AreaOf(r.Geometry)
		if area == nil {
			return nil, badParam("reference", "%d %s is no area; name one that is a polygon", in.Reference, r.Name)
		}
		return s.impact(ctx, c, fmt.Sprint("hazard ", r.ID), area, revision)
	}
	return nil, s.fail(planner.Errorf(planner.NotFound, "there is no area %d in %s", in.Reference, in.Region))
}

func (s *Server) getDrawnHazard(ctx context.Context, in *drawnHazardInput) (*impactOutput, error) {
	area, err := readArea(in.RawBody)
	if err != nil {
		return nil, s.fail(err)
	}
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	return s.impact(ctx, c, fmt.Sprintf("hazard drawn %x", sha256.Sum256(in.RawBody)), area, revision)
}

func (s *Server) impact(ctx context.Context, c *county, what string, area orb.MultiPolygon, revision int64) (*impactOutput, error) {
	h, err := workOut(ctx, s, c, what, weighImpact, func(ctx context.Context) (*planner.HazardImpact, error) {
		return c.assessment.HazardImpact(ctx, area)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &impactOutput{Body: wireImpact(c.assessment, h, revision)}, nil
}

// weighImpact is about how many bytes an impact takes.
func weighImpact(h *planner.HazardImpact) int64 {
	return 64 * int64(len(h.Villages)+len(h.Sites)+2*len(h.Roads)+len(h.Water)+3*len(h.Broken)+len(h.CutOff))
}

// areaJSON is whatever GeoJSON has that can hold an area.
type areaJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometry    *areaJSON       `json:"geometry"`
	Features    []areaJSON      `json:"features"`
}

// readArea reads the polygons of a GeoJSON object; heights are left off.
func readArea(body []byte) (orb.MultiPolygon, error) {
	if err := checkJSON(body); err != nil {
		return nil, err
	}
	var root areaJSON
	if err := json.Unmarshal(body, &root); err != nil {
		return nil, planner.Errorf(planner.Invalid, "the body is no GeoJSON: %s", wordsOf(err))
	}
	return root.polygons()
}

func (a *areaJSON) polygons() (orb.MultiPolygon, error) {
	switch {
	case a.Type == "Feature" && a.Geometry != nil:
		return a.Geometry.polygons()
	case a.Type == "FeatureCollection":
		var out orb.MultiPolygon
		for i := range a.Features {
			part, err := a.Features[i].polygons()
			if err != nil {
				return nil, err
			}
			out = append(out, part...)
		}
		return out, nil
	case a.Type == "Polygon":
		var rings [][][]float64
		if err := json.Unmarshal(a.Coordinates, &rings); err != nil {
			return nil, noArea(a.Type)
		}
		polygon, err := polygonOf(rings)
		return orb.MultiPolygon{polygon}, err
	case a.Type == "MultiPolygon":
		var polygons [][][][]float64
		if err := json.Unmarshal(a.Coordinates, &polygons); err != nil {
			return nil, noArea(a.Type)
		}
		out := make(orb.MultiPolygon, len(polygons))
		for i, rings := range polygons {
			var err error
			if out[i], err = polygonOf(rings); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, planner.Errorf(planner.Invalid, "a GeoJSON %.30q is no area; send a Polygon, a MultiPolygon, or features of them", a.Type)
}

func noArea(kind string) error {
	return planner.Errorf(planner.Invalid, "the coordinates are not those of a %s; write rings of [lon, lat]", kind)
}

func polygonOf(rings [][][]float64) (orb.Polygon, error) {
	out := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		for _, position := range ring {
			if len(position) < 2 {
				return nil, noArea("Polygon")
			}
			out[i] = append(out[i], orb.Point{position[0], position[1]})
		}
	}
	return out, nil
}

func wireImpact(a *planner.Assessment, h *planner.HazardImpact, revision int64) impactJSON {
	out := impactJSON{
		Revision: revision, AsOf: a.Snapshot.AsOf.String(), AreaM2: h.AreaM2, Villages: []impactVillageJSON{}, Sites: []impactSiteJSON{}, Roads: []impactRoadJSON{},
		Water: []impactWaterJSON{}, Broken: []brokenJSON{}, CutOff: []impactVillageJSON{},
	}
	for _, v := range h.Villages {
		one := wireImpactVillage(v.VillageVerdict, v.Leaving)
		out.Villages = append(out.Villages, one)
		if one.Persons == nil {
			out.Sums.Unknown++
		} else {
			out.Sums.Persons += *one.Persons
		}
	}
	for _, i := range h.CutOff {
		one := wireImpactVillage(&a.Villages[i], 0)
		out.CutOff = append(out.CutOff, one)
		if one.Persons != nil {
			out.Sums.CutPersons += *one.Persons
		}
	}
	for _, s := range h.Sites {
		out.Sums.MovedIn += s.MovedIn
		out.Sites = append(out.Sites, impactSiteJSON{s.Site.ID, s.Site.Name, s.Site.NameEN, s.MovedIn, s.Signed, s.Coming, []float64{s.Site.Gate[0], s.Site.Gate[1]}})
	}
	var built, other int64
	for _, r := range h.Roads {
		built, other = built+r.BuiltMM, other+r.OtherMM
		out.Roads = append(out.Roads, impactRoadJSON{r.Road, r.Code, r.Name, r.Class, exactly(r.BuiltMM, metres), exactly(r.OtherMM, metres)})
	}
	out.Sums.BuiltM, out.Sums.OtherM = exactly(built, metres), exactly(other, metres)
	for _, w := range h.Water {
		out.Water = append(out.Water, impactWaterJSON{w.Project.ID, w.Project.Name, w.Persons, w.Unknown, []float64{w.Project.Point[0], w.Project.Point[1]}})
	}
	names := namesOf(a.Snapshot)
	for i := range h.Broken {
		out.Broken = append(out.Broken, wireBroken(&h.Broken[i], names))
	}
	return out
}

func wireImpactVillage(d *planner.VillageVerdict, leaving int64) impactVillageJSON {
	v := d.Village
	out := impactVillageJSON{
		ID: v.ID, Name: v.Name, NameEN: v.NameEN, Township: v.Township, Connected: string(d.Connected), Hazard: v.Hazard, Leaving: leaving,
		Center: []float64{v.Point[0], v.Point[1]},
	}
	if n, known := v.Persons(); known {
		out.Persons = &n
	}
	return out
}

// namesOf are the names of the things that decisions are about, by kind and id.
func namesOf(s *planner.Snapshot) map[string]map[planner.ID]string {
	out := map[string]map[planner.ID]string{"village": {}, "site": {}, "programme": {}, "road": {}}
	for i := range s.Villages {
		out["village"][s.Villages[i].ID] = s.Villages[i].Name
	}
	for i := range s.Sites {
		out["site"][s.Sites[i].ID] = s.Sites[i].Name
	}
	for i := range s.Programmes {
		out["programme"][s.Programmes[i].ID] = s.Programmes[i].Name
	}
	for i := range s.Roads {
		out["road"][s.Roads[i].ID] = s.Roads[i].Name
	}
	return out
}

func wireBroken(b *planner.BrokenDecision, names map[string]map[planner.ID]string) brokenJSON {
	id := func(of planner.ID) *planner.ID { return idUnless(false, of) }
	out := brokenJSON{Kind: b.Kind, State: b.State, Move: id(b.Move), Village: id(b.Village), Site: id(b.Site), Programme: id(b.Programme), Road: id(b.Road)}
	switch b.Kind {
	case planner.BrokenProgramme:
		out.Names = []string{names["programme"][b.Programme], names["road"][b.Road]}
		out.M, out.DoneM = exactly(b.MM, metres), exactly(b.DoneMM, metres)
		return out
	case planner.BrokenMove:
		out.Names = []string{names["village"][b.Village], names["site"][b.Site]}
	default:
		out.Names = []string{names["village"][b.Village]}
	}
	if !b.Unknown {
		out.Persons = &b.Persons
	}
	return out
}
