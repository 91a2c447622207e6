package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// What was worked out is held by its weight, and no longer than the world that
// it was made of.
func TestCostlyAnswersAreWeighedAndDrained(t *testing.T) {
	s, changes := live(t, newFake(smallCounty("520527", 104.5)))
	made := 0
	work := func(c *county, what string, bytes int64) {
		t.Helper()
		_, err := workOut(t.Context(), s, c, what, func(int) int64 { return bytes }, func(context.Context) (int, error) { made++; return made, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	w := s.world.Load()
	c := w.counties["520527"]
	asked := c.asked(c.assessment)
	work(c, "small", 10)
	work(asked, "small", 10)
	work(c, "small", 10)
	if held := s.costly.held.bytes(); made != 2 || held != 2*(costlyWeight+10) {
		t.Errorf("made %d times, %d bytes are held", made, held)
	}
	work(c, "large", costlyHeld)
	work(c, "large", costlyHeld)
	if held := s.costly.held.bytes(); made != 4 || held != 2*(costlyWeight+10) {
		t.Errorf("what is too large is made again: %d, %d bytes are held", made, held)
	}
	changes <- planner.Change{Revision: 8, Counties: []string{"520527"}}
	until(t, "another world to drain what was made of the old one", func() bool { return s.world.Load() != w && s.costly.held.bytes() == 0 })
}

// What nobody waits for any more ends.
func TestCostlyAnswersEndWithTheirReader(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	_, err := workOut(ctx, s, s.world.Load().counties["520527"], "endless", func(int) int64 { return 0 }, func(ctx context.Context) (int, error) {
		leave()
		<-ctx.Done()
		ended <- ctx.Err()
		return 0, ctx.Err()
	})
	if planner.CodeOf(err) != planner.Unavailable {
		t.Errorf("%v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Who asks again after having waited too long finds the answer; who asks for too
// much at once is told so, and others are not in the way.
func TestCostlyAnswersGoOn(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	s.costly.patient = time.Millisecond
	c := s.world.Load().counties["520527"]
	finish := make(chan struct{})
	ask := func(what string) (int, error) {
		return workOut(t.Context(), s, c, what, func(int) int64 { return 0 }, func(ctx context.Context) (int, error) {
			select {
			case <-finish:
				return 7, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		})
	}
	for i := range costlyEach {
		if _, err := ask(fmt.Sprint("long ", i)); planner.CodeOf(err) != planner.Unavailable || !strings.Contains(err.Error(), "ask again") {
			t.Errorf("%v", err)
		}
	}
	if _, err := ask("one more"); planner.CodeOf(err) != planner.Unavailable || !strings.Contains(err.Error(), "6 of your questions") {
		t.Errorf("%v", err)
	}
	close(finish)
	until(t, "all to be made", func() bool { return s.costly.held.bytes() == costlyEach*costlyWeight })
	if got, err := ask("long 0"); got != 7 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}
