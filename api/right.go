package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// callerKey is where a request's context has its caller.
type callerKey struct{}

// caller is who a request comes from.
type caller struct {
	person  *planner.Person
	session []byte // SHA-256 of the token; nil: a guest
	trusts  bool   // the request came encrypted, so that a cookie may say Secure
	address string // where it came from, without port
	link    bool   // it brought a link to a wall
}

// nobody may do nothing; it stands where no one has been looked up.
var nobody = &caller{person: &planner.Person{Guest: true, Login: guestLogin}}

func callerOf(ctx context.Context) *caller {
	if c, ok := ctx.Value(callerKey{}).(*caller); ok {
		return c
	}
	return nobody
}

// name tells callers apart: by login, guests by where they come from.
func (c *caller) name() string {
	if c.person.Guest {
		return "from " + c.address
	}
	return "login " + c.person.Login
}

// personOf is who asks. It is never nil: who has not signed in is a guest, who
// may read what guests are granted.
func personOf(ctx context.Context) *planner.Person { return callerOf(ctx).person }

// allow is the one place where a request's right to do something is asked: nil,
// or a problem to return as it is. 404 when the county may not be read (as when
// it holds no data), 401 when a guest lacks the right, 403 when a person does.
// township is the one the deed touches, or empty for the county as a whole: a
// grant for a township is not enough then, except to read.
func (s *Server) allow(ctx context.Context, action planner.Action, county, township string) error {
	w := s.world.Load()
	if w == nil {
		return s.fail(s.errNotReady())
	}
	p := personOf(ctx)
	if w.counties[county] == nil || !p.MayReadCounty(w.tree, county) {
		return s.fail(noCounty(county))
	}
	if action == planner.ActionRead {
		return nil
	}
	path := w.tree.Path(county)
	if township != "" {
		if path = w.tree.Path(township); !slices.Contains(path, county) {
			return s.fail(planner.Errorf(planner.Invalid, "%.40q is no township of %s", township, county))
		}
	}
	if p.May(action, path...) {
		return nil
	}
	return lacking(p, action)
}

// noCounty is the answer for a county that is not there and for one that may
// not be read.
func noCounty(code string) error {
	return planner.Errorf(planner.NotFound, "no region %.40q holds data; /api/v1/regions lists those that do", code)
}

// allowWall asks whether somebody may see the wall of a county, as allow does
// for all other rights.
func (s *Server) allowWall(ctx context.Context, county string) error {
	w := s.world.Load()
	c := callerOf(ctx)
	switch {
	case w == nil:
		return s.fail(s.errNotReady())
	case c.link && len(c.person.Grants) == 0:
		return huma.NewError(http.StatusUnauthorized, "this link has ended or was taken back; ask for a new one")
	case w.counties[county] == nil || !c.person.MaySeeWall(w.tree, county):
		return s.fail(noCounty(county))
	}
	return nil
}

// lacking is the answer to who may not do something.
func lacking(p *planner.Person, action planner.Action) error {
	if p.Guest {
		return huma.NewError(http.StatusUnauthorized, "sign in to do this")
	}
	return huma.NewError(http.StatusForbidden, "you may not do this here: it needs the right to "+string(action))
}

// scope is what of a world somebody may read. The key tells scopes of a world
// apart and is empty when it is all of it, so that all who may read everything
// share their tiles.
type scope struct {
	key   string
	codes []string
}

// nothing is the key of a scope without counties: no code looks like it.
const nothing = ","

// scopeOf is what of w a person may read. Those with the same grants share it.
func (w *world) scopeOf(p *planner.Person) scope {
	if w.live != nil {
		return w.live.scopeOf(p)
	}
	grants := grantsKey(p.Grants)
	if held, ok := w.scopes.Load(grants); ok {
		return held.(scope)
	}
	s := scope{codes: p.ReadableCounties(w.tree, w.codes)}
	switch {
	case len(s.codes) == len(w.codes):
	case len(s.codes) == 0:
		s.key = nothing
	default:
		s.key = strings.Join(s.codes, ",")
	}
	w.scopes.Store(grants, s)
	return s
}

// seenBy is what of w somebody may see on a map stream: what he may read, and by
// a link the county of its wall.
func (w *world) seenBy(p *planner.Person) scope {
	s := w.scopeOf(p)
	if !p.MayAnywhere(planner.ActionWall) {
		return s
	}
	for _, code := range w.codes {
		if p.May(planner.ActionWall, code) {
			s = scope{key: code, codes: []string{code}}
		}
	}
	if len(w.codes) == len(s.codes) {
		s.key = ""
	}
	return s
}

// all says whether nothing is left out.
func (s scope) all() bool { return s.key == "" }

// has says whether a county is in the scope.
func (s scope) has(code string) bool {
	_, found := slices.BinarySearch(s.codes, code)
	return found
}

// county returns a county of w that somebody may read; nil: there is none, or
// it is not for him.
func (w *world) county(p *planner.Person, code string) *county {
	if c := w.counties[code]; c != nil && p.MayReadCounty(w.tree, code) {
		return c
	}
	return nil
}
