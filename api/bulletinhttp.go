package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// periodJSON is a period with the numbers of the bulletins that closed it.
type periodJSON struct {
	planner.Period
	Closed map[planner.BulletinSubject]int `json:"closed" doc:"number of the bulletin by subject: road, water, relocation"`
}

type periodsInput struct {
	Region string `query:"region" required:"true" maxLength:"64" doc:"code of a county that holds data"`
}

type periodsOutput struct {
	Body struct {
		Items []periodJSON `json:"items"`
	}
}

type bulletinInput struct {
	Subject string `path:"subject" enum:"road,water,relocation"`
	Number  int    `path:"number" minimum:"0" maximum:"1000000" doc:"0: the last"`
	Region  string `query:"region" required:"true" maxLength:"64" doc:"code of a county that holds data"`
	Format
}

func (s *Server) routeBulletins(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-periods", Method: http.MethodGet, Path: "/api/v1/periods", Tags: []string{"bulletin"},
		Summary: "Reporting periods, and which bulletins closed them", Errors: questionErrors,
	}, s.listPeriods)
	op := huma.Operation{
		OperationID: "get-bulletin", Method: http.MethodGet, Path: "/api/v1/bulletins/{subject}/{number}", Tags: []string{"bulletin"},
		Summary: "A bulletin as it is kept, byte for byte, or as a spreadsheet", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getBulletin)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[planner.Bulletin](), true, "Bulletin"))
}

func (s *Server) listPeriods(ctx context.Context, in *periodsInput) (*periodsOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	out := &periodsOutput{}
	out.Body.Items = []periodJSON{}
	if s.bulletins == nil {
		return out, nil
	}
	periods, err := s.bulletins.Periods(ctx, in.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	for _, p := range periods {
		out.Body.Items = append(out.Body.Items, periodJSON(p))
	}
	return out, nil
}

// bulletinOf reads a bulletin of a county; NotFound where there is none.
func (s *Server) bulletinOf(ctx context.Context, region string, subject planner.BulletinSubject, number int) (*planner.KeptBulletin, error) {
	if s.bulletins != nil {
		kept, err := s.bulletins.KeptBulletin(ctx, region, subject, number)
		if err != nil || kept != nil {
			return kept, err
		}
	}
	return nil, planner.Errorf(planner.NotFound, "there is no bulletin %d on %s of %s; GET /api/v1/periods lists those there are", number, subject, region)
}

func (s *Server) getBulletin(ctx context.Context, in *bulletinInput) (*listOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	kept, err := s.bulletinOf(ctx, in.Region, planner.BulletinSubject(in.Subject), in.Number)
	if err != nil {
		return nil, s.fail(err)
	}
	if in.Format.Format == "xlsx" {
		return asSheet(fmt.Sprintf("%s-%s-%d", in.Region, in.Subject, kept.Number), func(w io.Writer) error { return BulletinSheet(w, kept, in.lang()) })
	}
	return &listOutput{ContentType: "application/json", Body: []byte(kept.Body)}, nil
}

// wallBulletinJSON is the bulletin that a wall says the same as.
type wallBulletinJSON struct {
	Number int            `json:"number"`
	Period planner.Period `json:"period"`
	Hash   string         `json:"hash" doc:"SHA-256 of the bulletin"`
	levels map[string]planner.WarningLevel
}

// wallBulletin reads the bulletin on roads with a number, 0 being the last.
func (s *Server) wallBulletin(ctx context.Context, region string, number int) (*wallBulletinJSON, *planner.Bulletin, error) {
	kept, err := s.bulletinOf(ctx, region, planner.BulletinRoad, number)
	if err != nil {
		return nil, nil, err
	}
	b := &planner.Bulletin{}
	if err := json.Unmarshal([]byte(kept.Body), b); err != nil {
		return nil, nil, err
	}
	out := &wallBulletinJSON{b.Number, b.Period, kept.Hash, map[string]planner.WarningLevel{}}
	for _, l := range b.Levels {
		out.levels[l.Code] = l.Level
	}
	return out, b, nil
}

// say puts the published levels, which have the hysteresis of the bulletins, in
// the place of those of the day, and the townships in their order.
func (b *wallBulletinJSON) say(out *wallJSON) {
	out.Bulletin, out.Levels = b, map[string]int{}
	rank := map[string]planner.WarningLevel{}
	for level, name := range levelNames {
		rank[name] = level
		out.Levels[name] = 0
	}
	for i := range out.Townships {
		t := &out.Townships[i]
		if level, known := b.levels[t.Code]; known {
			t.Level = levelNames[level]
		}
		out.Levels[t.Level]++
	}
	slices.SortStableFunc(out.Townships, func(x, y wallRowJSON) int { return int(rank[y.Level] - rank[x.Level]) })
}
