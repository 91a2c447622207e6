package data_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

// token is the SHA-256 of a session's token.
func token(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}

func add(t testing.TB, store *data.Store, login string, grants ...planner.Grant) *planner.Person {
	t.Helper()
	if err := store.AddAccount(t.Context(), "boss", planner.NewAccount{Login: login, Name: "Name of " + login, Unit: "u", Hash: "hash"}); err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if err := store.GiveGrant(t.Context(), "boss", login, 0, g); err != nil {
			t.Fatal(err)
		}
	}
	a, hash, err := store.Account(t.Context(), login)
	if err != nil || hash != "hash" {
		t.Fatalf("%v %q %v", a, hash, err)
	}
	return &a.Person
}

func signIn(t testing.TB, store *data.Store, p *planner.Person, session string) {
	t.Helper()
	if err := store.SignIn(t.Context(), p, token(session), nil, "test"); err != nil {
		t.Fatal(err)
	}
}

// behind tells who stands behind sessions, by name.
func behind(t testing.TB, store *data.Store, sessions ...string) map[string]string {
	t.Helper()
	var tokens [][]byte
	for _, s := range sessions {
		tokens = append(tokens, token(s))
	}
	people, err := store.People(t.Context(), tokens)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range sessions {
		if p := people.Sessions[string(token(s))]; p != nil {
			out[s] = p.Login
		}
	}
	return out
}

var clerkGrants = []planner.Grant{{Role: planner.RoleEditor, Region: "520527"}, {Role: planner.RoleReporter, Region: "520527100"}}

