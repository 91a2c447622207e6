package api

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/qiantu/qiantu/planner"
)

// fakePeople keeps accounts in memory as data does in tables.
type fakePeople struct {
	mu       sync.Mutex
	tree     planner.Tree
	guest    []string
	accounts map[string]*fakeAccount
	sessions map[string]string // token hash to login
	setup    []byte
	audit    []string // actor, action, login
	peopleOf error    // of People, when set
	looks    int      // calls of People
	links    []*fakeLink
}

type fakeAccount struct {
	planner.Account
	hash string
}

// reader may read everything; tests that call past the guard use it.
var reader = &planner.Person{Guest: true, Login: guestLogin, Grants: []planner.Grant{{Role: planner.RoleViewer, Region: planner.Everywhere}}}

func newFakePeople() *fakePeople {
	return &fakePeople{tree: planner.Tree{}, guest: []string{planner.Everywhere}, accounts: map[string]*fakeAccount{}, sessions: map[string]string{}}
}

// add makes an account with grants, as role and region by turns, and no
// password.
func (f *fakePeople) add(login string, grants ...string) *fakeAccount {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := &fakeAccount{Account: planner.Account{Person: planner.Person{ID: int64(len(f.accounts) + 1), Login: login, Name: login, Rights: 1}, Created: day}}
	for i := 0; i < len(grants); i += 2 {
		a.Grants = append(a.Grants, planner.Grant{Role: planner.Role(grants[i]), Region: grants[i+1]})
	}
	f.accounts[login] = a
	return a
}

// session opens one without a password and gives the token.
func (f *fakePeople) session(login string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	token, hash := NewToken()
	f.sessions[string(hash)] = login
	return token
}

func (f *fakePeople) note(actor, action, login string) {
	f.audit = append(f.audit, actor+" "+action+" "+login)
}

func (f *fakePeople) People(_ context.Context, sessions [][]byte) (*planner.People, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	out := &planner.People{Guest: slices.Clone(f.guest), Sessions: map[string]*planner.Person{}}
	for _, a := range f.accounts {
		out.Accounts = out.Accounts || a.hash != ""
	}
	f.behindLinks(sessions, out.Sessions)
	for _, s := range sessions {
		if a := f.accounts[f.sessions[string(s)]]; a != nil && !a.Disabled {
			p := a.Person
			p.Grants = slices.Clone(p.Grants)
			out.Sessions[string(s)] = &p
		}
	}
	return out, f.peopleOf
}

func (f *fakePeople) Tree(context.Context) (planner.Tree, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.tree), nil
}

func (f *fakePeople) SignIn(_ context.Context, who *planner.Person, session, before []byte, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a := f.accounts[who.Login]; a == nil || a.Disabled || a.Rights != who.Rights {
		return planner.Errorf(planner.Conflict, "the account changed meanwhile")
	}
	delete(f.sessions, string(before))
	f.sessions[string(session)] = who.Login
	f.note(who.Login, "sign in", who.Login)
	return nil
}

func (f *fakePeople) SeeSession(context.Context, []byte) error { return nil }

func (f *fakePeople) SignOut(_ context.Context, who *planner.Person, session []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sessions, string(session))
	f.note(who.Login, "sign out", who.Login)
	return nil
}

// end takes the sessions of an account, but one, away.
func (f *fakePeople) end(login string, keep []byte) int64 {
	before := len(f.sessions)
	maps.DeleteFunc(f.sessions, func(s, of string) bool { return of == login && s != string(keep) })
	return int64(before - len(f.sessions))
}

func (f *fakePeople) EndSessions(_ context.Context, actor, login string) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note(actor, "end sessions", login)
	return f.end(login, nil), nil
}

func (f *fakePeople) SetUp(_ context.Context, token []byte, a planner.NewAccount) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.setup == nil:
		return planner.Errorf(planner.Conflict, "the service is set up; sign in")
	case !bytes.Equal(f.setup, token):
		return planner.Errorf(planner.NotFound, "this is not the set-up token")
	}
	f.setup = nil
	f.accounts[a.Login] = &fakeAccount{hash: a.Hash, Account: planner.Account{HasPassword: true, Created: day, Person: planner.Person{
		ID: 1, Login: a.Login, Name: a.Name, Rights: 1, Grants: []planner.Grant{{Role: planner.RoleAdmin, Region: planner.Everywhere}}}}}
	f.note("setup", "add", a.Login)
	return nil
}

func (f *fakePeople) Accounts(context.Context) ([]planner.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []planner.Account
	for _, login := range sortedKeys(f.accounts) {
		out = append(out, f.accounts[login].Account)
	}
	return out, nil
}

func (f *fakePeople) Account(_ context.Context, login string) (*planner.Account, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[login]
	if a == nil {
		return nil, "", planner.Errorf(planner.NotFound, "nobody has the login %q", login)
	}
	out := a.Account
	out.Grants = slices.Clone(out.Grants)
	return &out, a.hash, nil
}

func (f *fakePeople) AddAccount(_ context.Context, actor string, a planner.NewAccount) error {
	f.mu.Lock()
	taken := f.accounts[a.Login] != nil
	f.mu.Unlock()
	if taken {
		return planner.Errorf(planner.Conflict, "the login %q is taken", a.Login)
	}
	made := f.add(a.Login)
	f.mu.Lock()
	defer f.mu.Unlock()
	made.hash, made.HasPassword, made.Name, made.Unit = a.Hash, a.Hash != "", a.Name, a.Unit
	f.note(actor, "add", a.Login)
	return nil
}

func (f *fakePeople) ChangeAccount(_ context.Context, actor, login string, rights int64, c planner.AccountChange, keep []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[login]
	if a == nil || rights != 0 && a.Rights != rights {
		return planner.Errorf(planner.Conflict, "somebody else changed the account")
	}
	a.Rights++
	if c.Name != nil {
		a.Name = *c.Name
	}
	if c.Hash != nil {
		a.hash, a.HasPassword = *c.Hash, true
	}
	if c.Disabled != nil {
		a.Disabled = *c.Disabled
	}
	if c.Hash != nil || a.Disabled {
		f.end(login, keep)
	}
	f.note(actor, "change", login)
	return nil
}

func (f *fakePeople) GiveGrant(_ context.Context, actor, login string, _ int64, g planner.Grant) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note(actor, "grant", login)
	if login == guestLogin {
		f.guest = append(f.guest, g.Region)
		return nil
	}
	f.accounts[login].Grants = append(f.accounts[login].Grants, g)
	f.accounts[login].Rights++
	return nil
}

func (f *fakePeople) TakeGrant(_ context.Context, actor, login string, _ int64, g planner.Grant) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note(actor, "revoke", login)
	if login == guestLogin {
		f.guest = slices.DeleteFunc(f.guest, func(r string) bool { return r == g.Region })
		return nil
	}
	a := f.accounts[login]
	a.Grants = slices.DeleteFunc(a.Grants, func(one planner.Grant) bool { return one == g })
	a.Rights++
	return nil
}
