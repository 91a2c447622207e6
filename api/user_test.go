package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// administrators starts a server with a chief of everywhere, one of the own
// county, and a clerk; all have tokens.
func administrators(t *testing.T) (*Server, *fakeStore, map[string]string) {
	t.Helper()
	store := newFake(smallCounty(ownCounty, 104.5), smallCounty(otherCounty, 106.5))
	store.guest = nil
	store.add("chief", "admin", planner.Everywhere)
	store.add("local", "admin", ownCounty)
	store.withPassword(t, "wang", password, "editor", ownCounty)
	store.add("far", "editor", otherCounty)
	s, _ := live(t, store)
	tokens := map[string]string{}
	for _, login := range []string{"chief", "local", "wang"} {
		tokens[login] = store.session(login)
	}
	return s, store, tokens
}

// step is one request of a story and the answer it has to get.
type step struct {
	who, method, target, body string
	status                    int
	holds                     string // part of the answer
}

func tell(t *testing.T, s *Server, tokens map[string]string, steps []step) {
	t.Helper()
	for _, one := range steps {
		status, _, body := ask(t, s, one.method, one.target, tokens[one.who], one.body)
		if status != one.status || !strings.Contains(body, one.holds) {
			t.Errorf("%s: %s %s %s: %d, want %d with %q: %s", one.who, one.method, one.target, one.body, status, one.status, one.holds, body)
		}
	}
}

func TestAdministration(t *testing.T) {
	s, store, tokens := administrators(t)
	const users = "/api/v1/users"
	tell(t, s, tokens, []step{
		{"chief", "GET", users, "", 200, `"login":"far"`},
		{"local", "GET", users, "", 200, `"login":"wang"`},
		{"chief", "POST", users, `{"login":"li","name":"李","unit":"西镇","password":"12345678"}`, 201, `"password":true`},
		{"chief", "POST", users, `{"login":"li","name":"李"}`, 409, "taken"},
		{"chief", "POST", users, `{"login":"short","name":"x","password":"123"}`, 422, "8 to 1024 bytes"},
		{"chief", "POST", users + "/li/grants", `{"role":"reporter","region":"520527100"}`, 200, `"grants":[{"role":"reporter","region":"520527100"}]`},
		{"local", "GET", users + "/li", "", 200, `"unit":"西镇"`},
		{"local", "POST", users + "/li/grants", `{"role":"editor","region":"520527"}`, 200, `"editor"`},
		{"local", "POST", users + "/li/grants", `{"role":"editor","region":"520304"}`, 403, "for this region"},
		{"local", "POST", users + "/li/grants", `{"role":"admin","region":"*"}`, 403, "for this region"},
		{"chief", "POST", users + "/li/grants", `{"role":"king","region":"520527"}`, 422, "body.role"},
		{"chief", "POST", users + "/li/grants", `{"role":"editor","region":"999999"}`, 422, "body.region"},
		{"local", "GET", users + "/far", "", 404, "nobody"},
		{"local", "PATCH", users + "/far", `{"disabled":true}`, 404, "nobody"},
		{"local", "PATCH", users + "/chief", `{"password":"12345678"}`, 404, "nobody"},
		{"chief", "PATCH", users + "/chief", `{"disabled":true}`, 403, "own account"},
		{"chief", "POST", users + "/chief/grants", `{"role":"viewer","region":"*"}`, 403, "own account"},
		{"local", "POST", users + "/local/grants", `{"role":"editor","region":"520527"}`, 403, "own account"},
		{"chief", "DELETE", users + "/li/grants/reporter/520527100", "", 200, `"grants":[{"role":"editor","region":"520527"}]`},
		{"chief", "GET", users + "/nobody", "", 404, "nobody"},
		{"local", "POST", users + "/guest/grants", `{"role":"viewer","region":"520527"}`, 200, `"login":"guest"`},
		{"local", "POST", users + "/guest/grants", `{"role":"viewer","region":"*"}`, 403, "for this region"},
		{"", "GET", "/api/v1/regions/520527", "", 200, ownCounty},
		{"chief", "PATCH", users + "/guest", `{"disabled":true}`, 422, "guest"},
		{"local", "DELETE", users + "/guest/grants/viewer/520527", "", 200, `"grants":[]`},
		{"", "GET", "/api/v1/regions/520527", "", 404, "no region"},
		{"wang", "GET", users, "", 403, "administer"},
		{"chief", "DELETE", users + "/wang/sessions", "", 200, `"ended":1`},
		{"wang", "GET", "/api/v1/me", "", 200, `"guest":true`},
		{"chief", "PATCH", users + "/wang", `{"disabled":true}`, 200, `"disabled":true`},
		{"", "POST", "/api/v1/session", signInBody("wang", password), 401, "wrong"},
		{"chief", "PATCH", users + "/wang", `{"disabled":false,"password":"another one"}`, 200, `"disabled":false`},
		{"", "POST", "/api/v1/session", signInBody("wang", password), 401, "wrong"},
		{"", "POST", "/api/v1/session", signInBody("wang", "another one"), 201, `"login":"wang"`},
	})
	for _, want := range []string{"chief add li", "chief grant li", "local grant li", "chief revoke li", "local grant guest", "chief end sessions wang", "chief change wang"} {
		if !strings.Contains(strings.Join(store.audit, "\n"), want) {
			t.Errorf("not noted: %s", want)
		}
	}
}

// A new password of one's own ends the other sessions and needs the old one.
func TestOwnPassword(t *testing.T) {
	s, store, tokens := administrators(t)
	tokens["elsewhere"] = store.session("wang")
	const target = "/api/v1/me/password"
	tell(t, s, tokens, []step{
		{"", "POST", target, `{"old":"x","new":"12345678"}`, 401, "sign in"},
		{"wang", "POST", target, `{"old":"wrong one","new":"12345678"}`, 403, "old password"},
		{"wang", "POST", target, `{"old":"` + password + `","new":"short"}`, 422, "bytes"},
		{"elsewhere", "GET", "/api/v1/me", "", 200, `"login":"wang"`},
		{"wang", "POST", target, `{"old":"` + password + `","new":"12345678"}`, 204, ""},
		{"wang", "GET", "/api/v1/me", "", 200, `"login":"wang"`},
		{"elsewhere", "GET", "/api/v1/me", "", 200, `"guest":true`},
		{"", "POST", "/api/v1/session", signInBody("wang", password), 401, "wrong"},
		{"", "POST", "/api/v1/session", signInBody("wang", "12345678"), 201, `"login":"wang"`},
	})
	if status, _, body := ask(t, s, "GET", target, tokens["wang"], ""); status != http.StatusNotFound {
		t.Errorf("reading a password: %d %s", status, body)
	}
}
