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
	question := Question{Day{m.Region, m.AsOf, m.KnownAt}, What{m.Season, m.ConnectM, m.RAIM, m.WalkMin, m.Edits}}
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
		d.county, d.err = c.server.asks.get(ctx, w, w.counties[wish.ask.day.Region], wish.ask)
		if d.err == nil && d.county.of != nil {
			d.county.draw()
		}
	}()
	return d
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
	case c.answered == wish && c.shown.alive() == live:
		return false, nil
	case wish == nil || wish.ask.live() || live.counties[wish.ask.day.Region] == nil:
		return c.see(live, wish)
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
		return c.see(d.world, wish)
	}
	return c.see(d.world.asOther(d.county), wish)
}

// wanted is the latest question; nil: none was asked.
func (c *stream) wanted() *questionWish {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.want.question
}

// see moves the client on to another world, and answers its question if that is
// new.
func (c *stream) see(w *world, wish *questionWish) (bool, error) {
	if wish == c.answered {
		return true, c.announce(w)
	}
	d := c.turnTo(w)
	c.answered, c.drawing = wish, time.Now().Add(drawingTime)
	time.AfterFunc(drawingTime, c.poke)
	if err := c.send("question", wish.frame(w.revision)); err != nil {
		return false, err
	}
	if d.since == d.revision {
		return true, c.send("stale", newStale(d.within(c.may)))
	}
	return true, c.tell(w, d)
}

func (q *questionWish) frame(revision int64) questionFrame {
	return questionFrame{
		Type: "question", Seq: q.seq, Region: q.question.Region, AsOf: q.question.AsOf, KnownAt: q.question.KnownAt, Season: q.question.Season,
		ConnectM: q.question.ConnectM, RAIM: q.question.RAIM, WalkMin: q.question.WalkMin, Edits: q.question.Edits, Revision: revision,
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
