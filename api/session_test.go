package api

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/planner"
)

const password = "桥 bridge 1 " // blanks and all

// withPassword gives an account a password.
func (f *fakeStore) withPassword(t testing.TB, login, password string, grants ...string) {
	t.Helper()
	hash, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	a := f.add(login, grants...)
	a.hash, a.HasPassword = hash, true
}

// token is the session that an answer sets.
func token(t testing.TB, header http.Header) (string, *http.Cookie) {
	t.Helper()
	cookies := (&http.Response{Header: header}).Cookies()
	if len(cookies) != 1 || cookies[0].Name != cookieName {
		t.Fatalf("cookies %v", cookies)
	}
	return cookies[0].Value, cookies[0]
}

func signInBody(login, password string) string {
	return fmt.Sprintf(`{"login":%q,"password":%q}`, login, password)
}

func TestSignInAndOut(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.withPassword(t, "wang", password, "editor", ownCounty)
	s, _ := live(t, store)
	status, header, body := ask(t, s, "POST", "/api/v1/session", "", signInBody("wang", password))
	if status != http.StatusCreated || !strings.Contains(body, `"actions":{"520527":["read","report","edit"]}`) || !strings.Contains(body, `"guest":false`) {
		t.Fatalf("%d %s", status, body)
	}
	first, cookie := token(t, header)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Secure || cookie.MaxAge != 7*24*3600 || header.Get("Cache-Control") != "no-store" {
		t.Errorf("cookie %+v", cookie)
	}
	if len(store.sessions) != 1 || store.sessions[first] != "" {
		t.Error("the token itself is stored")
	}
	_, header, _ = ask(t, s, "POST", "/api/v1/session", first, signInBody("wang", password))
	second, _ := token(t, header)
	if second == first || len(store.sessions) != 1 {
		t.Errorf("signing in again: the same token %v, %d sessions", second == first, len(store.sessions))
	}
	for token, guest := range map[string]bool{first: true, second: false} {
		if _, _, body := ask(t, s, "GET", "/api/v1/me", token, ""); strings.Contains(body, `"guest":true`) != guest {
			t.Errorf("me: %s", body)
		}
	}
	status, header, _ = ask(t, s, "DELETE", "/api/v1/session", second, "")
	if gone, cookie := token(t, header); status != http.StatusNoContent || gone != "" || cookie.MaxAge >= 0 || len(store.sessions) != 0 {
		t.Errorf("sign-out: %d, cookie %v, %d sessions", status, cookie, len(store.sessions))
	}
	if _, _, body := ask(t, s, "GET", "/api/v1/me", second, ""); !strings.Contains(body, `"guest":true`) {
		t.Errorf("after signing out: %s", body)
	}
	if want := []string{"wang sign in wang", "wang sign in wang", "wang sign out wang"}; !slices.Equal(store.audit, want) {
		t.Errorf("noted %q", store.audit)
	}
}

// All that is wrong with a login has one answer.
func TestWrongLogins(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.withPassword(t, "wang", password)
	store.withPassword(t, "gone", password)
	store.accounts["gone"].Disabled = true
	store.add("bureau", "editor", ownCounty)
	s, _ := live(t, store)
	var bodies []string
	for _, body := range []string{
		signInBody("wang", "wrong password"), signInBody("wang", strings.TrimSpace(password)), signInBody("nobody", password), signInBody("gone", password), signInBody("bureau", password),
		signInBody("bureau", ""), signInBody("wang", ""), signInBody("", ""), signInBody("WANG", password), signInBody("guest", password), signInBody("wang", password+strings.Repeat("x", 1<<19)),
		signInBody("wang' or 1=1", password),
	} {
		s.backoff = newBackoff()
		status, header, answer := ask(t, s, "POST", "/api/v1/session", "", body)
		if status != http.StatusUnauthorized || header.Get("Set-Cookie") != "" {
			t.Errorf("%.60s: %d %s", body, status, answer)
		}
		bodies = append(bodies, instance.ReplaceAllString(answer, ""))
	}
	if slices.Sort(bodies); len(slices.Compact(bodies)) != 1 {
		t.Errorf("answers %q", bodies)
	}
}

// Who has no account is compared with a hash as dear as a true one.
func TestDummyHashCostsTheSame(t *testing.T) {
	params, salt, key, err := argon2id.DecodeHash(dummyHash)
	if err != nil || *params != *hashParams || len(salt) != int(hashParams.SaltLength) || len(key) != int(hashParams.KeyLength) {
		t.Errorf("%+v, %v", params, err)
	}
	h := newHasher()
	if same, err := h.same("", ""); same || err != nil {
		t.Errorf("nothing is the password of nobody: %v, %v", same, err)
	}
}

