package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// grantJSON is a role for a region.
type grantJSON struct {
	Role   planner.Role `json:"role" doc:"viewer, leader, reporter, editor, planner, approver or admin"`
	Region string       `json:"region" maxLength:"80" doc:"code of a township, county, prefecture or province, or * for everywhere"`
}

func wireGrants(grants []planner.Grant) []grantJSON {
	out := make([]grantJSON, len(grants))
	for i, g := range grants {
		out[i] = grantJSON(g)
	}
	return out
}

// meJSON is who asks, and what that person may do where.
type meJSON struct {
	Login       string                      `json:"login"`
	Name        string                      `json:"name"`
	Unit        string                      `json:"unit"`
	Guest       bool                        `json:"guest" doc:"nobody has signed in"`
	Demo        bool                        `json:"demo" doc:"this is the demo: its roles are ready"`
	SetupNeeded bool                        `json:"setup_needed" doc:"nobody has an account yet"`
	Grants      []grantJSON                 `json:"grants"`
	Actions     map[string][]planner.Action `json:"actions" doc:"by county that may be read: what may be done in all of it"`
	Townships   map[string][]planner.Action `json:"townships" doc:"by township with a grant of its own: what may be done there"`
	Administer  bool                        `json:"administer" doc:"may give rights somewhere"`
}

type meOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         meJSON
}

// accountJSON is an account as those see it who give rights.
type accountJSON struct {
	Login    string      `json:"login"`
	Name     string      `json:"name"`
	Unit     string      `json:"unit"`
	Disabled bool        `json:"disabled"`
	Password bool        `json:"password" doc:"false: nobody can sign in"`
	Created  string      `json:"created"`
	Sessions int         `json:"sessions" doc:"open ones"`
	Grants   []grantJSON `json:"grants"`
}

func wireAccount(a *planner.Account) accountJSON {
	return accountJSON{
		Login: a.Login, Name: a.Name, Unit: a.Unit, Disabled: a.Disabled, Password: a.HasPassword,
		Created: clock(a.Created), Sessions: a.Sessions, Grants: wireGrants(a.Grants),
	}
}

// me tells a person what he may do. signedIn says that somebody can.
func (s *Server) me(p *planner.Person, accounts bool) meJSON {
	out := meJSON{
		Login: p.Login, Name: p.Name, Unit: p.Unit, Guest: p.Guest, Demo: s.demo, SetupNeeded: !accounts && !s.demo,
		Grants: wireGrants(p.Grants), Actions: map[string][]planner.Action{}, Townships: map[string][]planner.Action{},
		Administer: p.MayAnywhere(planner.ActionAdminister),
	}
	w := s.world.Load()
	if w == nil {
		return out
	}
	for _, code := range w.scopeOf(p).codes {
		actions := p.ActionsIn(w.tree, code)
		if !slices.Contains(actions, planner.ActionRead) { // a township's grant reads the county
			actions = append([]planner.Action{planner.ActionRead}, actions...)
		}
		out.Actions[code] = actions
	}
	for _, g := range p.Grants {
		if path := w.tree.Path(g.Region); len(path) > 1 && w.counties[path[1]] != nil {
			out.Townships[g.Region] = p.ActionsIn(w.tree, g.Region)
		}
	}
	return out
}

func (s *Server) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	guest, err := s.callers.find(ctx, "")
	if err != nil {
		return nil, s.fail(err)
	}
	return &meOutput{CacheControl: "no-store", Body: s.me(personOf(ctx), guest.accounts)}, nil
}

type passwordInput struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new" doc:"8 to 1024 bytes, taken as they are"`
	}
}

// changePassword lets a person change his own; his other sessions end.
func (s *Server) changePassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	c := callerOf(ctx)
	if c.person.Guest {
		return nil, lacking(c.person, "")
	}
	if wait := s.backoff.try(c.person.Login, c.address); wait > 0 {
		return nil, tooSoon(wait)
	}
	account, hash, err := s.store.Account(ctx, c.person.Login)
	if err != nil {
		return nil, s.fail(err)
	}
	same, err := s.hasher.same(in.Body.Old[:min(len(in.Body.Old), maxPassword)], hash)
	if err != nil {
		return nil, s.failHash(err)
	}
	if !same {
		return nil, huma.NewError(http.StatusForbidden, "the old password is wrong")
	}
	s.backoff.right(c.person.Login, c.address)
	next, err := s.hasher.hash(in.Body.New)
	if err != nil {
		return nil, s.failHash(err)
	}
	change := planner.AccountChange{Hash: &next}
	err = s.store.ChangeAccount(ctx, c.person.Login, c.person.Login, account.Rights, change, c.session)
	s.callers.forget()
	return nil, s.fail(err)
}

// userErrors are what those who give rights may be answered with instead.
var userErrors = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
	http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
}

