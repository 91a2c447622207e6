package route

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// scattered are places all over a network.
func scattered(g *Graph, n int, seed uint64) []Snap {
	r := rand.New(rand.NewPCG(seed, 9))
	out := make([]Snap, n)
	for i := range out {
		edge := r.Int32N(int32(g.Edges()))
		out[i] = g.Place(edge, g.Edge(edge).Length()*2/3)
		out[i].Access = 12_345
	}
	return out
}

// tableOf is a whole matrix.
func tableOf(t testing.TB, g *Graph, sources, targets []Snap, o MatrixOptions) []Cost {
	t.Helper()
	var out []Cost
	err := g.Matrix(t.Context(), sources, targets, o, func(_ int, costs []Cost) error {
		out = append(out, costs...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Many columns, several groups of lanes, several blocks of rows, both ways round.
func TestHierarchyTables(t *testing.T) {
	g := roadNetwork(t, 2500)
	for _, size := range [][2]int{{5, 70}, {33, 40}, {40, 33}, {150, 17}, {1, 16}, {16, 1}, {17, 17}} {
		sources, targets := scattered(g, size[0], 1), scattered(g, size[1], 2)
		for _, o := range []MatrixOptions{{Threads: 1}, {Threads: 3, Metric: ByTime}} {
			want := tableOf(t, g, sources, targets, o)
			var got []Cost
			err := g.MatrixThrough(t.Context(), sources, targets, o, func(_ int, costs []Cost) error {
				got = append(got, costs...)
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v %v: %v, not the same", size, o, err)
			}
			i := 0
			err = g.MatrixValuesThrough(t.Context(), sources, targets, o, func(_ int, values []uint32) error {
				for _, v := range values {
					if v != valueOf(want[i], o.Metric) {
						return fmt.Errorf("cell %d: %d, want %v", i, v, want[i])
					}
					i++
				}
				return nil
			})
			if err != nil || i != len(want) {
				t.Errorf("%v %v: %v after %d", size, o, err, i)
			}
		}
	}
}

func keeper(t *testing.T, dir string) (*Keeper, *[]error) {
	var told []error
	k := NewKeeper(dir, 2, func(err error) { told = append(told, err) })
	t.Cleanup(k.Close)
	return k, &told
}

func TestKeeper(t *testing.T) {
	g, dir := roadNetwork(t, 2500), filepath.Join(t.TempDir(), "hierarchies")
	places := scattered(g, 20, 3)
	want := tableOf(t, g, places, places, MatrixOptions{Metric: ByTime})

	k, told := keeper(t, dir)
	o := MatrixOptions{Metric: ByTime, Keeper: k}
	if got := tableOf(t, g, places, places, o); !slices.Equal(got, want) {
		t.Error("another matrix before the hierarchy is ready")
	}
	k.Wait()
	h := k.hierarchy(g, nil, ByTime)
	if h == nil || len(*told) > 0 {
		t.Fatalf("no hierarchy: %v", *told)
	}
	if got := tableOf(t, g, places, places, o); !slices.Equal(got, want) {
		t.Error("another matrix through the hierarchy")
	}

	// The same network, frozen again, has the same one; with an edge closed or
	// the other metric it has another.
	again, filter := roadNetwork(t, 2500), g.Filter(func(e int32) bool { return e != 7 })
	k.hierarchy(again, nil, ByTime)
	k.hierarchy(g, filter, ByTime)
	k.hierarchy(g, nil, ByLength)
	k.Wait()
	if k.hierarchy(again, nil, ByTime) != h {
		t.Error("the same network has another hierarchy")
	}
	if x, y := k.hierarchy(g, filter, ByTime), k.hierarchy(g, nil, ByLength); x == nil || y == nil || x == h || y == h {
		t.Error("other networks have no hierarchies of their own")
	}
	if n := len(filesIn(t, dir)); n != 3 {
		t.Errorf("%d files, want 3", n)
	}
}

// Of many wishes in a row only those still known by their turn are made.
func TestKeeperSkipsWhatIsForgotten(t *testing.T) {
	g, dir := roadNetwork(t, 2500), t.TempDir()
	k, told := keeper(t, dir)
	filters := make([]*Filter, 3*keptInMemory)
	k.making.Lock() // until all are wished for
	for i := range filters {
		filters[i] = g.Filter(func(e int32) bool { return e != int32(i) })
		k.hierarchy(g, filters[i], ByTime)
	}
	k.making.Unlock()
	k.Wait()
	if n := len(filesIn(t, dir)); n != keptInMemory || len(*told) > 0 {
		t.Errorf("%d were made of %d wishes, %d of which are known: %v", n, len(filters), keptInMemory, *told)
	}
	for i, f := range filters[len(filters)-keptInMemory:] {
		if k.hierarchy(g, f, ByTime) == nil {
			t.Errorf("the known wish %d was not made", i)
		}
	}
}

// A hierarchy that gets ready in the middle of a matrix makes the rest of it.
func TestKeeperInTheMiddle(t *testing.T) {
	g := roadNetwork(t, 2500)
	sources, targets := scattered(g, 30, 3), scattered(g, 40, 4)
	want := tableOf(t, g, sources, targets, MatrixOptions{})
	k, _ := keeper(t, "")
	rows := 0
	var got []Cost
	err := g.Matrix(t.Context(), sources, targets, MatrixOptions{Threads: 2, Keeper: k}, func(_ int, costs []Cost) error {
		if rows++; rows == 4 {
			k.Wait()
		}
		got = append(got, costs...)
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, not the same", err)
	}
}

func filesIn(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, filepath.Join(dir, e.Name()))
	}
	return out
}

// The next program finds what this one wrote; what is broken is made anew.
func TestKeeperFiles(t *testing.T) {
	g, dir := roadNetwork(t, 2500), t.TempDir()
	made := func() (*Hierarchy, []error) {
		k, told := keeper(t, dir)
		k.hierarchy(g, nil, ByLength)
		k.Wait()
		return k.hierarchy(g, nil, ByLength), *told
	}
	first, _ := made()
	file := filesIn(t, dir)[0]
	long := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	second, told := made()
	if info, err := os.Stat(file); err != nil || !info.ModTime().Equal(long) || len(told) > 0 {
		t.Errorf("made anew: %v %v", err, told)
	}
	if first == nil || second == nil || !slices.Equal(first.up.arcs, second.up.arcs) || !slices.Equal(first.down.arcs, second.down.arcs) || !slices.Equal(first.rank, second.rank) {
		t.Fatal("another hierarchy was read")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 4
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if third, told := made(); third == nil || len(told) != 1 {
		t.Errorf("after damage: %v", told)
	}
	if _, told := made(); len(told) != 0 {
		t.Errorf("the damaged file is still there: %v", told)
	}
	for i := range 20 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, hierarchyExt)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := prune(dir); err != nil || len(filesIn(t, dir)) != keptInFolder {
		t.Errorf("%v, %d files", err, len(filesIn(t, dir)))
	}
}

// A folder that cannot be written costs nothing but the file.
func TestKeeperWithoutFolder(t *testing.T) {
	g, file := roadNetwork(t, 2500), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k, told := keeper(t, file)
	k.hierarchy(g, nil, ByTime)
	k.Wait()
	if k.hierarchy(g, nil, ByTime) == nil || len(*told) == 0 {
		t.Errorf("%v", *told)
	}
}

func TestKeeperStops(t *testing.T) {
	g, dir := roadNetwork(t, 40_000), t.TempDir()
	k, told := keeper(t, dir)
	k.hierarchy(g, nil, ByTime)
	k.Close()
	if k.hierarchy(g, nil, ByTime) != nil || k.hierarchy(g, nil, ByLength) != nil || len(*told) > 0 || len(filesIn(t, dir)) > 0 {
		t.Errorf("%v", *told)
	}
	var none *Keeper
	if err := g.Matrix(context.Background(), scattered(g, 5, 1), scattered(g, 5, 2), MatrixOptions{Keeper: none}, func(int, []Cost) error { return nil }); err != nil {
		t.Error(err)
	}
}
