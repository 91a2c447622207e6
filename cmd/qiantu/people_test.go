package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const password = "a password for tests"

// typed runs `qiantu user` with something on standard input.
func typed(t testing.TB, dir, stdin string, args ...string) (stderr string, status int) {
	t.Helper()
	cmd := exec.Command(binary(t), append([]string{"user"}, args...)...)
	cmd.Env = append(os.Environ(), "QIANTU_DATA_DIR="+dir, "DATABASE_URL=")
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return errs.String(), cmd.ProcessState.ExitCode()
}

// person is a browser with the cookie of a session.
type person struct {
	t      testing.TB
	base   string
	cookie string
}

// send sends a body and takes the cookie that comes.
func (p *person) send(method, path, body string) (int, string) {
	p.t.Helper()
	request, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if p.cookie != "" {
		request.Header.Set("Cookie", p.cookie)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range response.Cookies() {
		p.cookie = c.Name + "=" + c.Value
	}
	return response.StatusCode, string(text)
}

func (p *person) must(status int, method, path, body string) string {
	p.t.Helper()
	got, text := p.send(method, path, body)
	if got != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, got, status, text)
	}
	return text
}

// stream opens the map stream and greets.
func (p *person) stream() *websocket.Conn {
	p.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.base, "http")+"/ws", http.Header{"Cookie": {p.cookie}})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { ws.Close() })
	if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","version":1,"since":0}`)); err != nil {
		p.t.Fatal(err)
	}
	if _, _, err := ws.ReadMessage(); err != nil {
		p.t.Fatal(err)
	}
	return ws
}

// endsWithin fails unless the stream is closed with 4001 in time.
func endsWithin(t testing.TB, ws *websocket.Conn, promise time.Duration, why string) {
	t.Helper()
	start := time.Now()
	ws.SetReadDeadline(start.Add(10 * time.Second))
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			if took := time.Since(start); !websocket.IsCloseError(err, 4001) || took > promise {
				t.Errorf("%s: the stream ended with %v after %v", why, err, took)
			}
			return
		}
	}
}

// A service without accounts offers a set-up token; whoever brings it is the administrator, guests read no more, and
// what is done on the server acts on open screens at once.
func TestSetUpAndUsers(t *testing.T) {
	dir := dataDir(t)
	must(t, dir, "generate", "--villages", "20", "--seed", "3")
	s := start(t, dir, "serve")
	defer s.stop()
	found := regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/#setup with this token: (\S+)`).FindStringSubmatch(s.err.String())
	if found == nil || found[1] != s.url {
		t.Fatalf("no token was printed:\n%s", s.err)
	}
	guest, boss := &person{t: t, base: s.url}, &person{t: t, base: s.url}
	var regions struct{ Regions []struct{ Code string } }
	if err := json.Unmarshal([]byte(guest.must(200, "GET", "/api/v1/regions", "")), &regions); err != nil || len(regions.Regions) != 1 {
		t.Fatalf("before anyone has an account guests read: %+v, %v", regions, err)
	}
	county := regions.Regions[0].Code
	watching := guest.stream()
	boss.must(201, "POST", "/api/v1/setup", fmt.Sprintf(`{"token":%q,"login":"boss","name":"Boss","password":%q}`, found[2], password))
	endsWithin(t, watching, 2*time.Second, "the first account")
	guest.must(404, "GET", "/api/v1/regions/"+county, "")
	boss.must(404, "GET", "/api/v1/regions/"+county, "")
	boss.must(201, "POST", "/api/v1/users", fmt.Sprintf(`{"login":"wang","name":"王工","password":%q}`, password))
	boss.must(200, "POST", "/api/v1/users/wang/grants", fmt.Sprintf(`{"role":"editor","region":%q}`, county))

	wang := &person{t: t, base: s.url}
	if me := wang.must(201, "POST", "/api/v1/session", fmt.Sprintf(`{"login":"wang","password":%q}`, password)); !strings.Contains(me, `"edit"`) {
		t.Errorf("an editor: %s", me)
	}
	wang.must(200, "GET", "/api/v1/regions/"+county, "")
	open := wang.stream()
	if stdout := must(t, dir, "user", "list"); !strings.Contains(stdout, "editor of "+county) || !strings.Contains(stdout, "1 sessions open") {
		t.Errorf("user list:\n%s", stdout)
	}
	if stdout := must(t, dir, "user", "sessions", "wang"); !strings.Contains(stdout, "until ") {
		t.Errorf("user sessions:\n%s", stdout)
	}
	must(t, dir, "user", "disable", "wang")
	endsWithin(t, open, 2*time.Second, "a disabled account")
	wang.must(404, "GET", "/api/v1/regions/"+county, "")
	wang.must(401, "POST", "/api/v1/session", fmt.Sprintf(`{"login":"wang","password":%q}`, password))
	if strings.Contains(s.err.String(), password) {
		t.Error("a password stands in the log")
	}
}

