package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// rightsPromise is how soon a change of rights acts on an open stream (P19).
const rightsPromise = 2 * time.Second

// A stream ends within two seconds of what took its right away; the streams of
// others go on.
func TestRightsActOnOpenStreams(t *testing.T) {
	for name, act := range map[string]func(t *testing.T, s *Server, f *fakeStore, token string){
		"signed out": func(t *testing.T, s *Server, _ *fakeStore, token string) {
			if status, _, _ := ask(t, s, "DELETE", "/api/v1/session", token, ""); status != http.StatusNoContent {
				t.Errorf("sign-out: %d", status)
			}
		},
		"signed out everywhere": func(t *testing.T, s *Server, f *fakeStore, _ string) {
			if status, _, _ := ask(t, s, "DELETE", "/api/v1/session?all=true", f.session("wang"), ""); status != http.StatusNoContent {
				t.Errorf("sign-out: %d", status)
			}
		},
		"disabled elsewhere": func(_ *testing.T, _ *Server, f *fakeStore, _ string) {
			f.fakePeople.mu.Lock()
			defer f.fakePeople.mu.Unlock()
			f.accounts["wang"].Disabled = true
		},
		"a role taken": func(t *testing.T, s *Server, f *fakeStore, _ string) {
			f.add("chief", "admin", planner.Everywhere)
			if status, _, body := ask(t, s, "DELETE", "/api/v1/users/wang/grants/editor/"+ownCounty, f.session("chief"), ""); status != http.StatusOK {
				t.Errorf("revoke: %d %s", status, body)
			}
		},
		"a role given elsewhere": func(t *testing.T, _ *Server, f *fakeStore, _ string) {
			if err := f.GiveGrant(t.Context(), "x", "wang", 0, planner.Grant{Role: planner.RoleViewer, Region: otherCounty}); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			store := newFake(smallCounty(ownCounty, 104.5), smallCounty(otherCounty, 106.5))
			store.add("wang", "editor", ownCounty)
			store.add("li", "viewer", ownCounty)
			token := store.session("wang")
			s, _ := live(t, store)
			base := serveOn(t, s)
			c, other, guest := dialAs(t, base, token), dialAs(t, base, store.session("li")), dial(t, base)
			for _, one := range []*client{c, other, guest} {
				one.hello(0)
			}
			start := time.Now()
			act(t, s, store, token)
			c.closedWith(closeRights)
			if took := time.Since(start); took > rightsPromise {
				t.Errorf("it took %v", took)
			}
			other.silent("nothing changed for li")
			guest.silent("nothing changed for guests")
		})
	}
}

// A notice acts at once, without the look each second.
func TestNoticeOfRights(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	notices := make(chan struct{}, 1)
	s := New(Config{Store: store, Log: quiet(), Rights: notices})
	runOn(t, s)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	until(t, "a quiet moment", func() bool { return time.Now().Nanosecond() < 200_000_000 }) // the look may come any time within a second
	store.fakePeople.mu.Lock()
	store.guest = nil
	store.fakePeople.mu.Unlock()
	notices <- struct{}{}
	c.closedWith(closeRights)
	if status, _, body := get(t, s, "/api/v1/regions"); status != http.StatusOK || strings.Contains(body, ownCounty) {
		t.Errorf("a guest still reads: %d %s", status, body)
	}
}

// While the store cannot be asked the streams go on, and reading too.
func TestRightsWhileTheStoreIsAway(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("wang", "viewer", ownCounty)
	token := store.session("wang")
	s, _ := live(t, store)
	c := dialAs(t, serveOn(t, s), token)
	c.hello(0)
	away := func(err error) {
		store.fakePeople.mu.Lock()
		defer store.fakePeople.mu.Unlock()
		store.peopleOf = err
	}
	away(fmt.Errorf("no connection"))
	t.Cleanup(func() { away(nil) })
	time.Sleep(1200 * time.Millisecond)
	if status, _, _ := ask(t, s, "GET", "/api/v1/regions/"+ownCounty, token, ""); status != http.StatusOK {
		t.Errorf("who was known is answered with %d", status)
	}
	if status, _, _ := ask(t, s, "GET", "/api/v1/regions", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", ""); status != http.StatusServiceUnavailable {
		t.Errorf("who is not known is answered with %d", status)
	}
	known, _ := s.callers.held.get(string(sessionHash(token)))
	long := *known
	long.at = time.Now().Add(-rightsOutage)
	s.callers.held.put(string(sessionHash(token)), &long, 1)
	c.closedWith(closeRights)
}

// sessionHash is what a server knows a token by.
func sessionHash(token string) []byte {
	r := &http.Request{Header: http.Header{"Cookie": {cookieName + "=" + token}}}
	return []byte(sessionOf(r))
}

// A stream holds, and is told of, readable counties only.
func TestStreamLeavesOut(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5), smallCounty(otherCounty, 106.5))
	store.guest = nil
	store.add("wang", "viewer", ownCounty+"100")
	s, changes := live(t, store)
	c := dialAs(t, serveOn(t, s), store.session("wang"))
	c.hello(0)
	c.send(allLayers)
	both := geo.TileAt(orb.Point{104.6, 27.1}, 7)
	c.send(`{"type":"view","seq":1,"tiles":["%s","9/404/215","9/407/215"],"center":[104.7,27.1]}`, both)
	for range 3 {
		g := c.expectTile()
		if strings.Contains(string(g.body), otherCounty) || (g.tile == both.String() || g.tile == "9/404/215") == g.empty {
			t.Errorf("%s: empty %v, %d bytes", g.tile, g.empty, len(g.body))
		}
	}
	for _, message := range []string{`{"type":"subscribe","layers":["road"],"region":"` + otherCounty + `"}`, `{"type":"figures","region":"` + otherCounty + `","reports":["completion"]}`} {
		c.send("%s", message)
		if g := c.expect("error"); g.text["code"] != "unknown_region" {
			t.Errorf("%s: %v", message, g.text)
		}
	}
	rename := func(n *planner.Snapshot) { n.Villages[0].Name = "改名" + fmt.Sprint(time.Now().UnixNano()) }
	changes <- store.edit(otherCounty, rename)
	if g := c.expect("stale"); g.text["all"] != false || len(g.text["tiles"].([]any))+len(g.text["regions"].([]any))+len(g.text["layers"].([]any)) != 0 {
		t.Errorf("a change elsewhere is told: %v", g.text)
	}
	c.expect("revision")
	changes <- store.edit(ownCounty, rename)
	if g := c.expect("stale"); len(g.text["tiles"].([]any)) == 0 || fmt.Sprint(g.text["regions"]) != "["+ownCounty+"]" {
		t.Errorf("a change here: %v", g.text)
	}
	c.expect("revision")
	resumed := dialAs(t, serveOn(t, s), store.session("wang"))
	resumed.hello(7)
	if g := resumed.expect("stale"); fmt.Sprint(g.text["regions"]) != "["+ownCounty+"]" || len(g.text["tiles"].([]any)) == 0 {
		t.Errorf("who comes back is told: %v", g.text)
	}
}

// One session has no more streams than it may; others still get theirs.
func TestStreamsOfASessionAreCapped(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("wang", "viewer", ownCounty)
	token := store.session("wang")
	s, _ := live(t, store)
	base := serveOn(t, s)
	s.maxOfSession = 3
	for range 3 {
		dialAs(t, base, token)
	}
	_, answer, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", http.Header{"Cookie": {cookieName + "=" + token}})
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more: %v %v", answer, err)
	}
	dial(t, base).hello(0)
}
