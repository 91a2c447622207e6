package api

import (
	"context"
	"math"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// inspectionJSON is an inspection of an interval.
type inspectionJSON struct {
	ID planner.ID `json:"id"`
	Interval
	Kind      planner.InspectionKind `json:"kind"`
	On        string                 `json:"on"`
	Result    *string                `json:"result" doc:"pass or fail; null: still to be held"`
	PQI       exact                  `json:"pqi" doc:"pavement quality index, 0 to 100; null: not measured"`
	Inspector string                 `json:"inspector"`
	Note      string                 `json:"note"`
	Evidence  []string               `json:"evidence"`
	Seed      *int64                 `json:"seed" doc:"random: what the draw can be repeated with"`
	By        string                 `json:"by"`
}

type inspectionInput struct {
	LedgerQuestion
	Road int64 `query:"road" minimum:"0" maximum:"9007199254740992" doc:"of that route alone"`
}

type inspectionOutput struct {
	Body struct {
		Items []inspectionJSON `json:"items"`
	}
}

// Found is what an inspection found.
type Found struct {
	Result    string   `json:"result,omitempty" enum:"pass,fail"`
	PQI       *float64 `json:"pqi,omitempty" minimum:"0" maximum:"100" doc:"at most three decimals"`
	Inspector string   `json:"inspector,omitempty" maxLength:"100"`
	Note      string   `json:"note,omitempty" maxLength:"2000"`
	Evidence  hashes   `json:"evidence,omitempty"`
}

type inspectionWrite struct {
	RawBody []byte
	Body    struct {
		Region string     `json:"region" minLength:"1" maxLength:"64"`
		ID     string     `json:"id,omitempty" format:"uuid" doc:"made by the client, so that an inspection sent twice is one"`
		Kind   string     `json:"kind" enum:"planned,unannounced,random"`
		Road   planner.ID `json:"road" minimum:"1" maximum:"9007199254740992"`
		FromMM int64      `json:"from_mm" minimum:"0" maximum:"10000000000"`
		ToMM   int64      `json:"to_mm" minimum:"0" maximum:"10000000000"`
		On     string     `json:"on" maxLength:"10"`
		Found
	}
}

type resultInput struct {
	ID   string `path:"id" maxLength:"30"`
	Body struct {
		Region string `json:"region" minLength:"1" maxLength:"64"`
		Found
	}
}

func (s *Server) routeInspection(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-inspections", Method: http.MethodGet, Path: "/api/v1/inspections", Tags: []string{"works"},
		Summary: "Inspections held, and those still to be held", Errors: questionErrors,
	}, s.listInspections)
	huma.Register(v1, huma.Operation{
		OperationID: "add-inspection", Method: http.MethodPost, Path: "/api/v1/inspections", Tags: []string{"works"},
		Summary: "Enter an inspection, or plan one", Errors: writeErrors,
	}, s.addInspection)
	huma.Register(v1, huma.Operation{
		OperationID: "draw-inspections", Method: http.MethodPost, Path: "/api/v1/inspections/draw", Tags: []string{"works"},
		Summary: "Draw intervals at random among completed metres, to be inspected", Errors: writeErrors,
	}, s.drawInspections)
	huma.Register(v1, huma.Operation{
		OperationID: "set-inspection", Method: http.MethodPost, Path: "/api/v1/inspections/{id}/result", Tags: []string{"works"},
		Summary: "Say what an inspection found", Errors: writeErrors,
	}, s.setInspection)
}

func (s *Server) listInspections(ctx context.Context, in *inspectionInput) (*inspectionOutput, error) {
	a, err := s.ledgerOf(ctx, in.LedgerQuestion)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &inspectionOutput{}
	out.Body.Items = []inspectionJSON{}
	for i := range a.Snapshot.Inspections {
		if item := wireInspection(a, &a.Snapshot.Inspections[i]); in.Road == 0 || item.Road == planner.ID(in.Road) {
			out.Body.Items = append(out.Body.Items, item)
		}
	}
	return out, nil
}

func wireInspection(a *planner.Assessment, i *planner.Inspection) inspectionJSON {
	out := inspectionJSON{
		ID: i.ID, Interval: wireInterval(a, i.Road, i.Version, i.Span), Kind: i.Kind, On: i.On.String(), Inspector: i.Inspector,
		Note: i.Note, Evidence: orEmpty(i.Evidence), Seed: i.Seed, By: i.By, PQI: wirePQI(i.PQIMilli),
	}
	if i.Result != "" {
		result := string(i.Result)
		out.Result = &result
	}
	return out
}

// wirePQI writes thousandths as the index itself.
func wirePQI(milli *int64) exact {
	if milli == nil {
		return exact{}
	}
	return exactly(*milli, metres)
}

// pqiFair is the least index, in thousandths, of a road in fair condition (M11).
const pqiFair = 70_000

// clean brings the texts of what was found to the form they are stored in.
func (b *Found) clean() error {
	return cleanTexts(map[string]*string{"inspector": &b.Inspector, "note": &b.Note})
}

