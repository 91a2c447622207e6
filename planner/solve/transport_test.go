package solve

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawTransport is a small problem of any shape: no link, ties, no demand, too
// little capacity.
func drawTransport(t *rapid.T) *Transport {
	n, m := rapid.IntRange(0, 5).Draw(t, "demanders"), rapid.IntRange(0, 4).Draw(t, "suppliers")
	p := &Transport{Demand: make([]int64, n), Capacity: make([]int64, m)}
	most := rapid.SampledFrom([]int64{3, 1 << 20}).Draw(t, "most")
	for i := range p.Demand {
		p.Demand[i] = rapid.Int64Range(0, most).Draw(t, "demand")
	}
	for j := range p.Capacity {
		p.Capacity[j] = rapid.Int64Range(0, 2*most).Draw(t, "capacity")
	}
	dense := rapid.Bool().Draw(t, "dense")
	if !dense {
		p.First = make([]int32, n+1)
		p.To = []int32{}
	}
	for i := range n {
		for j := range m {
			if !dense && !rapid.Bool().Draw(t, "link") {
				continue
			}
			p.Cost = append(p.Cost, rapid.Int64Range(-3, 5).Draw(t, "cost"))
			if !dense {
				p.To = append(p.To, int32(j))
			}
		}
		if !dense {
			p.First[i+1] = int32(len(p.To))
		}
	}
	return p
}

// missing tries all sets of suppliers: those who are linked to nobody else lack this much.
func (p *Transport) missing() (most int64, demanders int) {
	for set := range 1 << len(p.Capacity) {
		lack, who := int64(0), 0
		for j, c := range p.Capacity {
			if set>>j&1 == 1 {
				lack -= c
			}
		}
		for i, d := range p.Demand {
			from, to := p.links(int32(i))
			inside := d > 0
			for e := from; e < to; e++ {
				inside = inside && set>>p.supplier(int32(i), e)&1 == 1
			}
			if inside {
				lack += d
				who++
			}
		}
		if lack > most || lack == most && lack > 0 && who < demanders {
			most, demanders = lack, who
		}
	}
	return most, demanders
}

// proves checks a shipment against the conditions that make it a cheapest one.
func proves(t interface{ Fatalf(string, ...any) }, p *Transport, out *Shipment) {
	drawn, given, cost := make([]int64, len(p.Demand)), make([]int64, len(p.Capacity)), int64(0)
	for k, i := range out.From {
		e := p.link(i, out.To[k])
		if e < 0 || out.Amount[k] <= 0 {
			t.Fatalf("%d draws %d from %d over link %d", i, out.Amount[k], out.To[k], e)
		}
		drawn[i] += out.Amount[k]
		given[out.To[k]] += out.Amount[k]
		cost += p.Cost[e] * out.Amount[k]
		if p.Cost[e]+out.Price[out.To[k]] != out.Worth[i] {
			t.Fatalf("%d draws at %d + %d, worth %d", i, p.Cost[e], out.Price[out.To[k]], out.Worth[i])
		}
	}
	for i, d := range p.Demand {
		from, to := p.links(int32(i))
		for e := from; e < to; e++ {
			if p.Cost[e]+out.Price[p.supplier(int32(i), e)] < out.Worth[i] {
				t.Fatalf("%d could draw cheaper over %d", i, e)
			}
		}
		if drawn[i] != d {
			t.Fatalf("%d draws %d of %d", i, drawn[i], d)
		}
	}
	for j, c := range p.Capacity {
		if given[j] > c || out.Price[j] < 0 || out.Price[j] > 0 && given[j] < c {
			t.Fatalf("%d gives %d of %d at the price %d", j, given[j], c, out.Price[j])
		}
	}
	if cost != out.Cost || out.Status != Optimal || out.Bound != out.Objective || out.Objective != float64(cost) {
		t.Fatalf("cost %d, says %d and %+v", cost, out.Cost, out.Outcome)
	}
}

// checkShipment holds an answer against the model: the conditions of optimality, or
// the largest of all shortages.
func checkShipment(t interface{ Fatalf(string, ...any) }, p *Transport, out *Shipment) {
	lack, demanders := p.missing()
	if lack == 0 {
		if out.Status != Optimal {
			t.Fatalf("it fits, but: %+v", out.Outcome)
		}
		proves(t, p, out)
		return
	}
	if out.Status != Infeasible || out.Cut == nil || out.Cut.Missing() != lack || len(out.Cut.Demanders) != demanders || !math.IsInf(out.Objective, 1) {
		t.Fatalf("%d are missing, of %d demanders; %+v, %+v", lack, demanders, out.Outcome, out.Cut)
	}
	in := map[int32]bool{}
	for _, j := range out.Cut.Suppliers {
		in[j] = true
	}
	for _, i := range out.Cut.Demanders {
		from, to := p.links(i)
		for e := from; e < to; e++ {
			if !in[p.supplier(i, e)] {
				t.Fatalf("%d of the cut is linked to %d outside", i, p.supplier(i, e))
			}
		}
	}
}

