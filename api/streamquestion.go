package api

import (
	"context"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// drawingTime is how long the reports of an answer wait for its tiles: both
// take a processor, and what the eye is on comes first.
const drawingTime = 100 * time.Millisecond

// questionWish is what a client wants to see of one county instead of the live
// world. One that asks for nothing is the live world again.
type questionWish struct {
	question Question
	seq      *int64
	ask      asking
}

// questionFrame answers a question: from here on the client sees what it asks.
type questionFrame struct {
	Type     string `json:"type"`
	Seq      *int64 `json:"seq,omitempty"`
	Region   string `json:"region"`
	AsOf     string `json:"as_of"`
	KnownAt  string `json:"known_at"`
	Season   string `json:"season"`
	ConnectM int64  `json:"connect_m"`
	RAIM     int64  `json:"rai_m"`
	WalkMin  int64  `json:"walk_min"`
	Edits    string `json:"edits"`
	Scenario int64  `json:"scenario"`
	Version  int64  `json:"version"`
	Revision int64  `json:"revision"`
}

// askQuestion takes a question; the one before it is no longer wanted.
func (q *wish) askQuestion(m message, may scope) error {
	if !may.has(m.Region) {
		return refuse("unknown_region", "no region %.40q holds data", m.Region)
	}
	if m.Seq != nil && *m.Seq < 0 {
		return refuse("bad_question", "seq %d is below 0", *m.Seq)
	}
	question := Question{Day{m.Region, m.AsOf, m.KnownAt}, What{m.Season, m.ConnectM, m.RAIM, m.WalkMin, m.Edits}, Branch{m.Scenario}}
	ask, err := question.parse()
	if err != nil {
		return refuse("bad_question", "%s", faultOf(err))
	}
	q.question = &questionWish{question, m.Seq, ask}
	return nil
}

// faultOf says in words what is wrong with a parameter.
func faultOf(err error) string {
	var told *huma.ErrorModel
	if errors.As(err, &told) && len(told.Errors) == 1 {
		return told.Errors[0].Location[len("query."):] + ": " + told.Errors[0].Message
	}
	return err.Error()
}

// derivation is a question that is being derived beside the stream.
type derivation struct {
	wish   *questionWish
	world  *world // the live one
	cancel context.CancelFunc
	done   chan struct{}
	county *county
	branch int64 // version of the scenario under the question; 0: none is
	err    error
}

// derive begins to derive what a client asks of a world. The stream is poked
// when it is there.
func (c *stream) derive(wish *questionWish, w *world) *derivation {
	ctx, cancel := context.WithCancel(c.ctx)
	d := &derivation{wish: wish, world: w, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer c.poke()
		defer close(d.done)
		d.county, d.branch, d.err = c.server.branched(ctx, w, wish.ask)
		if d.err == nil && d.county.of != nil {
			d.county.draw()
		}
	}()
	return d
}

// branched gives the county of a question, and the version of the scenario under
// it; zero: there is none.
func (s *Server) branched(ctx context.Context, w *world, q asking) (*county, int64, error) {
	var version int64
	live := w.counties[q.day.Region]
	if q.scenario != 0 {
		sc, err := s.store.Scenario(ctx, q.day.Region, q.scenario)
		if err != nil {
			return nil, 0, err
		}
		if q, err = q.over(sc); err != nil {
			return nil, 0, err
		}
		version = sc.Version
	}
	c, err := s.asks.get(ctx, w, live, q)
	return c, version, err
}

// branchStands says whether the scenario under what was answered is still the
// one that was read, as far as is known.
func (c *stream) branchStands(wish *questionWish) bool {
	return wish == nil || wish.ask.scenario == 0 || c.server.book.version(wish.ask.day.Region, wish.ask.scenario) <= c.branch
}

// move brings what the client sees up to the newest world and to its latest
// question, and says whether it sent something. While a question is derived the
// client goes on with what it had: of an older world too, so that one derivation
// after the other comes through, however fast the world changes.
func (c *stream) move() (bool, error) {
	live, wish := c.server.world.Load(), c.wanted()
	if c.deriving != nil && c.deriving.wish != wish {
		c.deriving.cancel()
		c.deriving = nil
	}
	switch {
	case c.answered == wish && c.shown.alive() == live && c.branchStands(wish):
		return false, nil
	case wish == nil || wish.ask.live() || live.counties[wish.ask.day.Region] == nil:
		return c.see(live, wish, 0)
	case c.deriving == nil:
		c.deriving = c.derive(wish, live)
	}
	select {
	case <-c.deriving.done:
	default:
		return false, nil
	}
	d := c.deriving
	c.deriving = nil
	d.cancel()
	if d.err != nil {
		return true, c.dropQuestion(d)
	}
	if d.county.of == nil { // the day asked for is the live one
		return c.see(d.world, wish, d.branch)
	}
	return c.see(d.world.asOther(d.county), wish, d.branch)
}

// wanted is the latest question; nil: none was asked.
func (c *stream) wanted() *questionWish {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.want.question
}

// see moves the client on to another world, and answers its question if that is
// new, or the scenario under it changed.
func (c *stream) see(w *world, wish *questionWish, branch int64) (bool, error) {
	if wish == c.answered && branch == c.branch {
		return true, c.announce(w)
	}
	d := c.turnTo(w)
	c.answered, c.branch, c.drawing = wish, branch, time.Now().Add(drawingTime)
	time.AfterFunc(drawingTime, c.poke)
	if err := c.send("question", wish.frame(w.revision, branch)); err != nil {
		return false, err
	}
	if d.since == d.revision {
		return true, c.send("stale", newStale(d.within(c.may)))
	}
	return true, c.tell(w, d)
}

func (q *questionWish) frame(revision, branch int64) questionFrame {
	return questionFrame{
		Type: "question", Seq: q.seq, Region: q.question.Region, AsOf: q.question.AsOf, KnownAt: q.question.KnownAt, Season: q.question.Season,
		ConnectM: q.question.ConnectM, RAIM: q.question.RAIM, WalkMin: q.question.WalkMin, Edits: q.question.Edits, Scenario: q.question.Scenario, Version: branch, Revision: revision,
	}
}

// dropQuestion tells that a question cannot be answered. One that is new leaves
// what the client had; one that stood (its road is gone) leaves the live world.
func (c *stream) dropQuestion(d *derivation) error {
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	instead := c.answered
	if d.wish == c.answered {
		instead = &questionWish{question: Question{Day: Day{Region: d.wish.question.Region}}, seq: d.wish.seq}
	}
	c.mu.Lock()
	if c.want.question == d.wish {
		c.want.question = instead
	}
	c.mu.Unlock()
	message := "the question could not be answered"
	if planner.CodeOf(d.err) != "" {
		message = d.err.Error()
	} else {
		c.server.log.Error("a question could not be answered", "region", d.wish.question.Region, "error", d.err)
	}
	return c.send("error", errorFrame{Type: "error", Code: "no_question", Message: message, Seq: d.wish.seq})
}