// fill brings what was found into an inspection.
func (s *Server) fill(ctx context.Context, a *planner.Assessment, county string, i *planner.Inspection, b *Found) error {
	if err := s.knownEvidence(ctx, a, county, b.Evidence); err != nil {
		return err
	}
	if b.PQI != nil {
		milli := math.Round(*b.PQI * 1000)
		if math.Abs(milli-*b.PQI*1000) > 1e-6 {
			return badMember("pqi", "want at most three decimals")
		}
		whole := int64(milli)
		i.PQIMilli = &whole
	}
	if b.Result != "" && i.On > s.works.today() {
		return badMember("on", "%s has not come, so nothing can have been found; today is %s", i.On, s.works.today())
	}
	if b.Result == "" && b.PQI != nil {
		return badMember("result", "say whether it passed or failed")
	}
	if b.Result == string(planner.InspectionPass) && i.PQIMilli != nil && *i.PQIMilli < pqiFair && b.Note == "" {
		return badMember("note", "it passed with a quality index of %s, which is not even fair (%d); say why", exactly(*i.PQIMilli, metres), pqiFair/1000)
	}
	i.Result, i.Inspector, i.Note, i.Evidence = planner.InspectionResult(b.Result), b.Inspector, b.Note, b.Evidence
	return nil
}

// editOnce opens a write that an editor sends under an id of his own: the county
// as of today, or what the same id was answered before.
func (s *Server) editOnce(ctx context.Context, county, noun, id string, body []byte) (*planner.Assessment, []planner.Once, *wroteOutput, error) {
	if _, err := s.mayAnywhere(ctx, planner.ActionEdit, county); err != nil {
		return nil, nil, nil, err
	}
	if err := s.writable(); err != nil {
		return nil, nil, nil, err
	}
	once, err := onceOf(ctx, county, noun, id, body)
	if err != nil {
		return nil, nil, nil, s.fail(err)
	}
	if done, err := s.doneBefore(ctx, once); done != nil || err != nil {
		return nil, nil, again(done), s.fail(err)
	}
	a, err := s.present(ctx, county)
	return a, once, nil, s.fail(err)
}

func (s *Server) addInspection(ctx context.Context, in *inspectionWrite) (*wroteOutput, error) {
	b := &in.Body
	a, once, done, err := s.editOnce(ctx, b.Region, "inspection", b.ID, in.RawBody)
	if done != nil || err != nil {
		return done, err
	}
	made, err := s.newInspection(ctx, a, in)
	if err != nil {
		return nil, s.fail(err)
	}
	ids, revision, err := s.works.ledger.AddInspections(ctx, b.Region, []planner.Inspection{*made}, once...)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &ids[0], Revision: revision}}, nil
}

func (s *Server) newInspection(ctx context.Context, a *planner.Assessment, in *inspectionWrite) (*planner.Inspection, error) {
	b := &in.Body
	road, span, err := intervalOf(a, b.Road, b.FromMM, b.ToMM)
	if err == nil {
		err = s.mayFor(ctx, planner.ActionEdit, b.Region, townshipsOf(a, road, span))
	}
	if err != nil {
		return nil, err
	}
	on, err := s.dayOf("on", b.On)
	if err == nil {
		err = b.clean()
	}
	if err != nil {
		return nil, err
	}
	made := &planner.Inspection{
		Kind: planner.InspectionKind(b.Kind), Road: road.ID, Version: road.Version, Span: span, On: on, By: personOf(ctx).Login,
	}
	return made, s.fill(ctx, a, b.Region, made, &b.Found)
}

// setInspection is for those who edit, and for those who decide; a result that
// stands is changed by those who edit alone.
func (s *Server) setInspection(ctx context.Context, in *resultInput) (*wroteOutput, error) {
	b := &in.Body
	if err := s.mayAnyOf(ctx, b.Region, planner.ActionEdit, planner.ActionDecide); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	id, err := pathID(in.ID)
	if err != nil {
		return nil, err
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	at := slices.IndexFunc(a.Snapshot.Inspections, func(i planner.Inspection) bool { return i.ID == id })
	if at < 0 {
		return nil, huma.Error404NotFound("there is no inspection with that number")
	}
	set := a.Snapshot.Inspections[at]
	if err := s.maySet(ctx, a, b.Region, &set); err != nil {
		return nil, s.fail(err)
	}
	if b.Result == "" {
		return nil, badMember("result", "say whether it passed or failed")
	}
	if err := b.clean(); err != nil {
		return nil, err
	}
	was := set.Result
	if was != "" && b.Note == "" {
		return nil, badMember("note", "the inspection has a result: %s; say why it is changed", was)
	}
	set.PQIMilli = nil
	if err := s.fill(ctx, a, b.Region, &set, &b.Found); err != nil {
		return nil, s.fail(err)
	}
	set.By = personOf(ctx).Login
	revision, err := s.works.ledger.SetInspection(ctx, b.Region, &set, was)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &id, Revision: revision}}, nil
}