func TestPasswordBounds(t *testing.T) {
	for password, ok := range map[string]bool{
		"1234567": false, "12345678": true, "        ": true, "一二三": true, strings.Repeat("a", 1024): true, strings.Repeat("a", 1025): false, "": false, "pass\x00word": true,
	} {
		if err := CheckPassword(password); (err == nil) != ok {
			t.Errorf("%d bytes: %v", len(password), err)
		}
	}
	one, err := HashPassword(password)
	two, _ := HashPassword(password)
	if err != nil || one == two || strings.Contains(one, "bridge") {
		t.Errorf("%s %s %v", one, two, err)
	}
}

// Four passwords are checked at once; who comes fifth is told to come again, and
// that is no miss.
func TestHashingIsBounded(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.withPassword(t, "wang", password)
	s, _ := live(t, store)
	for range hashSlots {
		if err := s.hasher.hold(); err != nil {
			t.Fatal(err)
		}
	}
	for range 60 {
		status, header, body := ask(t, s, "POST", "/api/v1/session", "", signInBody("wang", password))
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
			t.Fatalf("%d %s", status, body)
		}
	}
	s.hasher.free()
	if status, _, body := ask(t, s, "POST", "/api/v1/session", "", signInBody("wang", password)); status != http.StatusCreated {
		t.Errorf("with a free slot: %d %s", status, body)
	}
}

