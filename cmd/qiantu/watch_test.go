package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"
)

// watched runs `qiantu watch` in this process until the test ends, and hands on its lines.
func watched(t *testing.T, args ...string) <-chan string {
	t.Helper()
	out, in := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		var errs strings.Builder
		status := run(ctx, environment{stdout: in, stderr: &errs, getenv: func(string) string { return "" }}, append([]string{"watch"}, args...))
		in.Close()
		if status != exitOK {
			t.Errorf("watch ended with %d: %s", status, &errs)
		}
		ended <- status
	}()
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return lines
}

// lineOf is the next line that pleases.
func lineOf(t *testing.T, lines <-chan string, pleases func(string) bool) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatal("watch has ended")
			}
			if pleases(line) {
				return line
			}
		case <-late:
			t.Fatal("the line never came")
		}
	}
}

// TestWatch: a road whose season is struck out by hand is printed as a revision, with the figure that it moves from what to what, for people
// and for machines. It is undone.
func TestWatch(t *testing.T) {
	s := demoService(t)
	people := watched(t, s.url, "--region", hezhang, "--figures", "coverage", "--layers", "village")
	machines := watched(t, s.url, "--region", hezhang, "--figures", "coverage", "--json")
	lineOf(t, people, func(l string) bool { return strings.Contains(l, "  connected at revision ") })
	lineOf(t, machines, func(l string) bool { return strings.HasPrefix(l, `{"event":"connected","revision":`) })
	time.Sleep(300 * time.Millisecond) // the first figures are the base, and are told without a line
	conn := s.sql(t)
	var id int64
	if err := conn.QueryRow(t.Context(), `select min(id) from qiantu.road_segment where county = $1 and built = 'built' and all_season = 'yes'`, hezhang).Scan(&id); err != nil {
		t.Fatal(err)
	}
	edit := func(season string) {
		if _, err := conn.Exec(t.Context(), `update qiantu.road_segment set all_season = $3 where county = $1 and id = $2`, hezhang, id, season); err != nil {
			t.Fatal(err)
		}
	}
	edit("unknown")
	defer func() {
		edit("yes")
		lineOf(t, people, func(l string) bool { return strings.Contains(l, "  revision ") })
	}()
	revision := lineOf(t, people, func(l string) bool { return strings.Contains(l, "  revision ") })
	if !strings.Contains(revision, " cells changed  ") || strings.Contains(revision, "road") || !strings.HasSuffix(revision, hezhang) {
		t.Errorf("%q", revision)
	}
	figure := lineOf(t, people, func(l string) bool { return strings.HasPrefix(l, "    M") })
	if !strings.Contains(figure, " -> ") || !strings.Contains(figure, " of ") {
		t.Errorf("%q", figure)
	}
	var told watchEvent
	text := lineOf(t, machines, func(l string) bool { return strings.HasPrefix(l, `{"event":"figure"`) })
	if err := json.Unmarshal([]byte(text), &told); err != nil || told.Old == nil || told.New == nil || *told.Old == *told.New || told.Metric == "" || told.Revision == 0 {
		t.Errorf("%v %s", err, text)
	}
}

// TestWatchFails where nothing can be watched, in words.
func TestWatchFails(t *testing.T) {
	s := demoService(t)
	_, stderr, status := inside(t, "watch", s.url+"/api/v1/nowhere", "--region", hezhang)
	if status != exitFailed || !strings.Contains(stderr, "404") {
		t.Errorf("status %d: %s", status, stderr)
	}
	line := lineOf(t, watched(t, "http://127.0.0.1:1", "--region", hezhang), func(string) bool { return true })
	if !strings.HasPrefix(line, "lost: ") || !strings.Contains(line, "again in ") {
		t.Errorf("%q", line)
	}
}