func (s *Server) maySet(ctx context.Context, a *planner.Assessment, county string, i *planner.Inspection) error {
	place := wireInterval(a, i.Road, i.Version, i.Span)
	var townships []string
	if road := roadOf(a, place.Road); road != nil {
		townships = townshipsOf(a, road, spanOf(place))
	}
	edit := s.mayFor(ctx, planner.ActionEdit, county, townships)
	if edit == nil {
		return nil
	}
	if err := s.mayFor(ctx, planner.ActionDecide, county, townships); err != nil {
		return edit
	}
	if i.Result != "" {
		return planner.Errorf(planner.Conflict, "the inspection has a result: %s; only who edits may change it", i.Result)
	}
	return nil
}

type drawInput struct {
	RawBody []byte
	Body    drawBody
}

type drawBody struct {
	Region    string     `json:"region" minLength:"1" maxLength:"64"`
	ID        string     `json:"id,omitempty" format:"uuid" doc:"made by the client, so that a draw sent twice is one"`
	Programme planner.ID `json:"programme,omitempty" minimum:"0" maximum:"9007199254740992" doc:"default: the current one"`
	Township  string     `json:"township,omitempty" maxLength:"64" doc:"default: all"`
	Count     int        `json:"count" minimum:"1" maximum:"200"`
	LengthM   float64    `json:"length_m" minimum:"1" maximum:"10000" doc:"of each interval"`
	Seed      int64      `json:"seed" minimum:"0" maximum:"9007199254740992" doc:"the same draws the same, and what was drawn with it before is not drawn again"`
	On        string     `json:"on" maxLength:"10" doc:"when they are to be held"`
}

type drawOutput struct {
	Body struct {
		Items    []inspectionJSON `json:"items"`
		Revision int64            `json:"revision"`
	}
}

// drawInspections waits for its turn, so that a draw that is asked for again
// finds the first one on the map.
func (s *Server) drawInspections(ctx context.Context, in *drawInput) (*drawOutput, error) {
	b := &in.Body
	var townships []string
	if b.Township != "" {
		townships = []string{b.Township}
	}
	if err := s.mayFor(ctx, planner.ActionEdit, b.Region, townships); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	o, err := s.drawOptions(b)
	if err != nil {
		return nil, err
	}
	once, err := onceOf(ctx, b.Region, "draw", b.ID, in.RawBody)
	if err != nil {
		return nil, s.fail(err)
	}
	done, err := s.turn(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	var wrote int64
	defer func() { done(wrote) }()
	out, err := s.draw(ctx, b.Region, *o, append(once, onceFor(b.Region, "draw", *o)))
	if err != nil {
		return nil, s.fail(err)
	}
	wrote = out.Body.Revision
	return out, nil
}

func (s *Server) drawOptions(b *drawBody) (*planner.DrawOptions, error) {
	on, err := s.dayOf("on", b.On)
	if err != nil {
		return nil, err
	}
	return &planner.DrawOptions{
		Programme: b.Programme, Township: b.Township, Count: b.Count, Length: int64(math.Round(b.LengthM * 1000)), Seed: b.Seed, On: on,
	}, nil
}

// draw stores what is drawn, or finds what was drawn before under a key.
func (s *Server) draw(ctx context.Context, county string, o planner.DrawOptions, once []planner.Once) (*drawOutput, error) {
	a, err := s.present(ctx, county)
	if err != nil {
		return nil, err
	}
	if !knowsProgramme(a, o.Programme) {
		return nil, badMember("programme", "no programme has the number %d", o.Programme)
	}
	if done, err := s.doneBefore(ctx, once); done != nil || err != nil {
		return wireDrawn(a, done, nil), err
	}
	drawn := a.DrawInspections(o)
	if len(drawn) == 0 {
		return nil, badMember("length_m", "no completed interval is so long")
	}
	for i := range drawn {
		drawn[i].By = personOf(ctx).Login
	}
	ids, revision, err := s.works.ledger.AddInspections(ctx, county, drawn, once...)
	if err != nil {
		return nil, err
	}
	for i := range min(len(drawn), len(ids)) {
		drawn[i].ID = ids[i]
	}
	return wireDrawn(a, &planner.Done{IDs: ids, Revision: revision}, drawn), nil
}

// wireDrawn lists what was drawn: as it stands on the map, else as it has just
// been stored.
func wireDrawn(a *planner.Assessment, done *planner.Done, drawn []planner.Inspection) *drawOutput {
	if done == nil {
		return nil
	}
	out := &drawOutput{}
	out.Body.Items, out.Body.Revision = []inspectionJSON{}, done.Revision
	for _, list := range [][]planner.Inspection{a.Snapshot.Inspections, drawn} {
		for i := range list {
			if len(out.Body.Items) < len(done.IDs) && slices.Contains(done.IDs, list[i].ID) {
				out.Body.Items = append(out.Body.Items, wireInspection(a, &list[i]))
			}
		}
	}
	return out
}

// knowsProgramme says whether a county has a programme; 0 is the current one.
func knowsProgramme(a *planner.Assessment, id planner.ID) bool {
	return id == 0 || slices.ContainsFunc(a.Snapshot.Programmes, func(p planner.Programme) bool { return p.ID == id })
}
