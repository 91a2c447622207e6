package api

import (
	"container/list"
	"sync"
)

// lru is a cache bounded by the bytes of what it holds; what was used longest
// ago leaves first. A nil lru holds nothing.
type lru[K comparable, V any] struct {
	mu    sync.Mutex
	limit int64 // bytes
	size  int64 // bytes
	order *list.List
	items map[K]*list.Element
}

type lruItem[K comparable, V any] struct {
	key   K
	value V
	size  int64
}

func newLRU[K comparable, V any](limit int64) *lru[K, V] {
	return &lru[K, V]{limit: limit, order: list.New(), items: map[K]*list.Element{}}
}

// get returns the value held for key.
func (c *lru[K, V]) get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[key]
	if !ok {
		var none V
		return none, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*lruItem[K, V]).value, true
}

// put holds value, which takes size bytes. What is larger than the whole cache
// is not held.
func (c *lru[K, V]) put(key K, value V, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[key]; ok {
		c.drop(e)
	}
	if size > c.limit {
		return
	}
	c.items[key] = c.order.PushFront(&lruItem[K, V]{key, value, size})
	c.size += size
	for c.size > c.limit {
		c.drop(c.order.Back())
	}
}

// drain drops what is held for the keys that gone says.
func (c *lru[K, V]) drain(gone func(K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.items {
		if gone(key) {
			c.drop(e)
		}
	}
}

func (c *lru[K, V]) drop(e *list.Element) {
	item := c.order.Remove(e).(*lruItem[K, V])
	delete(c.items, item.key)
	c.size -= item.size
}

// bytes returns how much is held.
func (c *lru[K, V]) bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}