func TestShipmentIsProvenOrLacksTheMost(t *testing.T) {
	solved := func(t *rapid.T) {
		p := drawTransport(t)
		s, err := NewShipper(p)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "times") {
			out, err := s.Solve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			checkShipment(t, p, out)
			if len(p.Capacity) > 0 && rapid.Bool().Draw(t, "other capacity") {
				j := rapid.IntRange(0, len(p.Capacity)-1).Draw(t, "supplier")
				if err := s.SetCapacity(j, rapid.Int64Range(0, 9).Draw(t, "to")); err != nil {
					t.Fatal(err)
				}
			}
			if len(p.Cost) > 0 && rapid.Bool().Draw(t, "other cost") {
				p.Cost[rapid.IntRange(0, len(p.Cost)-1).Draw(t, "link")] = rapid.Int64Range(-3, 5).Draw(t, "to")
				if err := s.Recost(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for range 30 { // rapid has a hundred cases each
		rapid.Check(t, solved)
	}
}

// plane is a problem in the plane: demanders and suppliers at random places, costs
// are distances, capacity is 1.2 times demand.
func plane(n, m int, seed uint64) *Transport {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &Transport{Demand: make([]int64, n), Capacity: make([]int64, m)}
	total := int64(0)
	for i := range p.Demand {
		p.Demand[i] = 1 + r.Int64N(100)
		total += p.Demand[i]
	}
	for j := range p.Capacity {
		p.Capacity[j] = total * 12 / 10 / int64(m)
	}
	x, y := make([]float64, m), make([]float64, m)
	for j := range m {
		x[j], y[j] = r.Float64()*1e6, r.Float64()*1e6
	}
	for range n {
		a, b := r.Float64()*1e6, r.Float64()*1e6
		for j := range m {
			p.Cost = append(p.Cost, int64(math.Hypot(a-x[j], b-y[j])))
		}
	}
	return p
}

func TestTransportRefusesNonsense(t *testing.T) {
	for _, c := range []struct {
		want string
		p    Transport
	}{
		{"demand 0 is -1", Transport{Demand: []int64{-1}}},
		{"capacity 1 is 4611686018427387904", Transport{Capacity: []int64{1, 1 << 62}}},
		{"have 3 costs; without links it must be 4", Transport{Demand: []int64{1, 2}, Capacity: []int64{3, 4}, Cost: []int64{1, 2, 3}}},
		{"linked to supplier 7; there are 1", Transport{Demand: []int64{1}, Capacity: []int64{3}, First: []int32{0, 1}, To: []int32{7}, Cost: []int64{1}}},
		{"linked to supplier 0 twice", Transport{Demand: []int64{1}, Capacity: []int64{3}, First: []int32{0, 2}, To: []int32{0, 0}, Cost: []int64{1, 1}}},
		{"go from 0 to 9 of 1", Transport{Demand: []int64{1, 1}, Capacity: []int64{3}, First: []int32{0, 9, 1}, To: []int32{0}, Cost: []int64{1}}},
		{"First has 1 entries", Transport{Demand: []int64{1}, Capacity: []int64{3}, First: []int32{0}, To: []int32{}, Cost: []int64{}}},
		{"must be within 384307168202282325 of zero", Transport{Demand: []int64{1}, Capacity: []int64{3}, Cost: []int64{-1 << 60}}},
		{"below 2^63", Transport{Demand: []int64{1 << 40}, Capacity: []int64{1 << 40}, Cost: []int64{1 << 50}}},
	} {
		_, err := Ship(context.Background(), &c.p)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.p, err, c.want)
		}
	}
	s, err := NewShipper(&Transport{Capacity: []int64{1, 1 << 61}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []int64{-1, 1<<61 + 1} {
		if s.SetCapacity(0, c) == nil {
			t.Errorf("capacity %d is taken", c)
		}
	}
}

func TestAStoppedShipmentHasABound(t *testing.T) {
	p := plane(3000, 60, 5)
	whole, err := Ship(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out, err := Ship(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != Stopped || out.Bound <= 0 || out.Bound > whole.Objective || !math.IsInf(out.Gap(), 1) {
		t.Errorf("stopped: %+v of %v", out.Outcome, whole.Objective)
	}
}
