package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// instance is the number of a request in a problem.
var instance = regexp.MustCompile(`"instance":"[^"]*"`)

// The two counties of the matrix: everyone's grants are for the own one.
const (
	ownCounty   = "520527"
	otherCounty = "520304"
)

// doors is a reviewed list: every route, what it needs, and a request to it
// that is sound but for the right. %s is the county, %[1]s100 its township.
var doors = map[string]door{
	"GET /ws":                            {needs: "open"},
	"GET /healthz":                       {needs: "open"},
	"GET /readyz":                        {needs: "open"},
	"GET /metrics":                       {needs: "open"}, // of a service that only this machine can reach
	"GET /*":                             {needs: "open", target: "/"},
	"GET /tiles/{layer}.json":            {needs: "open", target: "/tiles/road.json"}, // what it holds: TestTilesAndListsLeaveOut
	"GET /tiles/{layer}/{z}/{x}/{y}.mvt": {needs: "open", target: "/tiles/road/9/404/215.mvt"},
	"GET /tiles/backdrop/{id}/{layer}/{z}/{x}/{y}":        {needs: "open", target: "/tiles/backdrop/a/0/1/0/0", ok: 404}, // none is configured; who may have it: TestBackdropsThatAreNot
	"GET /tiles/relief/{z}/{x}/{y}.png":                   {needs: "open", target: "/tiles/relief/9/404/215.png", ok: 204},
	"GET /api/v1/backdrops":                               {needs: "open"},
	"GET /api/v1/openapi.json":                            {needs: "open"},
	"GET /api/v1/openapi.yaml":                            {needs: "open"},
	"GET /api/v1/openapi-3.0.json":                        {needs: "open"},
	"GET /api/v1/openapi-3.0.yaml":                        {needs: "open"},
	"GET /api/v1/revision":                                {needs: "open"},
	"GET /api/v1/regions":                                 {needs: "open"},
	"GET /api/v1/search":                                  {needs: "open", target: "/api/v1/search?q=大"},
	"GET /api/v1/me":                                      {needs: "open"},
	"POST /api/v1/session":                                {needs: "open", body: `{"login":"nobody"}`, ok: 422},
	"DELETE /api/v1/session":                              {needs: "open"},
	"POST /api/v1/setup":                                  {needs: "open", body: `{"token":"x"}`, ok: 422},
	"POST /api/v1/demo/session":                           {needs: "open", body: `{"role":"bureau"}`, ok: 404},
	"GET /api/v1/regions/{code}":                          {needs: "read", target: "/api/v1/regions/%s"},
	"GET /api/v1/report/{kind}":                           {needs: "read", target: "/api/v1/report/completion?region=%s"},
	"GET /api/v1/export/map":                              {needs: "read", target: "/api/v1/export/map?region=%s&paper=a4&format=pdf"},
	"GET /api/v1/periods":                                 {needs: "read", target: "/api/v1/periods?region=%s"},
	"GET /api/v1/bulletins/{subject}/{number}":            {needs: "read", target: "/api/v1/bulletins/road/1?region=%s", ok: 404}, // none is closed
	"GET /api/v1/evidence":                                {needs: "read", target: "/api/v1/evidence?region=%s&metric=M02"},
	"GET /api/v1/feature/{layer}/{id}":                    {needs: "read", target: "/api/v1/feature/village/1?region=%s"},
	"GET /api/v1/legend":                                  {needs: "read", target: "/api/v1/legend?region=%s"},
	"GET /api/v1/distances":                               {needs: "read", target: "/api/v1/distances?region=%s"},
	"GET /api/v1/villages":                                {needs: "read", target: "/api/v1/villages?region=%s"},
	"GET /api/v1/proof":                                   {needs: "read", target: "/api/v1/proof?region=%s&village=1"},
	"GET /api/v1/ranking":                                 {needs: "read", target: "/api/v1/ranking?region=%s"},
	"GET /api/v1/inspections/worth":                       {needs: "read", target: "/api/v1/inspections/worth?region=%s"},
	"GET /api/v1/manifest":                                {needs: "read", target: "/api/v1/manifest?region=%s"},
	"GET /api/v1/isochrone":                               {needs: "read", target: "/api/v1/isochrone?region=%s&facility=1&minutes=10"},
	"GET /api/v1/coverage/difference":                     {needs: "read", target: "/api/v1/coverage/difference?region=%s&from_season=wet"},
	"GET /api/v1/water/difference":                        {needs: "read", target: "/api/v1/water/difference?region=%s&from_season=dry"},
	"GET /api/v1/sites":                                   {needs: "read", target: "/api/v1/sites?region=%s"},
	"GET /api/v1/site/{id}":                               {needs: "read", target: "/api/v1/site/1?region=%s"},
	"GET /api/v1/hazards":                                 {needs: "read", target: "/api/v1/hazards?region=%s"},
	"GET /api/v1/hazard/impact":                           {needs: "read", target: "/api/v1/hazard/impact?region=%s&reference=2", ok: 404},
	"POST /api/v1/hazard/impact":                          {needs: "read", target: "/api/v1/hazard/impact?region=%s", body: `{"type":"Polygon","coordinates":[[[104.5,27],[104.6,27],[104.6,27.1],[104.5,27]]]}`},
	"POST /api/v1/matrix":                                 {needs: "read", body: `{"region":"%s","from":[[104.6,27.1]],"to":[[104.7,27.1]]}`},
	"POST /api/v1/plan/decide":                            {needs: "read", body: `{"region":"%s"}`},
	"POST /api/v1/plan/assign":                            {needs: "read", body: `{"region":"%s"}`},
	"POST /api/v1/plan/site":                              {needs: "read", body: `{"region":"%s","sites":1}`},
	"GET /api/v1/plan/curve":                              {needs: "read", target: "/api/v1/plan/curve?region=%s&steps=1"},
	"POST /api/v1/plan/flow":                              {needs: "read", body: `{"region":"%s"}`},
	"GET /api/v1/plan/decide":                             {needs: "read", target: "/api/v1/plan/decide?region=%s"},
	"GET /api/v1/plan/{id}":                               {needs: "open", target: "/api/v1/plan/none", ok: 404}, // only who made it: TestPlanInEveryForm
	"POST /api/v1/plan/{id}/stop":                         {needs: "open", target: "/api/v1/plan/none/stop", ok: 404},
	"POST /api/v1/me/password":                            {needs: "account", body: `{"old":"12345678","new":"123456789"}`, ok: 403}, // there is none to be right
	"GET /api/v1/users":                                   {needs: "administer"},
	"POST /api/v1/users":                                  {needs: "administer", body: `{"login":"taken","name":"x"}`, ok: 409},
	"GET /api/v1/users/{login}":                           {needs: "administer there", target: "/api/v1/users/clerk%s"},
	"PATCH /api/v1/users/{login}":                         {needs: "administer there", target: "/api/v1/users/clerk%s", body: `{"unit":"x"}`},
	"DELETE /api/v1/users/{login}/sessions":               {needs: "administer there", target: "/api/v1/users/clerk%s/sessions"},
	"POST /api/v1/users/{login}/grants":                   {needs: "administer there", target: "/api/v1/users/clerk%s/grants", body: `{"role":"viewer","region":"%s100"}`},
	"DELETE /api/v1/users/{login}/grants/{role}/{region}": {needs: "administer there", target: "/api/v1/users/clerk%s/grants/viewer/%[1]s100"},
}

