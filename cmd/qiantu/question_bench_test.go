package main

import (
	"bytes"
	"compress/gzip"
	"context"
	uvarint "encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// BenchmarkQuestion is what a screen waits for when somebody closes a road of the demo county and opens it again: from the
// question sent over a real socket until the last stale tile of the view has come and is unpacked and read.
func BenchmarkQuestion(b *testing.B) {
	store, _ := demoStore(b)
	socket := screen(b, store, hezhang)
	if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		b.Fatal(err)
	}
	segments, view := toggled(b, store)
	write(b, socket, map[string]any{"type": "subscribe", "layers": []string{"region", "road", "village"}, "region": ""})
	var answered, drawn []time.Duration
	n := 0
	for b.Loop() {
		n++
		edits := ""
		if n%2 == 1 {
			edits = fmt.Sprintf("close:segment:%d", segments[n/2%len(segments)])
		}
		start := time.Now()
		write(b, socket, map[string]any{"type": "question", "seq": n, "region": hezhang, "edits": edits})
		stale := hearStale(b, socket)
		answered = append(answered, time.Since(start))
		tiles := covering(view, stale)
		write(b, socket, map[string]any{"type": "view", "seq": n, "tiles": tiles, "center": []float64{104.7, 27.1}})
		write(b, socket, map[string]any{"type": "credit", "tiles": max(len(tiles), 1)})
		for range tiles {
			readTile(b, socket)
		}
		drawn = append(drawn, time.Since(start))
	}
	report(b, answered, "answered")
	report(b, drawn, "drawn")
}

// toggled are built segments to close, and the tiles of a screen that shows the whole county.
func toggled(b *testing.B, store *data.Store) (segments []planner.ID, view []string) {
	b.Helper()
	s, err := store.Snapshot(b.Context(), planner.SnapshotQuery{Region: hezhang})
	if err != nil {
		b.Fatal(err)
	}
	bound := s.Villages[0].Point.Bound()
	for i := range s.Villages {
		bound = bound.Extend(s.Villages[i].Point)
	}
	for i := 0; i < len(s.Segments); i += 7 {
		if g := &s.Segments[i]; g.Built == planner.BuiltYes && !g.Halo {
			segments = append(segments, g.ID)
		}
	}
	for _, t := range geo.Covering(bound, 11) {
		view = append(view, t.String())
	}
	return segments, view
}

// covering keeps of some tiles of zoom 11 those that stale cells lie in.
func covering(view, stale []string) []string {
	return slices.DeleteFunc(slices.Clone(view), func(name string) bool {
		t := tileOf(name)
		return !slices.ContainsFunc(stale, func(cell string) bool { return tileOf(cell).At(t.Z) == t })
	})
}

func tileOf(name string) geo.Tile {
	part := strings.Split(name, "/")
	t, err := geo.ParseTile(part[0], part[1], part[2])
	if err != nil {
		panic(err)
	}
	return t
}

func write(b *testing.B, socket *websocket.Conn, frame map[string]any) {
	b.Helper()
	if err := socket.WriteJSON(frame); err != nil {
		b.Fatal(err)
	}
}

// hearStale reads until the cells of a stale frame.
func hearStale(b *testing.B, socket *websocket.Conn) []string {
	b.Helper()
	for {
		format, body, err := socket.ReadMessage()
		if err != nil {
			b.Fatal(err)
		}
		var frame struct {
			Type, Message string
			Tiles         []string
		}
		if format != websocket.TextMessage || json.Unmarshal(body, &frame) != nil {
			continue
		}
		switch frame.Type {
		case "stale":
			return frame.Tiles
		case "error":
			b.Fatal(frame.Message)
		}
	}
}

// readTile reads until a tile frame, and the tile down to its features.
func readTile(b *testing.B, socket *websocket.Conn) {
	b.Helper()
	for {
		format, body, err := socket.ReadMessage()
		if err != nil {
			b.Fatal(err)
		}
		if format != websocket.BinaryMessage {
			continue
		}
		if body = body[25:]; len(body) == 0 {
			return
		}
		zipped, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		raw, err := io.ReadAll(zipped)
		if err != nil || fields(raw) == 0 {
			b.Fatal("a tile without a layer", err)
		}
		return
	}
}

// fields walks a tile's protocol buffer two levels down and counts what it passes.
func fields(raw []byte) int {
	n := 0
	for _, layer := range messages(raw) {
		n += len(messages(layer))
	}
	return n
}

// messages are the parts of a protocol buffer that have a length.
func messages(raw []byte) [][]byte {
	var out [][]byte
	for len(raw) > 0 {
		tag, n := uvarint.Uvarint(raw)
		value, m := uvarint.Uvarint(raw[n:])
		raw = raw[n+m:]
		if tag&7 == 2 {
			out, raw = append(out, raw[:value]), raw[value:]
		}
	}
	return out
}

// BenchmarkQuestionSteps takes the steps of BenchmarkQuestion apart.
func BenchmarkQuestionSteps(b *testing.B) {
	store, _ := demoStore(b)
	segments, _ := toggled(b, store)
	s, err := store.Snapshot(context.Background(), planner.SnapshotQuery{Region: hezhang})
	if err != nil {
		b.Fatal(err)
	}
	a := planner.Assess(s)
	n := 0
	ask := func() *planner.Assessment {
		n++
		asked, err := a.Ask(context.Background(), planner.Question{Edits: []planner.Edit{{Do: "close", Segment: segments[n%len(segments)]}}})
		if err != nil {
			b.Fatal(err)
		}
		return asked
	}
	b.Run("ask", func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			start := time.Now()
			ask()
			took = append(took, time.Since(start))
		}
		report(b, took, "ask")
	})
	b.Run("layers", func(b *testing.B) {
		asked, drawn := ask(), a.Layers()
		for b.Loop() {
			asked.LayersAfter(a, drawn)
		}
	})
	b.Run("layers anew", func(b *testing.B) {
		asked := ask()
		for b.Loop() {
			asked.Layers()
		}
	})
}