// Guesses wait longer and longer, by login and by address, and the owner gets in
// from where he is known.
func TestBackoff(t *testing.T) {
	b := newBackoff()
	now := time.Unix(1_000_000, 0)
	b.now = func() time.Time { return now }
	guess := func(n int, login, address string) (refused int) {
		for range n {
			if b.try(login, address) > 0 {
				refused++
			}
		}
		return refused
	}
	if n := guess(5, "wang", "home"); n != 0 {
		t.Errorf("%d of five were refused", n)
	}
	if wait := b.try("wang", "home"); wait != time.Second {
		t.Errorf("the sixth waits %v", wait)
	}
	b.right("li", "office")
	now = now.Add(time.Hour)
	if n := guess(1000, "wang", "cafe"); n != 995 {
		t.Errorf("%d of a thousand guesses on one login were refused", n)
	}
	refused := 0
	for i := range 1000 {
		refused += guess(1, fmt.Sprint("user", i), "library")
	}
	if refused != 950 {
		t.Errorf("%d of a thousand logins were refused", refused)
	}
	for i := range 100 {
		guess(1, "li", fmt.Sprint("bot", i))
	}
	if b.try("li", "elsewhere") == 0 {
		t.Error("guesses from everywhere are not slowed down")
	}
	if b.try("li", "office") != 0 {
		t.Error("the owner is locked out from where he is known")
	}
	if b.try("zhao", "elsewhere") != 0 {
		t.Error("another login is slowed down")
	}
	if wait := addressRule.wait(1_000_000); wait != addressRule.most {
		t.Errorf("waits %v", wait)
	}
	now = now.Add(backoffForget + time.Second)
	if b.try("wang", "cafe") != 0 {
		t.Error("misses are never forgotten")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	s, _ := live(t, store)
	for i := range 7 {
		status, header, _ := ask(t, s, "POST", "/api/v1/session", "", signInBody("wang", "wrong password"))
		if late := i >= 5; (status == http.StatusTooManyRequests) != late || late && header.Get("Retry-After") == "" {
			t.Errorf("guess %d: %d %q", i, status, header.Get("Retry-After"))
		}
	}
}

// The set-up token works once, for one of many.
func TestSetUp(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.guest = nil
	s := New(Config{Store: store, Log: quiet(), Open: true})
	runOn(t, s)
	offered, hash := NewToken()
	store.setup = hash
	_, _, before := ask(t, s, "GET", "/api/v1/me", "", "")
	if !strings.Contains(before, `"setup_needed":true`) || !strings.Contains(before, `"520527":["read"]`) {
		t.Errorf("before: %s", before)
	}
	body := func(token string) string {
		return fmt.Sprintf(`{"token":%q,"login":"boss","name":"Boss","password":%q}`, token, password)
	}
	other, _ := NewToken()
	for _, wrong := range []string{"", "x", other, offered + "A"} {
		if status, _, answer := ask(t, s, "POST", "/api/v1/setup", "", body(wrong)); status != http.StatusForbidden {
			t.Errorf("token %q: %d %s", wrong, status, answer)
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	count := map[int]int{}
	for range 4 {
		wg.Go(func() {
			s.backoff.right("", "192.0.2.1")
			status, _, _ := ask(t, s, "POST", "/api/v1/setup", "", body(offered))
			mu.Lock()
			defer mu.Unlock()
			count[status]++
		})
	}
	wg.Wait()
	if count[201] != 1 || count[409] != 3 {
		t.Errorf("answers %v", count)
	}
	status, header, _ := ask(t, s, "POST", "/api/v1/session", "", signInBody("boss", password))
	if status != http.StatusCreated {
		t.Fatalf("the first one signs in: %d", status)
	}
	boss, _ := token(t, header)
	if _, _, me := ask(t, s, "GET", "/api/v1/me", boss, ""); !strings.Contains(me, `"setup_needed":false`) || !strings.Contains(me, `"administer":true`) || !strings.Contains(me, `"actions":{}`) {
		t.Errorf("the administrator: %s", me)
	}
	if _, _, regions := ask(t, s, "GET", "/api/v1/regions", "", ""); strings.Contains(regions, ownCounty) {
		t.Errorf("guests still read everything: %s", regions)
	}
}

// The ready roles are the demo's alone, and no way round a password.
func TestDemoRoles(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("bureau", "editor", ownCounty)
	store.withPassword(t, "planner", password, "planner", ownCounty)
	store.add("chief", "admin", planner.Everywhere)
	s := New(Config{Store: store, Log: quiet(), Demo: true})
	runOn(t, s)
	for body, want := range map[string]int{`{"role":"bureau"}`: 201, `{"role":"planner"}`: 404, `{"role":"leader"}`: 404, `{"role":"chief"}`: 422, `{"role":"bureau","x":1}`: 422, `{}`: 422} {
		if status, _, answer := ask(t, s, "POST", "/api/v1/demo/session", "", body); status != want {
			t.Errorf("%s: %d, want %d: %s", body, status, want, answer)
		}
	}
}

// Behind a proxy the cookie is Secure and the proxy says who is there; elsewhere
// the header is nobody's.
func TestBehindAProxy(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.withPassword(t, "wang", password)
	for behind, want := range map[bool]string{true: "203.0.113.9", false: "127.0.0.1"} {
		s := New(Config{Store: store, Log: quiet(), BehindTLS: behind, Hosts: []string{"Roads.example.org"}})
		runOn(t, s)
		r, _ := http.NewRequest("GET", "/", nil)
		r.RemoteAddr = "127.0.0.1:5"
		r.Header.Set("X-Forwarded-For", "1.1.1.1, 203.0.113.9")
		if got := s.addressOf(r); got != want {
			t.Errorf("behind %v: %s", behind, got)
		}
		r.RemoteAddr = "198.51.100.1:5"
		if got := s.addressOf(r); got != "198.51.100.1" {
			t.Errorf("behind %v, from elsewhere: %s", behind, got)
		}
		_, header, _ := ask(t, s, "POST", "/api/v1/session", "", signInBody("wang", password))
		if _, cookie := token(t, header); cookie.Secure != behind {
			t.Errorf("behind %v: cookie %v", behind, cookie)
		}
		if status, _, _ := get(t, s, "/healthz", "Host", "roads.example.org:443"); status != http.StatusOK {
			t.Errorf("the name it has: %d", status)
		}
		if status, _, _ := get(t, s, "/metrics"); status != http.StatusNotFound {
			t.Errorf("metrics from elsewhere: %d", status)
		}
	}
}

// Sessions are looked up once a second, not for every request.
func TestLookupsAreHeld(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("wang", "viewer", ownCounty)
	token := store.session("wang")
	s, _ := live(t, store)
	start := time.Now()
	for range 200 {
		ask(t, s, "GET", "/api/v1/regions", token, "")
		get(t, s, "/api/v1/regions")
	}
	if most := 4 + 3*int(time.Since(start)/time.Second); store.looks > most {
		t.Errorf("%d lookups for 400 requests in %v", store.looks, time.Since(start))
	}
}

// With a certificate of its own everything goes over TLS, the stream too.
func TestOverTLS(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.withPassword(t, "wang", password, "viewer", ownCounty)
	borrowed := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate and the client that trusts it
	defer borrowed.Close()
	s := New(Config{Store: store, Log: quiet(), Hosts: []string{"example.com"}, TLS: &tls.Config{Certificates: borrowed.TLS.Certificates}})
	runOn(t, s)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	defer func() {
		stop()
		borrowed.Client().CloseIdleConnections()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	answer, err := borrowed.Client().Post("https://"+l.Addr().String()+"/api/v1/session", "application/json", strings.NewReader(signInBody("wang", password)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	_, cookie := token(t, answer.Header)
	if answer.StatusCode != http.StatusCreated || !cookie.Secure {
		t.Errorf("%d, cookie %v", answer.StatusCode, cookie)
	}
	dialer := websocket.Dialer{TLSClientConfig: borrowed.Client().Transport.(*http.Transport).TLSClientConfig}
	ws, _, err := dialer.Dial("wss://"+l.Addr().String()+"/ws", http.Header{"Cookie": {cookieName + "=" + cookie.Value}, "Origin": {"https://" + l.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	_ = ws.Close()
	if plain, err := http.Get("http://" + l.Addr().String() + "/healthz"); err == nil {
		_ = plain.Body.Close()
		if plain.StatusCode == http.StatusOK {
			t.Error("plain HTTP is answered")
		}
	}
}