func (s *Server) routeUsers(v1 huma.API) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Tags: []string{"people"}, Summary: summary, Errors: userErrors}
	}
	huma.Register(v1, op("get-me", http.MethodGet, "/me", "Who asks, and what that person may do"), s.getMe)
	password := op("change-password", http.MethodPost, "/me/password", "Change one's own password")
	password.DefaultStatus, password.Errors = http.StatusNoContent, append([]int{http.StatusTooManyRequests}, userErrors...)
	huma.Register(v1, password, s.changePassword)
	huma.Register(v1, op("list-users", http.MethodGet, "/users", "The accounts one may change"), s.listUsers)
	add := op("add-user", http.MethodPost, "/users", "Make an account")
	add.DefaultStatus = http.StatusCreated
	huma.Register(v1, add, s.addUser)
	huma.Register(v1, op("get-user", http.MethodGet, "/users/{login}", "One account"), s.getUser)
	huma.Register(v1, op("change-user", http.MethodPatch, "/users/{login}", "Change an account"), s.changeUser)
	huma.Register(v1, op("give-grant", http.MethodPost, "/users/{login}/grants", "Give a role for a region"), s.giveGrant)
	huma.Register(v1, op("take-grant", http.MethodDelete, "/users/{login}/grants/{role}/{region}", "Take a role away"), s.takeGrant)
	huma.Register(v1, op("end-sessions", http.MethodDelete, "/users/{login}/sessions", "End all sessions of an account"), s.endSessions)
}

// administrator is who asks, if that person may give rights anywhere, and the
// tree that says where.
func (s *Server) administrator(ctx context.Context) (*planner.Person, planner.Tree, error) {
	p := personOf(ctx)
	if !p.MayAnywhere(planner.ActionAdminister) {
		return nil, nil, lacking(p, planner.ActionAdminister)
	}
	w := s.world.Load()
	if w == nil {
		return nil, nil, s.fail(s.errNotReady())
	}
	return p, w.tree, nil
}

// target is an account that who asks may change. One that he may not see is
// not there; his own is another administrator's business.
func (s *Server) target(ctx context.Context, login string) (*planner.Person, *planner.Account, error) {
	p, tree, err := s.administrator(ctx)
	if err != nil {
		return nil, nil, err
	}
	if login == p.Login {
		return nil, nil, huma.NewError(http.StatusForbidden, "nobody changes his own account; another administrator does, or `qiantu user` on the server")
	}
	account, err := s.account(ctx, login)
	if err == nil && login != guestLogin && !p.MayAdminister(tree, &account.Person) {
		err = planner.Errorf(planner.NotFound, "nobody has the login %.60q", login)
	}
	return p, account, s.fail(err)
}

// account reads one; guest is everyone who has not signed in.
func (s *Server) account(ctx context.Context, login string) (*planner.Account, error) {
	if login != guestLogin {
		account, _, err := s.store.Account(ctx, login)
		return account, err
	}
	people, err := s.store.People(ctx, nil)
	if err != nil {
		return nil, err
	}
	out := &planner.Account{Person: planner.Person{Login: guestLogin, Guest: true}}
	for _, region := range people.Guest {
		out.Grants = append(out.Grants, planner.Grant{Role: planner.RoleViewer, Region: region})
	}
	return out, nil
}

type accountOutput struct{ Body accountJSON }

// again answers with the account as it is now.
func (s *Server) again(ctx context.Context, login string) (*accountOutput, error) {
	s.callers.forget()
	account, err := s.account(ctx, login)
	if err != nil {
		return nil, s.fail(err)
	}
	return &accountOutput{wireAccount(account)}, nil
}

type usersOutput struct {
	Body struct {
		Users []accountJSON `json:"users"`
		Guest []grantJSON   `json:"guest" doc:"what everyone may read without signing in"`
	}
}

