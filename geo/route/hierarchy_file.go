package route

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A hierarchy's file: this head, the ranks, and for both halves the starts and
// the arcs, all little-endian; at the end the CRC-32C of all before it.
type hierarchyHead struct {
	Magic               [8]byte
	Fingerprint         fingerprint
	Nodes, Up, Down     uint32
	_                   uint32
	MaxFirst, MaxSecond uint64
}

// The last byte of the magic is the version of the format, and of whatever else
// makes an older file unfit.
var hierarchyMagic = [8]byte{'q', 't', 'h', 'i', 'e', 'r', 0, 1}

const hierarchyExt = ".hierarchy"

// fingerprint tells networks with their costs apart.
type fingerprint [32]byte

func (f fingerprint) String() string { return hex.EncodeToString(f[:]) }

func (a arcList) fingerprint() fingerprint {
	h := sha256.New()
	w := wordWriter{to: h}
	for _, b := range hierarchyMagic {
		w.put(uint32(b))
	}
	w.put(uint32(a.nodes))
	w.put(uint32(len(a.tail)))
	for i := range a.tail {
		w.put(uint32(a.tail[i]))
		w.put(uint32(a.head[i]))
		w.put(a.first[i])
		w.put(a.second[i])
	}
	w.flush()
	return fingerprint(h.Sum(nil))
}

// words visits all that a file has after the head, in its order.
func (h *Hierarchy) words(visit func(*uint32)) {
	for i := range h.rank {
		visit(&h.rank[i])
	}
	for _, half := range []half{h.up, h.down} {
		for i := range half.start {
			visit(&half.start[i])
		}
		for i := range half.arcs {
			a := &half.arcs[i]
			visit(&a.node)
			visit(&a.first)
			visit(&a.second)
		}
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// write writes a hierarchy's file.
func (h *Hierarchy) write(to io.Writer) error {
	sum := crc32.New(castagnoli)
	head := hierarchyHead{
		Magic: hierarchyMagic, Fingerprint: h.fingerprint, Nodes: uint32(len(h.rank)),
		Up: uint32(len(h.up.arcs)), Down: uint32(len(h.down.arcs)), MaxFirst: h.maxFirst, MaxSecond: h.maxSecond,
	}
	both := io.MultiWriter(to, sum)
	w := wordWriter{to: both, err: binary.Write(both, binary.LittleEndian, head)}
	h.words(func(word *uint32) { w.put(*word) })
	w.flush()
	w.to = to
	w.put(sum.Sum32())
	w.flush()
	return w.err
}

// wordWriter writes words in large pieces.
type wordWriter struct {
	to    io.Writer
	piece []byte
	err   error
}

func (w *wordWriter) put(word uint32) {
	w.piece = binary.LittleEndian.AppendUint32(w.piece, word)
	if len(w.piece) >= filePiece {
		w.flush()
	}
}

func (w *wordWriter) flush() {
	if w.err == nil {
		_, w.err = w.to.Write(w.piece)
	}
	w.piece = w.piece[:0]
}

// wordReader reads them.
type wordReader struct {
	from        io.Reader
	left        uint64 // bytes
	piece, room []byte
	err         error
}

func (r *wordReader) next() uint32 {
	if len(r.piece) < 4 {
		if r.room == nil {
			r.room = make([]byte, filePiece)
		}
		r.piece = r.room[:min(filePiece, r.left)]
		if r.err == nil {
			_, r.err = io.ReadFull(r.from, r.piece)
		}
		if r.err != nil {
			r.piece = r.room[:4] // whatever it is: the error tells
		}
		r.left -= min(r.left, filePiece)
	}
	word := binary.LittleEndian.Uint32(r.piece)
	r.piece = r.piece[4:]
	return word
}

const filePiece = 1 << 16

// save writes the file whole or not at all.
func (h *Hierarchy) save(file string) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("route: the folder of hierarchies: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), "new-*")
	if err != nil {
		return fmt.Errorf("route: the folder of hierarchies: %w", err)
	}
	defer os.Remove(f.Name())
	err = cmp.Or(h.write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("route: writing hierarchy %s: %w", file, err)
	}
	return nil
}

// prune removes the oldest hierarchies of a folder.
func prune(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("route: the folder of hierarchies: %w", err)
	}
	var files []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), hierarchyExt) {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, old := range files[min(len(files), keptInFolder):] {
		if err := os.Remove(filepath.Join(dir, old.Name())); err != nil {
			return fmt.Errorf("route: an old hierarchy: %w", err)
		}
	}
	return nil
}

