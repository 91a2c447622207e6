package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/planner"
)

// BenchmarkDrag is what a screen waits for when somebody drags a site of the demo county: from the wish sent over a real
// socket until the lines of all who have to move are there and decoded. Villages divided, and kept whole; and with three
// roads closed beside the drag.
func BenchmarkDrag(b *testing.B) {
	store, _ := demoStore(b)
	s, err := store.Snapshot(b.Context(), planner.SnapshotQuery{Region: hezhang})
	if err != nil {
		b.Fatal(err)
	}
	segments, _ := toggled(b, store)
	socket := screen(b, store, hezhang)
	if err := socket.SetReadDeadline(time.Now().Add(5 * time.Minute)); err != nil {
		b.Fatal(err)
	}
	roads := fmt.Sprintf("close:segment:%d,close:segment:%d,close:segment:%d,", segments[1], segments[9], segments[20])
	site := s.Sites[0]
	seq := 0
	for name, c := range map[string]struct {
		split bool
		edits string
	}{"split": {true, ""}, "whole": {false, ""}, "split with roads": {true, roads}} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			rows := 0
			for b.Loop() {
				seq++
				edits := fmt.Sprintf("%splace:site:%d:%.5f:%.5f", c.edits, site.ID, site.Gate[0]+float64(seq%200)*0.0005, site.Gate[1]-float64(seq%90)*0.0005)
				start := time.Now()
				write(b, socket, map[string]any{"type": "assign", "seq": seq, "region": hezhang, "split": c.split, "edits": edits})
				rows = hearAssigned(b, socket, seq)
				took = append(took, time.Since(start))
			}
			report(b, took, "drag")
			b.ReportMetric(float64(rows), "lines")
		})
	}
}

// hearAssigned reads until the assignment with a number, and gives how many lines it has.
func hearAssigned(b *testing.B, socket *websocket.Conn, seq int) int {
	b.Helper()
	for {
		format, body, err := socket.ReadMessage()
		if err != nil {
			b.Fatal(err)
		}
		var frame struct {
			Type, Message string
			Seq           int
			Rows          []struct {
				Village, Site, Persons int64
				M                      float64
				Line                   [2][2]float64
			}
			Summary map[string]float64
		}
		if format != websocket.TextMessage || json.Unmarshal(body, &frame) != nil {
			continue
		}
		switch {
		case frame.Type == "error":
			b.Fatal(frame.Message)
		case frame.Type == "assigned" && frame.Seq == seq:
			if len(frame.Rows) == 0 {
				b.Fatalf("nobody goes anywhere: %s", body)
			}
			return len(frame.Rows)
		}
	}
}
