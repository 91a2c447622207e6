package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// closeRights is how the service says that what may be read has changed:
// forget everything, and come back without a revision.
const closeRights = 4001

// follow is the life of one connection.
func (c *Client) follow(ctx context.Context) error {
	socket, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer socket.Close() //nolint:errcheck // gone already, as a rule
	defer context.AfterFunc(ctx, func() { _ = socket.Close() })()
	defer c.hangUp()
	socket.SetReadLimit(maxFrame)
	listen(socket)
	if err := c.greet(socket); err != nil {
		return err
	}
	for owed := 0; ; {
		kind, frame, err := socket.ReadMessage()
		if err != nil {
			return c.lost(err)
		}
		_ = socket.SetReadDeadline(time.Now().Add(silence))
		if kind == websocket.TextMessage {
			err = c.hear(socket, frame)
		} else {
			err = c.take(frame)
			owed++
		}
		if err == nil && owed >= giveBack {
			err = c.write(socket, map[string]any{"type": "credit", "tiles": owed})
			owed = 0
		}
		if err != nil {
			return err
		}
	}
}

// listen makes pings of the service count as being heard.
func listen(socket *websocket.Conn) {
	_ = socket.SetReadDeadline(time.Now().Add(silence)) // fails when reading does
	socket.SetPingHandler(func(data string) error {
		_ = socket.SetReadDeadline(time.Now().Add(silence))
		_ = socket.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second)) // reading will tell
		return nil
	})
}

func (c *Client) hangUp() {
	c.mu.Lock()
	c.socket = nil
	c.mu.Unlock()
}

// lost is why a connection ended.
func (c *Client) lost(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) && closed.Code == closeRights {
		c.mu.Lock()
		c.revision = 0
		c.view.forget()
		c.mu.Unlock()
		clear(c.reports)
	}
	return fmt.Errorf("follow: the map stream ended: %w", err)
}

// greet sends all that the client wants but tiles: which layers there are, hello
// has to tell first.
func (c *Client) greet(socket *websocket.Conn) error {
	messages := []map[string]any{{"type": "hello", "version": protocol, "since": c.Revision()}}
	if len(c.options.Reports) > 0 {
		messages = append(messages, map[string]any{"type": "figures", "region": c.options.Region, "reports": c.options.Reports})
	}
	for _, m := range messages {
		if err := c.write(socket, m); err != nil {
			return err
		}
	}
	return nil
}

// write sends a message.
func (c *Client) write(socket *websocket.Conn, members map[string]any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return send(socket, members)
}

// send needs the client's mutex: one writes at a time.
func send(socket *websocket.Conn, members map[string]any) error {
	_ = socket.SetWriteDeadline(time.Now().Add(writePatence))
	if err := socket.WriteMessage(websocket.TextMessage, text(members)); err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	return nil
}

// ask asks for all that is wanted and not there, which replaces what was asked
// before. It needs the mutex.
func (c *Client) ask(socket *websocket.Conn) error {
	c.view.seq++
	return send(socket, map[string]any{"type": "view", "seq": c.view.seq, "tiles": c.view.missing(), "center": c.view.center})
}

// take holds and tells a tile.
func (c *Client) take(frame []byte) error {
	t, err := readTileFrame(frame)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.view.keep(t, max(0, c.options.MaxBytes))
	c.mu.Unlock()
	if c.options.On.Tile != nil {
		t.held = true
		c.options.On.Tile(t)
	}
	return nil
}

// hear takes a text frame. What a later version says besides is passed over.
func (c *Client) hear(socket *websocket.Conn, frame []byte) error {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(frame, &head); err != nil {
		return fmt.Errorf("follow: a text frame of %d bytes is no message: %w", len(frame), err)
	}
	switch head.Type {
	case "hello":
		return c.hearHello(socket, frame)
	case "stale":
		return c.hearStale(socket, frame)
	case "revision":
		return c.hearRevision(frame)
	case "figures":
		return c.tellFigures(frame)
	case "error":
		var r Refusal
		if err := tell(frame, &r, c.options.On.Refusal); err != nil {
			return err
		}
		if r.Code == "bad_version" {
			return &refusedError{status: fmt.Sprintf("%s: %.200s", r.Code, r.Message), forGood: true}
		}
	}
	return nil
}

// tell reads a frame and hands it on.
func tell[T any](frame []byte, into *T, to func(T)) error {
	if err := json.Unmarshal(frame, into); err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	if to != nil {
		to(*into)
	}
	return nil
}

func (c *Client) hearHello(socket *websocket.Conn, frame []byte) error {
	h := Hello{Again: c.stood}
	c.stood, c.tries = true, 0
	if err := tell(frame, &h, c.options.On.Hello); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.revision == 0 { // else stale and revision follow
		c.revision = h.Revision
	}
	c.socket = socket
	layers := c.options.Layers
	if len(layers) == 0 {
		layers = h.Layers
	}
	if err := send(socket, map[string]any{"type": "subscribe", "layers": layers, "region": c.options.Region}); err != nil {
		return err
	}
	return c.ask(socket)
}

func (c *Client) hearStale(socket *websocket.Conn, frame []byte) error {
	var f staleFrame
	if err := json.Unmarshal(frame, &f); err != nil {
		return fmt.Errorf("follow: stale: %w", err)
	}
	s, err := f.read()
	if err != nil {
		return err
	}
	c.mu.Lock()
	if c.view.mark(&s) {
		err = c.ask(socket)
	}
	c.mu.Unlock()
	if c.options.On.Stale != nil {
		c.options.On.Stale(s)
	}
	return err
}

func (c *Client) hearRevision(frame []byte) error {
	var r Revision
	if err := json.Unmarshal(frame, &r); err != nil {
		return fmt.Errorf("follow: revision: %w", err)
	}
	c.mu.Lock()
	c.revision = r.Revision
	c.mu.Unlock()
	if c.options.On.Revision != nil {
		c.options.On.Revision(r)
	}
	return nil
}
