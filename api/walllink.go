package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on links to a wall.
const (
	linkDays     = 30                      // a link without an end lasts so long
	linkDaysMost = 366                     // and none longer
	linkProtocol = "qiantu"                // what a map stream of a link is answered with
	linkOffer    = linkProtocol + ".link." // and offers, before its token
)

// linkJSON is a link to a wall; what opens it is told once, when it is made.
type linkJSON struct {
	ID        planner.ID `json:"id"`
	Name      string     `json:"name"`
	By        string     `json:"by"`
	Made      string     `json:"made"`
	Ends      string     `json:"ends"`
	Open      bool       `json:"open" doc:"false: it has ended, or was taken back"`
	Revoked   *string    `json:"revoked" doc:"when it was taken back; null: it was not"`
	RevokedBy string     `json:"revoked_by"`
	URL       string     `json:"url,omitempty" doc:"what opens the wall; only in the answer to who made it, and nowhere kept"`
}

type linkListInput struct {
	Region string `query:"region" required:"true" maxLength:"64"`
}

type linkListOutput struct {
	Body struct {
		Items []linkJSON `json:"items"`
	}
}

type linkWrite struct {
	Body struct {
		Region string `json:"region" minLength:"1" maxLength:"64"`
		Name   string `json:"name,omitempty" maxLength:"100" doc:"what it is for: the room, the meeting"`
		Days   int    `json:"days,omitempty" minimum:"1" maximum:"366" doc:"after which it ends; default 30"`
	}
}

type linkMade struct {
	Body linkJSON
}

type linkDelete struct {
	ID     int64  `path:"id" minimum:"1" maximum:"9007199254740992"`
	Region string `query:"region" required:"true" maxLength:"64"`
}

func (s *Server) routeWallLinks(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-wall-links", Method: http.MethodGet, Path: "/api/v1/wall/links", Tags: []string{"wall"},
		Summary: "The links that open a county's wall, the newest 200", Errors: questionErrors,
	}, s.listLinks)
	huma.Register(v1, huma.Operation{
		OperationID: "add-wall-link", Method: http.MethodPost, Path: "/api/v1/wall/links", Tags: []string{"wall"}, DefaultStatus: http.StatusCreated,
		Summary: "Make a link that opens the wall of a county and nothing else", Errors: writeErrors,
	}, s.addLink)
	huma.Register(v1, huma.Operation{
		OperationID: "revoke-wall-link", Method: http.MethodDelete, Path: "/api/v1/wall/links/{id}", Tags: []string{"wall"},
		Summary: "Take a link back; who has it open loses it at once", Errors: writeErrors,
	}, s.revokeLink)
}

func (s *Server) listLinks(ctx context.Context, in *linkListInput) (*linkListOutput, error) {
	if err := s.mayLink(ctx, in.Region); err != nil {
		return nil, err
	}
	links, err := s.works.ledger.WallLinks(ctx, in.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &linkListOutput{}
	out.Body.Items = make([]linkJSON, len(links))
	for i := range links {
		out.Body.Items[i] = s.wireLink(&links[i])
	}
	return out, nil
}

// mayLink asks for the right to edit the county, and for a place to keep links.
func (s *Server) mayLink(ctx context.Context, region string) error {
	if err := s.allow(ctx, planner.ActionEdit, region, ""); err != nil {
		return err
	}
	return s.writable()
}

func (s *Server) wireLink(l *planner.WallLink) linkJSON {
	out := linkJSON{ID: l.ID, Name: l.Name, By: l.By, Made: clock(l.Made), Ends: clock(l.Ends), Open: l.Open(s.works.now()), RevokedBy: l.RevokedBy}
	if !l.Revoked.IsZero() {
		at := clock(l.Revoked)
		out.Revoked = &at
	}
	return out
}

func (s *Server) addLink(ctx context.Context, in *linkWrite) (*linkMade, error) {
	b := &in.Body
	if err := s.mayLink(ctx, b.Region); err != nil {
		return nil, err
	}
	if err := cleanTexts(map[string]*string{"name": &b.Name}); err != nil {
		return nil, err
	}
	if b.Days == 0 {
		b.Days = linkDays
	}
	token, hash := NewToken()
	now := s.works.now()
	l := planner.WallLink{Name: b.Name, By: personOf(ctx).Login, Made: now, Ends: now.Add(time.Duration(b.Days) * 24 * time.Hour)}
	var err error
	if l.ID, err = s.works.ledger.AddWallLink(ctx, b.Region, l.Name, l.By, hash, l.Ends); err != nil {
		return nil, s.fail(err)
	}
	out := &linkMade{s.wireLink(&l)}
	out.Body.URL = "/#/" + url.PathEscape(b.Region) + "/wall?link=" + token
	return out, nil
}

func (s *Server) revokeLink(ctx context.Context, in *linkDelete) (*struct{}, error) {
	if err := s.mayLink(ctx, in.Region); err != nil {
		return nil, err
	}
	err := s.works.ledger.RevokeWallLink(ctx, in.Region, planner.ID(in.ID), personOf(ctx).Login)
	s.callers.forget()
	return nil, s.fail(err)
}

// linkOf is the SHA-256 of the token of a link that a request brings: in a
// header, or where a page can set none, among the protocols of a map stream.
// The address of a page has it behind the #, so that it stands in no log.
func linkOf(r *http.Request) (hash string, brought bool) {
	text, brought := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, offer := range strings.Split(r.Header.Get("Sec-WebSocket-Protocol"), ",") {
		if t, ok := strings.CutPrefix(strings.TrimSpace(offer), linkOffer); ok && !brought {
			text, brought = t, true
		}
	}
	if !brought {
		return "", false
	}
	token, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(token) != tokenBytes {
		return "", true
	}
	return string(hashOf(token)), true
}

// byLink is who stands behind a link: somebody who sees its wall and nothing
// else, whoever is signed in on the screen. One that has ended opens nothing.
func (s *Server) byLink(ctx context.Context, hash string, c *caller) error {
	c.person, c.link = &planner.Person{Guest: true, Login: "link"}, true
	if hash == "" {
		return nil
	}
	h, err := s.callers.find(ctx, hash)
	if err == nil && h.person != nil && h.person.Guest { // a session's token is no link's
		c.person, c.session = h.person, []byte(hash)
	}
	return err
}