func (s *Server) listUsers(ctx context.Context, _ *struct{}) (*usersOutput, error) {
	p, tree, err := s.administrator(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.store.Accounts(ctx)
	if err != nil {
		return nil, s.fail(err)
	}
	guest, err := s.account(ctx, guestLogin)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &usersOutput{}
	out.Body.Users, out.Body.Guest = []accountJSON{}, wireGrants(guest.Grants)
	for i := range accounts {
		if accounts[i].ID == p.ID || p.MayAdminister(tree, &accounts[i].Person) {
			out.Body.Users = append(out.Body.Users, wireAccount(&accounts[i]))
		}
	}
	return out, nil
}

// LoginPath names an account in an address.
type LoginPath struct {
	Login string `path:"login" maxLength:"100"`
}

func (s *Server) getUser(ctx context.Context, in *LoginPath) (*accountOutput, error) {
	_, account, err := s.target(ctx, in.Login)
	if err != nil {
		return nil, err
	}
	return &accountOutput{wireAccount(account)}, nil
}

type addUserInput struct {
	Body struct {
		Login    string `json:"login" maxLength:"100" doc:"2 to 40 of a-z, 0-9, dot, dash, underscore; a letter or digit first"`
		Name     string `json:"name" maxLength:"100"`
		Unit     string `json:"unit,omitempty" maxLength:"200"`
		Password string `json:"password,omitempty" doc:"8 to 1024 bytes; without one nobody can sign in yet"`
	}
}

func (s *Server) addUser(ctx context.Context, in *addUserInput) (*accountOutput, error) {
	p, _, err := s.administrator(ctx)
	if err != nil {
		return nil, err
	}
	a := planner.NewAccount{Login: in.Body.Login, Name: strings.TrimSpace(in.Body.Name), Unit: strings.TrimSpace(in.Body.Unit)}
	if in.Body.Password != "" {
		if a.Hash, err = s.hasher.hash(in.Body.Password); err != nil {
			return nil, s.failHash(err)
		}
	}
	if err := s.store.AddAccount(ctx, p.Login, a); err != nil {
		return nil, s.fail(err)
	}
	return s.again(ctx, a.Login)
}

type changeUserInput struct {
	LoginPath
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"100"`
		Unit     *string `json:"unit,omitempty" maxLength:"200"`
		Password *string `json:"password,omitempty" doc:"a new one; all sessions end"`
		Disabled *bool   `json:"disabled,omitempty" doc:"true: cannot sign in, all sessions end"`
	}
}

func (s *Server) changeUser(ctx context.Context, in *changeUserInput) (*accountOutput, error) {
	p, account, err := s.target(ctx, in.Login)
	if err != nil {
		return nil, err
	}
	if account.Guest {
		return nil, s.fail(planner.Errorf(planner.Invalid, "a guest is nobody; only what guests may read can be changed"))
	}
	change := planner.AccountChange{Name: in.Body.Name, Unit: in.Body.Unit, Disabled: in.Body.Disabled}
	if in.Body.Password != nil {
		hash, err := s.hasher.hash(*in.Body.Password)
		if err != nil {
			return nil, s.failHash(err)
		}
		change.Hash = &hash
	}
	if err := s.store.ChangeAccount(ctx, p.Login, in.Login, account.Rights, change, nil); err != nil {
		return nil, s.fail(err)
	}
	return s.again(ctx, in.Login)
}

type giveGrantInput struct {
	LoginPath
	Body grantJSON
}

type takeGrantInput struct {
	LoginPath
	Role   planner.Role `path:"role" maxLength:"20"`
	Region string       `path:"region" maxLength:"80"`
}

func (s *Server) giveGrant(ctx context.Context, in *giveGrantInput) (*accountOutput, error) {
	w := s.world.Load()
	if g := in.Body; w != nil && g.Region != planner.Everywhere && !w.tree.Knows(g.Region) && personOf(ctx).MayAnywhere(planner.ActionAdminister) {
		return nil, badBody("region", "there is no such region; give the code of a township, county, prefecture or province, or *")
	}
	return s.changeGrant(ctx, in.Login, planner.Grant(in.Body), s.store.GiveGrant)
}

func (s *Server) takeGrant(ctx context.Context, in *takeGrantInput) (*accountOutput, error) {
	return s.changeGrant(ctx, in.Login, planner.Grant{Role: in.Role, Region: in.Region}, s.store.TakeGrant)
}

type grantChange func(ctx context.Context, actor, login string, rights int64, g planner.Grant) error

func (s *Server) changeGrant(ctx context.Context, login string, g planner.Grant, change grantChange) (*accountOutput, error) {
	p, account, err := s.target(ctx, login)
	if err != nil {
		return nil, err
	}
	tree := s.world.Load().tree
	if !slices.Contains(planner.Roles, g.Role) {
		return nil, badBody("role", "want viewer, leader, reporter, editor, planner, approver or admin")
	}
	if !p.MayGrant(tree, g.Region) {
		return nil, huma.NewError(http.StatusForbidden, "you may not give or take rights for this region")
	}
	if err := change(ctx, p.Login, login, account.Rights, g); err != nil {
		return nil, s.fail(err)
	}
	return s.again(ctx, login)
}

type endedOutput struct {
	Body struct {
		Ended int64 `json:"ended"`
	}
}

func (s *Server) endSessions(ctx context.Context, in *LoginPath) (*endedOutput, error) {
	p, account, err := s.target(ctx, in.Login)
	if err != nil {
		return nil, err
	}
	out := &endedOutput{}
	if account.Guest {
		return out, nil
	}
	out.Body.Ended, err = s.store.EndSessions(ctx, p.Login, in.Login)
	s.callers.forget()
	return out, s.fail(err)
}
