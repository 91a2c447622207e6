package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// dutyJSON is who is responsible for a matter of a place.
type dutyJSON struct {
	ID           planner.ID        `json:"id"`
	Level        planner.DutyLevel `json:"level"`
	Township     string            `json:"township" doc:"code; empty: the duty is not a township's"`
	TownshipName string            `json:"township_name"`
	Village      planner.ID        `json:"village" doc:"0: the duty is no village's or group's"`
	VillageName  string            `json:"village_name"`
	Matter       planner.Matter    `json:"matter"`
	Unit         string            `json:"unit"`
	Person       string            `json:"person"`
	Post         string            `json:"post"`
	Phone        string            `json:"phone"`
	From         string            `json:"from" doc:"empty: since ever"`
	To           string            `json:"to" doc:"the first day that is no longer in it; empty: open"`
	By           string            `json:"by" doc:"login of who entered it; empty: an import"`
}

type dutyInput struct {
	Day
	Level planner.DutyLevel `query:"level" enum:"county,township,village,group" doc:"of that level alone"`
}

type dutyOutput struct {
	Body struct {
		Revision int64      `json:"revision"`
		AsOf     string     `json:"as_of"`
		Items    []dutyJSON `json:"items"`
	}
}

type dutyWrite struct {
	Body struct {
		Region   string            `json:"region" minLength:"1" maxLength:"64"`
		Level    planner.DutyLevel `json:"level" enum:"county,township,village,group"`
		Township string            `json:"township,omitempty" maxLength:"64" doc:"code, of a township's duty"`
		Village  planner.ID        `json:"village,omitempty" minimum:"0" maximum:"9007199254740992" doc:"of a village's or group's duty"`
		Matter   planner.Matter    `json:"matter,omitempty" enum:"all,road,water,relocation" doc:"default: all"`
		Unit     string            `json:"unit,omitempty" maxLength:"200"`
		Person   string            `json:"person" maxLength:"100" doc:"empty: nobody from that day on"`
		Post     string            `json:"post,omitempty" maxLength:"200"`
		Phone    string            `json:"phone,omitempty" maxLength:"60"`
		From     string            `json:"from,omitempty" maxLength:"10" doc:"first day; default: since ever"`
		To       string            `json:"to,omitempty" maxLength:"10" doc:"the first day that is no longer in it; default: open"`
	}
}

type dutyWritten struct {
	Body struct {
		ID       planner.ID `json:"id" doc:"0: nobody is named from that day on"`
		Revision int64      `json:"revision"`
	}
}

func (s *Server) routeDuty(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-duties", Method: http.MethodGet, Path: "/api/v1/duties", Tags: []string{"wall"},
		Summary: "Who is responsible for what", Errors: questionErrors,
	}, s.listDuties)
	huma.Register(v1, huma.Operation{
		OperationID: "set-duty", Method: http.MethodPut, Path: "/api/v1/duties", Tags: []string{"wall"},
		Summary: "Put a matter of a place into somebody's hands from a day on", Errors: writeErrors,
	}, s.setDuty)
}

func (s *Server) listDuties(ctx context.Context, in *dutyInput) (*dutyOutput, error) {
	a, revision, err := s.assessment(ctx, Question{Day: in.Day})
	if err != nil {
		return nil, s.fail(err)
	}
	out := &dutyOutput{}
	out.Body.Revision, out.Body.AsOf, out.Body.Items = revision, a.Snapshot.AsOf.String(), []dutyJSON{}
	names := countyNamesOf(a.Snapshot)
	for i := range a.Snapshot.Duties {
		if d := &a.Snapshot.Duties[i]; in.Level == "" || d.Level == in.Level {
			out.Body.Items = append(out.Body.Items, names.duty(d))
		}
	}
	return out, nil
}

// countyNames are the names of a county's townships and villages.
type countyNames struct {
	townships map[string]string
	villages  map[planner.ID]*planner.Village
}

func countyNamesOf(s *planner.Snapshot) countyNames {
	n := countyNames{map[string]string{}, map[planner.ID]*planner.Village{}}
	for i := range s.Townships {
		n.townships[s.Townships[i].Code] = s.Townships[i].Name
	}
	for i := range s.Villages {
		n.villages[s.Villages[i].ID] = &s.Villages[i]
	}
	return n
}

func (n countyNames) duty(d *planner.Duty) dutyJSON {
	out := dutyJSON{
		ID: d.ID, Level: d.Level, Township: d.Township, TownshipName: n.townships[d.Township], Village: d.Village, Matter: d.Matter,
		Unit: d.Unit, Person: d.Person, Post: d.Post, Phone: d.Phone, From: dayOrNone(d.From), To: dayOrNone(d.To), By: d.By,
	}
	if v := n.villages[d.Village]; v != nil {
		out.VillageName = v.Name
	}
	return out
}

// dayOrNone writes a day; the zero one is empty.
func dayOrNone(d planner.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// setDuty needs the right to edit where the place lies: a grant for a township
// is enough for its own, and for the villages in it.
func (s *Server) setDuty(ctx context.Context, in *dutyWrite) (*dutyWritten, error) {
	d, err := s.dutyOf(ctx, in)
	if err != nil {
		return nil, s.fail(err)
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	out := &dutyWritten{}
	out.Body.ID, out.Body.Revision, err = s.works.ledger.SetDuty(ctx, in.Body.Region, d)
	return out, s.fail(err)
}

// dutyOf reads a duty out of a request, and asks for the right to write it.
func (s *Server) dutyOf(ctx context.Context, in *dutyWrite) (*planner.Duty, error) {
	b := &in.Body
	w := s.world.Load()
	if w == nil {
		return nil, s.errNotReady()
	}
	where := b.Township
	county := w.county(personOf(ctx), b.Region)
	if county != nil && b.Village != 0 {
		v := countyNamesOf(county.snapshot).villages[b.Village]
		if v == nil {
			return nil, badMember("village", "there is no village %d in %s", b.Village, b.Region)
		}
		where = v.Township
	}
	if err := s.allow(ctx, planner.ActionEdit, b.Region, where); err != nil {
		return nil, err
	}
	texts := map[string]*string{"unit": &b.Unit, "person": &b.Person, "post": &b.Post, "phone": &b.Phone}
	if err := cleanTexts(texts); err != nil {
		return nil, err
	}
	d := &planner.Duty{Level: b.Level, Township: b.Township, Village: b.Village, Matter: b.Matter, Unit: b.Unit, Person: b.Person, Post: b.Post, Phone: b.Phone, By: personOf(ctx).Login}
	if d.Matter == "" {
		d.Matter = planner.MatterAll
	}
	for name, day := range map[string]struct {
		text string
		into *planner.Date
	}{"from": {b.From, &d.From}, "to": {b.To, &d.To}} {
		if day.text == "" {
			continue
		}
		var err error
		if *day.into, err = planner.ParseDate(day.text); err != nil {
			return nil, badMember(name, "%.10q is not a calendar day; write it as YYYY-MM-DD", day.text)
		}
	}
	return d, d.Check()
}