// Accounts are made on the server too; a password is read from standard input and never from the command line.
func TestUserCommand(t *testing.T) {
	dir := dataDir(t)
	for _, one := range []struct {
		stdin, line string
		status      int
		says        string
	}{
		{password + "\n", "add wang --name Wang --unit Bureau", exitOK, "without any right"},
		{password, "add wang", exitFailed, "taken"},
		{"short", "add li", exitFailed, "8 to 1024 bytes"},
		{password, "add Li", exitFailed, "no login"},
		{password, "add guest", exitFailed, "not signed in"},
		{"", "grant wang editor --region 520527", exitFailed, "not stored"},
		{"", "grant wang admin --region *", exitOK, "wang is admin of *"},
		{"", "grant nobody admin --region *", exitFailed, "nobody has the login"},
		{"", "grant guest editor --region *", exitFailed, "viewer only"},
		{"", "grant guest viewer --region *", exitOK, "guest is viewer of *"},
		{"", "revoke guest viewer --region *", exitOK, "no more"},
		{"", "revoke guest viewer --region *", exitFailed, "no grant"},
		{"another password", "password wang", exitOK, "new password"},
		{"", "disable wang", exitOK, "disabled"}, {"", "enable wang", exitOK, "enabled"}, {"", "end wang", exitOK, "0 sessions"},
		{"", "disable nobody", exitFailed, "nobody has the login"}, {"", "sessions nobody", exitFailed, "nobody has the login"},
	} {
		stderr, status := typed(t, dir, one.stdin, strings.Fields(one.line)...)
		if status != one.status || !strings.Contains(stderr, one.says) {
			t.Errorf("qiantu user %s: status %d, want %d: %s", one.line, status, one.status, stderr)
		}
	}
	var listed struct {
		Users []struct {
			Login    string
			Password bool
			Grants   []struct{ Role, Region string }
		}
		Guest []string
	}
	if err := json.Unmarshal([]byte(must(t, dir, "user", "list", "--json")), &listed); err != nil || len(listed.Users) != 1 || len(listed.Guest) != 0 ||
		!listed.Users[0].Password || fmt.Sprint(listed.Users[0].Grants) != "[{admin *}]" {
		t.Errorf("%+v, %v", listed, err)
	}
}

// Others than this machine are listened to only where somebody has an account.
func TestOutsideNeedsAnAccount(t *testing.T) {
	dir := dataDir(t)
	for _, line := range []string{"serve --listen 127.0.0.1:0 --host roads.example.org", "serve --listen 127.0.0.1:0 --behind-tls"} {
		if _, stderr, status := program(t, dir, strings.Fields(line)...); status != exitFailed || !strings.Contains(stderr, "nobody has an account") {
			t.Errorf("qiantu %s: status %d: %s", line, status, stderr)
		}
	}
	if _, stderr, status := program(t, dir, "serve", "--tls-cert", "/nowhere/a.pem", "--tls-key", "/nowhere/b.pem"); status != exitFailed || !strings.Contains(stderr, "--tls-cert /nowhere/a.pem") {
		t.Errorf("a certificate that is not there: %d: %s", status, stderr)
	}
}

// The demo's roles are taken without a password, read and do what they are for, and end.
func TestDemoRoles(t *testing.T) {
	d := demoService(t)
	if !strings.Contains(d.err.String(), "three roles ready, without a password") {
		t.Errorf("the demo does not say so:\n%s", d.err)
	}
	for role, action := range map[string]string{"bureau": `"decide"`, "planner": `"plan"`, "leader": `["read"]`} {
		p := &person{t: t, base: d.url}
		if me := p.must(201, "POST", "/api/v1/demo/session", fmt.Sprintf(`{"role":%q}`, role)); !strings.Contains(me, action) || !strings.Contains(me, `"demo":true`) {
			t.Errorf("%s: %s", role, me)
		}
		ws := p.stream()
		session := p.cookie
		p.must(204, "DELETE", "/api/v1/session", "")
		endsWithin(t, ws, 2*time.Second, role+" signs out")
		p.cookie = session
		if me := p.must(200, "GET", "/api/v1/me", ""); !strings.Contains(me, `"guest":true`) {
			t.Errorf("%s after signing out: %s", role, me)
		}
		p.must(200, "GET", "/api/v1/regions/520527", "")
	}
	if stderr, status := typed(t, d.dir, "", "list"); status != exitOK {
		t.Errorf("user list beside the demo: %d %s", status, stderr)
	}
}
