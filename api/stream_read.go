package api

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/planner"
)

// readLoop takes the client's messages into its wish until the connection
// ends.
func (c *stream) readLoop() {
	c.ws.SetReadLimit(readLimit)
	c.await()
	c.ws.SetPongHandler(func(string) error {
		c.await()
		return nil
	})
	c.ws.SetPingHandler(c.pinged)
	for {
		kind, frame, err := c.nextFrame()
		if err != nil {
			c.lost(err)
			return
		}
		if !c.accept(kind, frame) {
			return
		}
	}
}

// await gives the client its full time to be heard again.
func (c *stream) await() { _ = c.ws.SetReadDeadline(time.Now().Add(c.times.pong)) }

// pinged answers a ping; pings count like messages.
func (c *stream) pinged(data string) error {
	if !c.rate.take(time.Now()) {
		return errFlood
	}
	c.await()
	_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second)) // a full pipe is the writer's matter
	return nil
}

// What makes the service close a stream.
var (
	errFlood = errors.New("too many messages")
	errDrips = errors.New("a message took too long to arrive")
)

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// nextFrame reads one message. Once it has begun it has to end soon, in
// however many fragments it comes.
func (c *stream) nextFrame() (int, []byte, error) {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return 0, nil, err
	}
	_ = c.ws.SetReadDeadline(time.Now().Add(c.times.drip))
	frame, err := io.ReadAll(r) // SetReadLimit bounds it
	if isTimeout(err) {
		err = errDrips
	}
	c.await()
	return kind, frame, err
}

// accept applies one frame; false ends the stream.
func (c *stream) accept(kind int, frame []byte) bool {
	if !c.rate.take(time.Now()) {
		c.lost(errFlood)
		return false
	}
	if kind != websocket.TextMessage {
		c.finish(closeKind, "only text frames are read")
		return false
	}
	m, err := readMessage(frame)
	if errors.Is(err, errNotText) {
		c.finish(closeText, "the frame is not UTF-8")
		return false
	}
	if err != nil {
		return c.reply(errorFrame{Type: "error", Code: "bad_message", Message: err.Error()})
	}
	return c.take(m)
}

// take applies a message and answers a refused one.
func (c *stream) take(m message) bool {
	w := c.server.world.Load()
	c.mu.Lock()
	err := onlyMap(c.person, m)
	if err == nil {
		err = c.want.apply(m, w.seenBy(c.person))
	}
	c.mu.Unlock()
	c.poke()
	var refused *wishError
	if !errors.As(err, &refused) {
		return true
	}
	answer := errorFrame{Type: "error", Code: refused.code, Message: refused.message}
	if m.Type == "view" || m.Type == "question" || m.Type == "assign" {
		answer.Seq = m.Seq
	}
	if !c.reply(answer) {
		return false
	}
	if refused.code == "hello_first" || refused.code == "bad_version" {
		c.finish(closeProtocol, refused.message)
		return false
	}
	return true
}

// onlyMap refuses who opened a link to a wall all but the map on it.
func onlyMap(p *planner.Person, m message) error {
	switch m.Type {
	case "hello", "subscribe", "view", "credit":
		return nil
	case "question": // a wall may be pinned to a moment
		if m.Season == "" && m.ConnectM == 0 && m.RAIM == 0 && m.WalkMin == 0 && m.Edits == "" && m.Scenario == 0 {
			return nil
		}
	}
	if p.MayAnywhere(planner.ActionWall) {
		return refuse("not_by_link", "a link to a wall opens the map on it and nothing else")
	}
	return nil
}

// reply hands the writer a frame to send first. A client that makes more of
// them than it reads is flooding.
func (c *stream) reply(frame any) bool {
	c.mu.Lock()
	full := len(c.want.replies) >= maxReplies
	if !full {
		c.want.replies = append(c.want.replies, frame)
	}
	c.mu.Unlock()
	if full {
		c.finish(closePolicy, "too many messages that were refused")
		return false
	}
	c.poke()
	return true
}

// lost ends the stream after a read failed, with the code that fits.
func (c *stream) lost(err error) {
	switch {
	case c.ctx.Err() != nil: // the writer has ended it
	case errors.Is(err, errFlood) || errors.Is(err, errDrips):
		c.finish(closePolicy, err.Error())
	case isTimeout(err):
		c.finish(closeSlow, "nothing was heard for too long")
	default: // gorilla has answered a protocol error and a frame over the limit
		c.cancel()
	}
}

// finish asks the writer to close and waits until it has, or gave up.
func (c *stream) finish(code int, reason string) {
	c.end(code, reason)
	<-c.ctx.Done()
}