func TestAccountsAndGrants(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	wang := add(t, store, "wang", clerkGrants...)
	if diff := cmp.Diff(clerkGrants, wang.Grants); diff != "" || wang.Rights != 3 || wang.Name != "Name of wang" {
		t.Errorf("%+v\n%s", wang, diff)
	}
	for name, err := range map[string]error{
		"conflict":   store.AddAccount(t.Context(), "boss", planner.NewAccount{Login: "wang"}),
		"invalid":    store.AddAccount(t.Context(), "boss", planner.NewAccount{Login: "Wang!"}),
		"invalid ":   store.AddAccount(t.Context(), "boss", planner.NewAccount{Login: data.Guest}),
		"invalid  ":  store.GiveGrant(t.Context(), "boss", data.Guest, 0, planner.Grant{Role: planner.RoleEditor, Region: "*"}),
		"not_found":  store.GiveGrant(t.Context(), "boss", "nobody", 0, clerkGrants[0]),
		"not_found ": store.TakeGrant(t.Context(), "boss", "wang", 0, planner.Grant{Role: planner.RoleAdmin, Region: "*"}),
		"conflict ":  store.GiveGrant(t.Context(), "boss", "wang", 1, planner.Grant{Role: planner.RoleAdmin, Region: "*"}),
	} {
		if got := string(planner.CodeOf(err)); fmt.Sprint(got) != trim(name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := store.TakeGrant(t.Context(), "boss", "wang", 3, clerkGrants[0]); err != nil {
		t.Error(err)
	}
	accounts, err := store.Accounts(t.Context())
	if err != nil || len(accounts) != 1 || !slices.Equal(accounts[0].Grants, clerkGrants[1:]) || !accounts[0].HasPassword || accounts[0].Disabled {
		t.Errorf("%+v %v", accounts, err)
	}
	noted := value[[]string](t, conn, `select array_agg(actor || ' ' || action || ' ' || object order by id) from qiantu.audit`)
	if want := []string{"boss add user:wang", "boss grant user:wang", "boss grant user:wang", "boss revoke user:wang"}; !slices.Equal(noted, want) {
		t.Errorf("noted %q", noted)
	}
	if leaked := value[int](t, conn, `select count(*) from qiantu.audit where detail::text like '%hash%'`); leaked != 0 {
		t.Error("a hash stands in the audit")
	}
}

func trim(s string) string {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// A deed that fails leaves no trace, and its note is not there either.
func TestAuditIsPartOfTheDeed(t *testing.T) {
	store, dsn := openStore(t)
	failed := fmt.Errorf("no")
	err := store.Transaction(t.Context(), func(tx pgx.Tx) error {
		if err := data.Audit(t.Context(), tx, "wang", "report", "520527", "progress:1", map[string]any{"stage": "surface"}); err != nil {
			return err
		}
		return failed
	})
	if n := value[int](t, connect(t, dsn), `select count(*) from qiantu.audit`); err == nil || n != 0 {
		t.Errorf("%v, %d rows", err, n)
	}
}

func TestTreeOfRegions(t *testing.T) {
	store, dsn := openStore(t)
	run(t, connect(t, dsn), `insert into qiantu.region (code, level, name, parent, county) values
		('52', 'province', 'p', null, '52'), ('5205', 'prefecture', 'q', '52', '5205'), ('520527', 'county', 'c', '5205', '520527'),
		('520527100', 'township', 't', '520527', '520527'), ('520527100201', 'village', 'v', '520527100', '520527')`)
	tree, err := store.Tree(t.Context())
	if diff := cmp.Diff(planner.Tree{"52": "", "5205": "52", "520527": "5205", "520527100": "520527"}, tree); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Sessions end by sign-out, age, idleness, with the account and with a new
// password; use keeps them from ending of idleness only.
func TestSessionsEnd(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	all := []string{"a", "b", "c", "d", "e"}
	wang := add(t, store, "wang", clerkGrants[0])
	for _, s := range all {
		signIn(t, store, wang, s)
	}
	if got := behind(t, store, all...); len(got) != 5 || got["a"] != "wang" {
		t.Errorf("open: %v", got)
	}
	if plain := value[int](t, conn, `select count(*) from qiantu.session where token = 'a'::bytea`); plain != 0 {
		t.Error("a token is stored as it is")
	}
	if err := store.SignOut(t.Context(), wang, token("a")); err != nil {
		t.Error(err)
	}
	run(t, conn, `update qiantu.session set expires_at = now() where token = $1`, token("b"))
	run(t, conn, `update qiantu.session set seen_at = now() - interval '12 hours 1 second' where token = $1`, token("c"))
	run(t, conn, `update qiantu.session set seen_at = now() - interval '11 hours' where token = $1`, token("d"))
	for _, s := range all {
		if err := store.SeeSession(t.Context(), token(s)); err != nil {
			t.Error(err)
		}
	}
	if got := behind(t, store, all...); len(got) != 2 || got["d"] == "" || got["e"] == "" {
		t.Errorf("after ends: %v", got)
	}
	if fresh := value[bool](t, conn, `select seen_at > now() - interval '1 minute' from qiantu.session where token = $1`, token("d")); !fresh {
		t.Error("use is not noted")
	}
	listed, err := store.Sessions(t.Context(), "wang")
	if err != nil || len(listed) != 2 || listed[0].Expires.Sub(listed[0].Created) != 7*24*time.Hour || listed[0].Agent != "test" {
		t.Errorf("%+v %v", listed, err)
	}
	hash := "new hash"
	if err := store.ChangeAccount(t.Context(), "wang", "wang", 0, planner.AccountChange{Hash: &hash}, token("e")); err != nil {
		t.Error(err)
	}
	if got := behind(t, store, all...); len(got) != 1 || got["e"] == "" {
		t.Errorf("after a new password: %v", got)
	}
	if err := store.SignIn(t.Context(), wang, token("f"), nil, ""); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("signed in with what was before the new password: %v", err)
	}
	off := true
	if err := store.ChangeAccount(t.Context(), "boss", "wang", 0, planner.AccountChange{Disabled: &off}, nil); err != nil {
		t.Error(err)
	}
	now, _, _ := store.Account(t.Context(), "wang")
	if err := store.SignIn(t.Context(), &now.Person, token("g"), nil, ""); planner.CodeOf(err) != planner.Conflict || !now.Disabled {
		t.Errorf("who is disabled signs in: %v", err)
	}
	if got := behind(t, store, append(all, "f", "g")...); len(got) != 0 {
		t.Errorf("disabled, and yet %v", got)
	}
}

// One session takes the place of another, and all of an account end together.
func TestSessionsAreReplaced(t *testing.T) {
	store, _ := openStore(t)
	wang, li := add(t, store, "wang"), add(t, store, "li")
	signIn(t, store, wang, "a")
	signIn(t, store, li, "l")
	if err := store.SignIn(t.Context(), wang, token("b"), token("a"), ""); err != nil {
		t.Error(err)
	}
	if got := behind(t, store, "a", "b", "l"); got["a"] != "" || got["b"] != "wang" || got["l"] != "li" {
		t.Errorf("%v", got)
	}
	if n, err := store.EndSessions(t.Context(), "boss", "wang"); n != 1 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	if got := behind(t, store, "b", "l"); len(got) != 1 || got["l"] == "" {
		t.Errorf("%v", got)
	}
}

// Of many who bring the token at once exactly one becomes the first.
func TestSetUpOnce(t *testing.T) {
	store, _ := openStore(t)
	offer := func(name string) bool {
		offered, err := store.OfferSetup(t.Context(), token(name))
		if err != nil {
			t.Fatal(err)
		}
		return offered
	}
	first := planner.NewAccount{Login: "boss", Name: "Boss", Hash: "hash"}
	if err := store.SetUp(t.Context(), token("x"), first); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("without an offer: %v", err)
	}
	if !offer("old") || !offer("new") {
		t.Error("nothing is offered")
	}
	if err := store.SetUp(t.Context(), token("old"), first); planner.CodeOf(err) != planner.NotFound {
		t.Errorf("a token of before: %v", err)
	}
	if err := store.SetUp(t.Context(), token("new"), planner.NewAccount{Login: "no login!", Hash: "h"}); planner.CodeOf(err) != planner.Invalid {
		t.Errorf("a wrong login: %v", err)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	count := map[planner.Code]int{}
	for i := range 16 {
		group.Go(func() {
			err := store.SetUp(context.Background(), token("new"), planner.NewAccount{Login: fmt.Sprint("boss", i), Hash: "hash"})
			mu.Lock()
			defer mu.Unlock()
			count[planner.CodeOf(err)]++
		})
	}
	group.Wait()
	accounts, err := store.Accounts(t.Context())
	if count[""] != 1 || count[planner.Conflict] != 15 || err != nil || len(accounts) != 1 || !slices.Equal(accounts[0].Grants, []planner.Grant{{Role: planner.RoleAdmin, Region: "*"}}) {
		t.Errorf("%v, %+v, %v", count, accounts, err)
	}
	if offer("again") {
		t.Error("a token is offered where somebody has an account")
	}
}

// Guests read what they are granted; an account that cannot sign in is none.
func TestGuests(t *testing.T) {
	store, _ := openStore(t)
	look := func() *planner.People {
		people, err := store.People(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return people
	}
	if p := look(); p.Accounts || len(p.Guest) != 0 {
		t.Errorf("at first: %+v", p)
	}
	if err := store.AddAccount(t.Context(), "demo", planner.NewAccount{Login: "bureau"}); err != nil || look().Accounts {
		t.Errorf("an account without a password counts: %v", err)
	}
	county := planner.Grant{Role: planner.RoleViewer, Region: "520527"}
	for range 2 {
		if err := store.GiveGrant(t.Context(), "boss", data.Guest, 0, county); err != nil {
			t.Error(err)
		}
	}
	add(t, store, "wang")
	if p := look(); !p.Accounts || !slices.Equal(p.Guest, []string{"520527"}) {
		t.Errorf("then: %+v", p)
	}
	if err := store.TakeGrant(t.Context(), "boss", data.Guest, 0, county); err != nil || len(look().Guest) != 0 {
		t.Errorf("taken: %v", err)
	}
}

// Whatever changes anyone's rights is told of, also when psql does it, and
// after the connection was cut.
func TestListenRights(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	ctx, stop := context.WithCancel(context.Background())
	notices, err := store.ListenRights(ctx)
	if err != nil {
		t.Fatal(err)
	}
	told := func(what string) {
		t.Helper()
		select {
		case <-notices:
		case <-time.After(5 * time.Second):
			t.Fatalf("not told of %s", what)
		}
	}
	told("the start")
	wang := add(t, store, "wang")
	signIn(t, store, wang, "a")
	for drained := false; !drained; {
		select {
		case <-notices:
		case <-time.After(200 * time.Millisecond):
			drained = true
		}
	}
	for _, sql := range []string{
		`insert into qiantu."grant" ("user", role, region) select id, 'editor', '*' from qiantu."user"`, `update qiantu."user" set disabled_at = now()`,
		`delete from qiantu.session`, `insert into qiantu.guest_grant (region) values ('*')`, `delete from qiantu.guest_grant`, `delete from qiantu."user"`,
	} {
		run(t, conn, sql)
		told(sql)
	}
	run(t, conn, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'qiantu rights' and datname = current_database()`)
	told("the reconnection")
	stop()
	for range notices {
	}
}
