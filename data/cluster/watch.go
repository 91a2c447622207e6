package cluster

import (
	"context"
	"fmt"
	"time"
)

// A server that ends by itself is started again, at once, then with growing pauses. As often as this within a window, and
// something is wrong that another start does not mend.
const (
	maxCrashes  = 5
	crashWindow = time.Minute
	firstPause  = 100 * time.Millisecond
)

// watch looks after the server until Close: restarts it when it is ours, takes over when it is borrowed and its holder goes.
func (c *Cluster) watch() {
	defer close(c.finished)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-c.closing
		cancel()
	}()
	var crashes []time.Time
	for {
		reason := c.wait(ctx)
		if ctx.Err() != nil {
			return
		}
		now := time.Now()
		for len(crashes) > 0 && now.Sub(crashes[0]) > crashWindow {
			crashes = crashes[1:]
		}
		crashes = append(crashes, now)
		if len(crashes) > maxCrashes {
			c.giveUp(fmt.Errorf("cluster: the database server ended %d times within %s and is not started again: %w",
				len(crashes), crashWindow, reason))
			return
		}
		if reason != nil {
			c.log.Error("the database server ended; starting it again", "err", reason, "dir", c.dir)
			select {
			case <-ctx.Done():
				return
			case <-time.After(firstPause << (len(crashes) - 1)):
			}
		}
		c.restart(ctx)
	}
}

// wait returns when there is something to start: nil for the lock of a holder that has left, else how our server ended.
func (c *Cluster) wait(ctx context.Context) error {
	c.mu.Lock()
	server, held, lost := c.server, c.held, c.err
	c.mu.Unlock()
	switch {
	case server != nil:
		select {
		case <-ctx.Done():
			return nil
		case <-server.exited:
			return fmt.Errorf("postgres ended (%w): %s", server.state, server.said.text())
		}
	case held != nil:
		return lost
	}
	for ctx.Err() == nil {
		if held, err := tryLock(c.dir); err == nil && held != nil {
			c.mu.Lock()
			c.held = held
			c.mu.Unlock()
			c.log.Info("the program that held the database has left; taking over", "dir", c.dir)
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(pollTime):
		}
	}
	return nil
}

// restart starts the server anew under the lock that is ours; a failure is kept as the reason for the next attempt.
func (c *Cluster) restart(ctx context.Context) {
	server, err := c.start(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server, c.err = server, err
}

func (c *Cluster) giveUp(err error) {
	c.log.Error(err.Error(), "dir", c.dir)
	c.mu.Lock()
	c.server, c.err = nil, err
	c.mu.Unlock()
	close(c.gone)
}