// door is one route of the matrix.
type door struct {
	needs  string // a key of reviewedDoors
	target string // default: the route itself
	body   string
	kind   string // content type of the body; default: JSON
	ok     int    // answer to who has the right; zero: any of 2xx, 304 and 426
}

// callersOf are the columns of the matrix. The guest may read the own county,
// and whose session ended is a guest.
var callersOf = []string{"guest", "viewer", "leader", "reporter", "editor", "planner", "approver", "admin", "disabled", "expired", "link", "old link"}

// reviewedDoors says, for each need, what each caller gets in the own county
// and in the other one, in the order of callersOf: y yes, 1 not signed in
// (401), 3 may not (403), 4 not there (404). A link opens the wall of the own
// county; the old one has ended.
var reviewedDoors = map[string][2]string{
	"open":             {"yyyyyyyyyyyy", "yyyyyyyyyyyy"},
	"account":          {"1yyyyyyy1111", "1yyyyyyy1111"},
	"read":             {"yyyyyyy4yy44", "444444444444"},
	"report":           {"133yy3341144", "444444444444"},
	"edit":             {"1333y3341144", "444444444444"},
	"report or decide": {"133yy3y41144", "444444444444"},
	"edit or decide":   {"1333y3y41144", "444444444444"},
	"decide":           {"133333y41144", "444444444444"},
	"plan":             {"13333y341144", "444444444444"},
	"administer":       {"1333333y1111", "1333333y1111"},
	"wall":             {"yyyyyyy4yyy1", "444444444441"},
	"administer there": {"1333333y1111", "133333341111"},
}

