package mvt

import "bytes"

// valueTable numbers the values of a layer, equal ones alike, and holds them as
// the layer has them.
type valueTable struct {
	bytes []byte
	slots []slot // a power of two, at most half of it used
	used  int
	epoch uint32 // slots of another one are free
}

type slot struct {
	epoch, hash, number uint32
	from, length        uint32 // in bytes
}

const firstSlots = 1024

// clear forgets all values.
func (t *valueTable) clear() {
	t.bytes, t.used = t.bytes[:0], 0
	if t.epoch++; t.epoch == 0 || t.slots == nil {
		t.slots, t.epoch = make([]slot, firstSlots), 1
	}
}

// number gives the number of an encoded value, new or known.
func (t *valueTable) number(hash uint32, value []byte) uint32 {
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.epoch != t.epoch {
			return t.add(s, hash, value)
		}
		if s.hash == hash && bytes.Equal(t.bytes[s.from:s.from+s.length], value) {
			return s.number
		}
	}
}

func (t *valueTable) add(s *slot, hash uint32, value []byte) uint32 {
	number := uint32(t.used)
	t.bytes = appendHead(t.bytes, layerValues, len(value))
	*s = slot{t.epoch, hash, number, uint32(len(t.bytes)), uint32(len(value))}
	t.bytes = append(t.bytes, value...)
	if t.used++; t.used*2 > len(t.slots) {
		t.grow()
	}
	return number
}

func (t *valueTable) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.epoch != t.epoch {
			continue
		}
		i := s.hash & mask
		for t.slots[i].epoch == t.epoch {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}
