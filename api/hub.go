package api

import (
	"sync"
	"time"
)

// hub knows the open map streams, so that all can be woken or stopped. It
// holds nothing for them: a woken stream looks at the world itself, so a slow
// one has no backlog, only an older world to catch up from.
type hub struct {
	mu      sync.Mutex
	streams map[*stream]struct{}
	stopped bool
	running sync.WaitGroup
}

func newHub() *hub { return &hub{streams: map[*stream]struct{}{}} }

// join takes a stream in, unless there are too many, in all or of its session,
// or the service goes. Guests have no session to count by.
func (h *hub) join(c *stream, most, ofSession int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped || len(h.streams) >= most {
		return false
	}
	for other := range h.streams {
		if c.session != "" && other.session == c.session {
			ofSession--
		}
	}
	if ofSession <= 0 {
		return false
	}
	h.streams[c] = struct{}{}
	h.running.Add(1)
	return true
}

func (h *hub) leave(c *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, c)
	h.running.Done()
}

// sending returns the bytes of the frames that are on their way.
func (h *hub) sending() (bytes int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.streams {
		bytes += c.sending.Load()
	}
	return bytes
}

// wake tells every stream to look at the world.
func (h *hub) wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.streams {
		c.poke()
	}
}

// bySession lists the open streams by who opened them; "" are the guests.
func (h *hub) bySession() map[string][]*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string][]*stream{}
	for c := range h.streams {
		out[c.session] = append(out[c.session], c)
	}
	return out
}

// stopPatience is how long streams may take to close in good order.
const stopPatience = 2 * time.Second

// stop closes every stream and waits until they have ended. No more are taken.
func (h *hub) stop() {
	h.mu.Lock()
	h.stopped = true
	for c := range h.streams {
		c.end(closeGoing, "the service stops")
	}
	h.mu.Unlock()
	impatient := time.AfterFunc(stopPatience, h.kill)
	defer impatient.Stop()
	h.running.Wait()
}

func (h *hub) kill() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.streams {
		c.kill()
	}
}
