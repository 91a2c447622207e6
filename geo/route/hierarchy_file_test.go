package route

import (
	"bytes"
	"context"
	"testing"
)

// Whatever is read, it is refused or can be used.
func FuzzReadHierarchy(f *testing.F) {
	a := arcList{nodes: 5, tail: []int32{0, 1, 2, 3, 1, 4}, head: []int32{1, 2, 3, 0, 0, 2}, first: []uint32{3, 4, 5, 6, 1, 0}, second: []uint32{1, 1, 2, 3, 5, 8}}
	h, err := buildHierarchy(context.Background(), a, 1)
	if err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := h.write(&file); err != nil {
		f.Fatal(err)
	}
	data := file.Bytes()
	f.Add(data)
	f.Add(data[:len(data)-1])
	f.Add(data[:30])
	f.Add([]byte{})
	huge := bytes.Clone(data)
	copy(huge[40:], []byte{255, 255, 255, 255}) // nodes
	f.Add(huge)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := readHierarchy(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := h.write(&again); err != nil || !bytes.Equal(again.Bytes(), data[:again.Len()]) {
			t.Fatalf("written as other bytes, %v", err)
		}
		if p, ok := h.both(measures{}); ok && len(h.rank) < 1000 {
			nodes := make([]int32, len(h.rank))
			for n := range nodes {
				nodes[n] = int32(n)
			}
			between(h, p, kernel64, nodes, nodes, false)
		}
	})
}

// Each way that a file can be wrong.
func TestReadHierarchyRefuses(t *testing.T) {
	a := roadNetwork(t, 30).arcList(nil, ByTime)
	good := func() *Hierarchy {
		h, err := buildHierarchy(t.Context(), a, 1)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for name, spoil := range map[string]func(h *Hierarchy){
		"rank twice":      func(h *Hierarchy) { h.rank[0] = h.rank[1] },
		"rank outside":    func(h *Hierarchy) { h.rank[0] = 1 << 31 },
		"arc downwards":   func(h *Hierarchy) { h.up.arcs[len(h.up.arcs)-1].node = 0 },
		"arc outside":     func(h *Hierarchy) { h.down.arcs[0].node = 1 << 31 },
		"arc too long":    func(h *Hierarchy) { h.maxFirst = 0 },
		"starts fall":     func(h *Hierarchy) { h.up.start[1] = 1 << 30 },
		"starts end soon": func(h *Hierarchy) { h.down.start[len(h.rank)]-- },
		"bound too big":   func(h *Hierarchy) { h.maxSecond = 1 << 63 },
		"":                func(h *Hierarchy) {},
	} {
		h := good()
		spoil(h)
		var file bytes.Buffer
		if err := h.write(&file); err != nil {
			t.Fatal(err)
		}
		if _, err := readHierarchy(&file, int64(file.Len())); (err == nil) != (name == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
