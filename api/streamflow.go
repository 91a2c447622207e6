package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/planner"
)

// assignWish is the assignment that a client wants now.
type assignWish struct {
	seq    int64
	ask    asking
	split  bool
	metric string
}

// assignedFrame answers it.
type assignedFrame struct {
	Type   string `json:"type"`
	Seq    int64  `json:"seq"`
	Region string `json:"region"`
	*flowJSON
}

// askAssign takes what a client wants to have assigned; the wish before it is
// no longer one.
func (q *wish) askAssign(m message, may scope) error {
	if !may.has(m.Region) {
		return refuse("unknown_region", "no region %.40q holds data", m.Region)
	}
	if m.Seq == nil || *m.Seq < 0 {
		return refuse("bad_assign", "an assignment has a seq from 0 on")
	}
	if m.Metric != "" && m.Metric != "m" && m.Metric != "s" {
		return refuse("bad_assign", "%.10q is no metric; write m or s", m.Metric)
	}
	ask, err := Question{Day{m.Region, m.AsOf, m.KnownAt}, What{m.Season, m.ConnectM, m.RAIM, m.WalkMin, m.Edits}, Branch{m.Scenario}}.parse()
	if err != nil {
		return refuse("bad_assign", "%s", faultOf(err))
	}
	q.assign = &assignWish{*m.Seq, ask, m.Split, m.Metric}
	return nil
}

// assigning is an assignment that is being made beside the stream, as the frame
// that will be sent.
type assigning struct {
	wish  *assignWish
	done  chan struct{}
	frame []byte
	err   error
}

// sendAssigned sends the assignment that is made, else begins the latest that
// is wanted. One is made at a time and none is broken off: a client that asks
// faster than it is answered gets the answers to some of its questions, and
// always to the last.
func (c *stream) sendAssigned() (bool, error) {
	if c.assigning == nil {
		if wish := c.takeAssign(); wish != nil {
			c.assigning = c.assign(wish)
		}
	}
	if c.assigning == nil {
		return false, nil
	}
	select {
	case <-c.assigning.done:
	default:
		return false, nil
	}
	made := c.assigning
	c.assigning = nil
	switch {
	case !c.may.has(made.wish.ask.day.Region): // not any more
		return true, nil
	case made.err != nil:
		return true, c.dropAssign(made)
	}
	return true, c.write("assigned", websocket.TextMessage, made.frame)
}

func (c *stream) takeAssign() *assignWish {
	c.mu.Lock()
	defer c.mu.Unlock()
	wish := c.want.assign
	c.want.assign = nil
	return wish
}

// assign begins to make an assignment. The stream is poked when it is there.
func (c *stream) assign(wish *assignWish) *assigning {
	a := &assigning{wish: wish, done: make(chan struct{})}
	w := c.server.world.Load()
	go func() {
		defer c.poke()
		defer close(a.done)
		a.frame, a.err = c.server.assignedFrame(c.ctx, w, wish)
	}()
	return a
}

func (s *Server) assignedFrame(ctx context.Context, w *world, wish *assignWish) ([]byte, error) {
	region := wish.ask.day.Region
	if w.counties[region] == nil {
		return nil, noCounty(region)
	}
	made, err := s.flow(ctx, w, wish.ask, wish.split, wish.metric)
	if err != nil {
		return nil, err
	}
	frame, err := json.Marshal(assignedFrame{"assigned", wish.seq, region, made})
	if err != nil {
		return nil, fmt.Errorf("api: assigned frame: %w", err)
	}
	return frame, nil
}

// dropAssign tells that an assignment cannot be made.
func (c *stream) dropAssign(a *assigning) error {
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	message := "the assignment could not be made"
	if planner.CodeOf(a.err) != "" {
		message = a.err.Error()
	} else {
		c.server.log.Error("an assignment could not be made", "region", a.wish.ask.day.Region, "error", a.err)
	}
	return c.send("error", errorFrame{Type: "error", Code: "no_assign", Message: message, Seq: &a.wish.seq})
}
