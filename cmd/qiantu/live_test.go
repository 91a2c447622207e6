package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// stream is a screen's socket.
type stream struct{ *websocket.Conn }

func (s *service) stream(t testing.TB) stream {
	t.Helper()
	address := "ws" + strings.TrimPrefix(s.url, "http") + "/ws"
	conn, _, err := websocket.DefaultDialer.Dial(address, map[string][]string{"Origin": {s.url}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return stream{conn}
}

func (s stream) send(t testing.TB, frame map[string]any) {
	t.Helper()
	if err := s.WriteJSON(frame); err != nil {
		t.Fatal(err)
	}
}

// await reads frames until a text frame of that type that pleases.
func (s stream) await(t testing.TB, kind string, pleases func(map[string]any) bool) map[string]any {
	t.Helper()
	s.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		format, body, err := s.ReadMessage()
		if err != nil {
			t.Fatalf("waiting for %q: %v", kind, err)
		}
		if format != websocket.TextMessage {
			continue
		}
		var frame map[string]any
		if err := json.Unmarshal(body, &frame); err != nil {
			t.Fatal(err)
		}
		if frame["type"] == kind && (pleases == nil || pleases(frame)) {
			return frame
		}
	}
}

// TestAnEditReachesTheScreen: an edit with psql becomes a stale notice and new figures on an open socket, and revoking an
// event by hand moves the county's rate. Both are undone.
func TestAnEditReachesTheScreen(t *testing.T) {
	s := demoService(t)
	screen := s.stream(t)
	screen.send(t, map[string]any{"type": "hello", "version": 1, "since": 0})
	screen.await(t, "hello", nil)
	screen.send(t, map[string]any{"type": "subscribe", "layers": []string{"road", "village"}, "region": hezhang})
	screen.send(t, map[string]any{"type": "figures", "region": hezhang, "reports": []string{"completion"}})
	screen.await(t, "figures", nil)

	conn := s.sql(t)
	var id int64
	var before string
	if err := conn.QueryRow(t.Context(), `select id, surface from qiantu.road_segment
		where county = $1 and built = 'built' and geom is not null and surface <> 'unknown' order by id limit 1`, hezhang).Scan(&id, &before); err != nil {
		t.Fatal(err)
	}
	edit := func(surface string) time.Duration {
		at := time.Now()
		if _, err := conn.Exec(t.Context(), `update qiantu.road_segment set surface = $3 where county = $1 and id = $2`, hezhang, id, surface); err != nil {
			t.Fatal(err)
		}
		stale := screen.await(t, "stale", nil)
		if stale["all"] == true {
			t.Errorf("one segment made everything stale: %v", stale)
		}
		if tiles, _ := stale["tiles"].([]any); len(tiles) == 0 || len(tiles) > 40 {
			t.Errorf("one segment made %d cells stale", len(tiles))
		}
		return time.Since(at)
	}
	first := edit("unknown")
	second := edit(before)
	t.Logf("edit to stale notice: %v and %v", first, second)
	if first > 5*time.Second || second > 5*time.Second {
		t.Errorf("an edit took %v and %v to reach the screen", first, second)
	}
}

// TestRevokingMovesTheRate in a county of its own, since a revocation cannot be undone.
func TestRevokingMovesTheRate(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir, "demo")
	defer s.stop()
	query := url.Values{"region": {hezhang}}
	before := s.reportJSON(t, "completion", query)["M02 completion_rate "+hezhang]
	screen := s.stream(t)
	screen.send(t, map[string]any{"type": "hello", "version": 1, "since": 0})
	revision := screen.await(t, "hello", nil)["revision"].(float64)
	conn := s.sql(t)
	if _, err := conn.Exec(t.Context(), `insert into qiantu.progress_revocation (county, progress, reporter, reason)
		select p.county, p.id, 'test', 'entered on the wrong road' from qiantu.progress p
		where p.county = $1 and p.stage = 'surface' and not exists (select from qiantu.progress q
		  where q.county = p.county and q.road = p.road and q.id <> p.id and q.stage = 'surface' and q.span && p.span)
		  and exists (select from qiantu.programme_scope c where c.county = p.county and c.road = p.road and c.span && p.span
		    and c.programme = (select id from qiantu.programme where county = p.county order by starts desc limit 1))
		  and not exists (select from qiantu.programme e where e.county = p.county and e.id = p.programme
		    and e.starts < (select max(starts) from qiantu.programme where county = p.county))
		order by p.id limit 1`, hezhang); err != nil {
		t.Fatal(err)
	}
	screen.await(t, "revision", func(f map[string]any) bool { return f["revision"].(float64) > revision })
	after := s.reportJSON(t, "completion", query)["M02 completion_rate "+hezhang]
	if after["numerator"].(float64) >= before["numerator"].(float64) {
		t.Errorf("completed %v km before a surface report was revoked, %v after", before["numerator"], after["numerator"])
	}
	if after["denominator"].(float64) != before["denominator"].(float64) {
		t.Errorf("revoking a report changed the task from %v to %v", before["denominator"], after["denominator"])
	}
}
