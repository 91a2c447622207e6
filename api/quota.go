package api

import "sync"

// quota counts what each caller has going, and lets none have too much.
type quota struct {
	each int
	mu   *sync.Mutex
	of   map[string]int
}

func newQuota(each int) quota { return quota{each, &sync.Mutex{}, map[string]int{}} }

// join lets a caller in, until it leaves; nil: it has as much going as it may
// have.
func (q *quota) join(who string) (leave func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.of[who] >= q.each {
		return nil
	}
	q.of[who]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.of[who]--; q.of[who] == 0 {
			delete(q.of, who)
		}
	}
}