// openHierarchy reads a hierarchy's file.
func openHierarchy(file string, want fingerprint, nodes int) (*Hierarchy, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	h, err := readHierarchy(f, info.Size())
	if err == nil && (h.fingerprint != want || len(h.rank) != nodes) {
		err = errors.New("it is of another network")
	}
	if err != nil {
		return nil, fmt.Errorf("route: hierarchy %s: %w; it is made anew", file, err)
	}
	return h, nil
}

// readHierarchy reads what write wrote, of which there are so many bytes. What
// it gives can be used without a look at it again.
func readHierarchy(from io.Reader, size int64) (*Hierarchy, error) {
	sum := crc32.New(castagnoli)
	var head hierarchyHead
	if err := binary.Read(io.TeeReader(from, sum), binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("its head: %w", err)
	}
	if head.Magic != hierarchyMagic {
		return nil, errors.New("it is not of this version")
	}
	words := head.words()
	if want := uint64(binary.Size(head)) + 4*words + 4; uint64(max(0, size)) != want {
		return nil, fmt.Errorf("it has %d bytes, its head says %d", size, want)
	}
	h := &Hierarchy{fingerprint: head.Fingerprint, rank: make([]uint32, head.Nodes)}
	h.maxFirst, h.maxSecond = head.MaxFirst, head.MaxSecond
	h.up, h.down = head.half(head.Up), head.half(head.Down)
	r := wordReader{from: io.TeeReader(from, sum), left: 4 * words}
	h.words(func(word *uint32) { *word = r.next() })
	tail := wordReader{from: from, left: 4, err: r.err}
	if have := tail.next(); tail.err != nil || have != sum.Sum32() {
		return nil, cmp.Or(tail.err, errors.New("its sum does not agree"))
	}
	if !h.valid() {
		return nil, errors.New("it is none")
	}
	return h, nil
}

// words counts those between the head and the sum.
func (h hierarchyHead) words() uint64 {
	return uint64(h.Nodes) + 2*(uint64(h.Nodes)+1) + 3*(uint64(h.Up)+uint64(h.Down))
}

func (h hierarchyHead) half(arcs uint32) half {
	return half{make([]uint32, int(h.Nodes)+1), make([]upper, arcs)}
}

// valid says whether a sweep over the hierarchy stays within it.
func (h *Hierarchy) valid() bool {
	return h.maxFirst < 1<<62 && h.maxSecond < 1<<62 && isPermutation(h.rank) && h.validHalf(h.up) && h.validHalf(h.down)
}

func isPermutation(rank []uint32) bool {
	seen := make([]bool, len(rank))
	for _, r := range rank {
		if int(r) >= len(rank) || seen[r] {
			return false
		}
		seen[r] = true
	}
	return true
}

// validHalf says whether all arcs lead upwards and cost no more than they may.
func (h *Hierarchy) validHalf(half half) bool {
	nodes := len(h.rank)
	if half.start[0] != 0 || int(half.start[nodes]) != len(half.arcs) || !slices.IsSorted(half.start) {
		return false
	}
	for r := range uint32(nodes) {
		for _, a := range half.at(r) {
			if a.node <= r || int(a.node) >= nodes || uint64(a.first) > h.maxFirst || uint64(a.second) > h.maxSecond {
				return false
			}
		}
	}
	return true
}