// matrix starts a server with two counties and one account per role, each with
// its grant on the own county, and gives everyone's token.
func matrix(t testing.TB) (*Server, map[string]string) {
	t.Helper()
	store := newFake(smallCounty(ownCounty, 104.5), smallCounty(otherCounty, 106.5))
	store.guest = []string{ownCounty}
	tokens := map[string]string{"guest": "", "expired": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
	for _, role := range planner.Roles {
		store.add(string(role), string(role), ownCounty)
		tokens[string(role)] = store.session(string(role))
	}
	store.add("disabled", "editor", ownCounty).Disabled = true
	tokens["disabled"] = store.session("disabled")
	store.add("taken")
	tokens["link"], tokens["old link"] = linkMark+store.link(ownCounty), linkMark+tokens["expired"]
	for _, county := range []string{ownCounty, otherCounty} {
		store.add("clerk"+county, "viewer", county+"100")
	}
	s, _ := live(t, store)
	return s, tokens
}

// linkMark stands before the token of a link.
const linkMark = "link "

// ask sends a request with a token and a JSON body.
func ask(t testing.TB, s *Server, method, target, token, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	carry(r, token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Result().Header, string(text)
}

// carry puts the token of a session or of a link on a request.
func carry(r *http.Request, token string) {
	if link, ok := strings.CutPrefix(token, linkMark); ok {
		r.Header.Set("Authorization", "Bearer "+link)
	} else if token != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	}
}

// fill puts the county into a template that has a place for it.
func fill(template, county string) string {
	if !strings.Contains(template, "%") {
		return template
	}
	return strings.SplitN(fmt.Sprintf(template, county), "%!(EXTRA", 2)[0]
}

// Every route has an entry, and everyone gets exactly what was reviewed.
func TestRightsMatrix(t *testing.T) {
	s, _ := matrix(t)
	var routes []string
	err := chi.Walk(s.routes, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, method+" "+route)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range doors {
		if !slices.Contains(routes, name) {
			t.Errorf("%s is reviewed and does not exist", name)
		}
	}
	for _, name := range routes {
		d, reviewed := doors[name]
		if !reviewed {
			t.Errorf("%s has no entry in doors: say what it needs", name)
			continue
		}
		t.Run(name, func(t *testing.T) { d.check(t, name) })
	}
}

func (d door) check(t *testing.T, name string) {
	want, known := reviewedDoors[d.needs]
	if !known {
		t.Fatalf("no such need: %q", d.needs)
	}
	method, target, _ := strings.Cut(name, " ")
	if d.target != "" {
		target = d.target
	}
	s, tokens := matrix(t)
	for side, county := range []string{ownCounty, otherCounty} {
		for i, who := range callersOf {
			if method != http.MethodGet && want[side][i] == 'y' { // the deeds of one caller are not the next one's world
				s, tokens = matrix(t)
			}
			var header []string
			if d.kind != "" {
				header = []string{"Content-Type", d.kind}
			}
			got, _, body := ask(t, s, method, fill(target, county), tokens[who], fill(d.body, county), header...)
			if !d.answers(want[side][i], got, body) {
				t.Errorf("%s in %s: %d, reviewed is %q: %.200s", who, county, got, want[side][i], body)
			}
		}
	}
}

// answers says whether an answer is what a mark stands for. That the county or
// the account is not there differs from a thing in it that is not.
func (d door) answers(mark byte, status int, body string) bool {
	unseen := strings.Contains(body, "holds data") || strings.Contains(body, "nobody has the login")
	switch mark {
	case '1':
		return status == http.StatusUnauthorized
	case '3':
		return status == http.StatusForbidden
	case '4':
		return status == http.StatusNotFound && unseen
	}
	if d.ok != 0 {
		return status == d.ok && !unseen
	}
	return status/100 == 2 || status == http.StatusNotModified || status == http.StatusUpgradeRequired
}

// What allow says is what the table of planner says, for each action and each
// role, in the own county, its township and the other county.
func TestAllow(t *testing.T) {
	s, tokens := matrix(t)
	for who, token := range tokens {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		carry(r, token)
		s.withCaller(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			for _, action := range planner.Actions {
				mark := "y"
				if row, listed := reviewedDoors[string(action)]; listed {
					mark = string(row[0][slices.Index(callersOf, who)])
				}
				if action == planner.ActionAdminister {
					continue // is not asked of a county
				}
				for _, township := range []string{"", ownCounty + "100"} {
					if got := markOf(s.allow(r.Context(), action, ownCounty, township)); got != mark {
						t.Errorf("%s, %s in %q: %s, want %s", who, action, township, got, mark)
					}
				}
				for _, county := range []string{otherCounty, "999999", ""} {
					if got := markOf(s.allow(r.Context(), action, county, "")); got != "4" {
						t.Errorf("%s, %s in %q: %s", who, action, county, got)
					}
				}
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}

func markOf(err error) string {
	status, ok := err.(interface{ GetStatus() int })
	switch {
	case err == nil:
		return "y"
	case ok && status.GetStatus() > 400 && status.GetStatus() < 405:
		return fmt.Sprint(status.GetStatus() - 400)
	}
	return err.Error()
}

// A township's grant writes there, not in the county and not in its neighbour;
// a township elsewhere is refused.
func TestAllowInTownships(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("wang", "reporter", ownCounty+"100")
	token := store.session("wang")
	s, _ := live(t, store)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	s.withCaller(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for township, want := range map[string]string{ownCounty + "100": "y", ownCounty + "101": "3", "": "3"} {
			if got := markOf(s.allow(r.Context(), planner.ActionReport, ownCounty, township)); got != want {
				t.Errorf("%q: %s, want %s", township, got, want)
			}
		}
		if err := s.allow(r.Context(), planner.ActionReport, ownCounty, "520304100"); err == nil || markOf(err) == "3" {
			t.Errorf("a township of elsewhere: %v", err)
		}
		if personOf(r.Context()).Login != "wang" {
			t.Errorf("the caller is %v", personOf(r.Context()))
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	if _, _, body := ask(t, s, "GET", "/api/v1/me", token, ""); !strings.Contains(body, `"townships":{"520527100":["read","report"]}`) || !strings.Contains(body, `"actions":{"520527":["read"]}`) {
		t.Errorf("me: %s", body)
	}
}

// An unseen county answers, letter by letter, as one that does not exist.
func TestUnseenIsUnknown(t *testing.T) {
	s, tokens := matrix(t)
	for _, target := range []string{
		"/api/v1/regions/%s", "/api/v1/report/completion?region=%s", "/api/v1/evidence?region=%s&metric=M02", "/api/v1/search?q=a&region=%s",
		"/api/v1/feature/village/1?region=%s", "/api/v1/legend?region=%s", "/api/v1/distances?region=%s", "/api/v1/villages?region=%s&format=xlsx",
		"/api/v1/proof?region=%s&village=1", "/api/v1/ranking?region=%s", "/api/v1/inspections/worth?region=%s", "/api/v1/manifest?region=%s", "/api/v1/isochrone?region=%s&facility=1&minutes=10", "/api/v1/hazards?region=%s", "/api/v1/sites?region=%s", "/api/v1/site/1?region=%s", "/api/v1/hazard/impact?region=%s&reference=1", "/api/v1/coverage/difference?region=%s", "/api/v1/water/difference?region=%s", "/api/v1/report/completion?region=%s&as_of=2019-01-01",
	} {
		var bodies []string
		for _, county := range []string{otherCounty, "999999"} {
			status, _, body := ask(t, s, "GET", fmt.Sprintf(target, county), tokens["editor"], "")
			if status != http.StatusNotFound {
				t.Errorf("%s of %s: %d", target, county, status)
			}
			bodies = append(bodies, strings.ReplaceAll(instance.ReplaceAllString(body, ""), county, "X"))
		}
		if bodies[0] != bodies[1] {
			t.Errorf("%s tells an unseen county from none:\n%s\n%s", target, bodies[0], bodies[1])
		}
	}
}

// Lists, search, tiles and their description hold what may be read and nothing
// else; those who may read everything share their tiles.
func TestTilesAndListsLeaveOut(t *testing.T) {
	s, tokens := matrix(t)
	s.store.(*fakeStore).add("chief", "viewer", planner.Everywhere)
	everything := s.store.(*fakeStore).session("chief")
	tile := "/tiles/village/" + geo.TileAt(orb.Point{104.6, 27.1}, 7).String() + ".mvt" // holds both counties
	tags := map[string]string{}
	for name, one := range map[string]struct {
		token     string
		own, both bool
	}{"own": {tokens["viewer"], true, false}, "guest": {"", true, false}, "all": {everything, true, true}, "none": {tokens["admin"], false, false}} {
		_, _, regions := ask(t, s, "GET", "/api/v1/regions", one.token, "")
		_, _, found := ask(t, s, "GET", "/api/v1/search?q=大坪", one.token, "")
		_, _, about := ask(t, s, "GET", "/tiles/village.json", one.token, "")
		status, header, body := ask(t, s, "GET", tile, one.token, "")
		tags[name] = header.Get("ETag")
		for what, text := range map[string]string{"regions": regions, "search": found, "tile": body} {
			if strings.Contains(text, ownCounty) != one.own || strings.Contains(text, otherCounty) != one.both {
				t.Errorf("%s, %s: %d %.300s", name, what, status, text)
			}
		}
		var described tileJSON
		if err := json.Unmarshal([]byte(about), &described); err != nil || (len(described.Bounds) == 4) != one.own || one.own && (described.Bounds[2] > 106) != one.both {
			t.Errorf("%s: the tiles reach over %v, %v", name, described.Bounds, err)
		}
	}
	if tags["own"] != tags["guest"] || tags["own"] == tags["all"] || tags["none"] == tags["own"] || tags["none"] == tags["all"] {
		t.Errorf("ETags %v", tags)
	}
	if status, _, _ := ask(t, s, "GET", tile, everything, "", "If-None-Match", tags["own"]); status != http.StatusOK {
		t.Errorf("another's tag is answered with %d", status)
	}
	if status, _, _ := ask(t, s, "GET", tile, tokens["leader"], "", "If-None-Match", tags["own"]); status != http.StatusNotModified {
		t.Errorf("the tag of who may read the same is answered with %d", status)
	}
}
