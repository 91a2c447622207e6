package solve

import (
	"context"
	"fmt"
	"math"
	"math/bits"
)

// Transport is the transportation problem: every demander draws its whole demand
// from suppliers it is linked to, split as it pleases, no supplier gives more
// than its capacity, and all that is drawn costs least. Amounts are in any unit,
// costs in any other for each unit of the first; costs may be negative.
//
// The links of demander i are First[i] to First[i+1]: To is the supplier, Cost
// what a unit costs. Where First and To are nil everyone is linked to everyone
// and Cost goes row by row: supplier j at Cost[i*len(Capacity)+j].
type Transport struct {
	Demand   []int64
	Capacity []int64
	First    []int32 // by demander; one more at the end
	To       []int32 // by link; a demander is not linked to a supplier twice
	Cost     []int64 // by link
}

// Shipment is a cheapest way to draw, and the prices that prove it.
type Shipment struct {
	Outcome
	Cost int64 // the objective, exact

	// Who draws how much from whom, ordered by demander, then supplier. Which of
	// several cheapest ways it is depends on the order of the arrays.
	From, To []int32
	Amount   []int64

	// Price is what a unit of capacity saves, by supplier: never negative, and
	// nothing where capacity is left. Worth is what a unit of demand costs, by
	// demander: never more than cost + price of any link, and as much where it
	// draws. Sum of Worth*Demand less sum of Price*Capacity is the bound; for a
	// complete shipment it is Cost.
	Price, Worth []int64

	Cut *Shortage // of an infeasible one
}

// Shortage is why demand does not fit: these demanders are linked to these
// suppliers only, and ask for more than those have. It is the smallest minimum
// cut, the same one whatever the order of the arrays, and no other set of
// demanders lacks more.
type Shortage struct {
	Demanders []int32
	Suppliers []int32
	Demand    int64 // of the demanders
	Capacity  int64 // of the suppliers
}

// Missing is what cannot be drawn, however the demanders share.
func (c *Shortage) Missing() int64 { return c.Demand - c.Capacity }

// Ship solves a transportation problem. To solve many alike, keep a [Shipper].
func Ship(ctx context.Context, p *Transport) (*Shipment, error) {
	s, err := NewShipper(p)
	if err != nil {
		return nil, err
	}
	return s.Solve(ctx)
}

func (p *Transport) check() error {
	if err := within("demand", p.Demand); err != nil {
		return err
	}
	if err := within("capacity", p.Capacity); err != nil {
		return err
	}
	if err := p.checkLinks(); err != nil {
		return err
	}
	return p.checkCosts()
}

func (p *Transport) checkLinks() error {
	n, m := len(p.Demand), len(p.Capacity)
	if p.First == nil && p.To == nil {
		if len(p.Cost) != n*m {
			return fmt.Errorf("%d demanders and %d suppliers have %d costs; without links it must be %d", n, m, len(p.Cost), n*m)
		}
		if len(p.Cost) > math.MaxInt32 {
			return fmt.Errorf("%d demanders times %d suppliers are more than 2^31 links; give fewer by First and To", n, m)
		}
		return nil
	}
	if len(p.First) != n+1 || len(p.To) != len(p.Cost) || p.First[0] != 0 || int(p.First[n]) != len(p.To) {
		return fmt.Errorf("links of %d demanders: First has %d entries, To %d, Cost %d; First must have %d, from 0 to the number of links", n, len(p.First), len(p.To), len(p.Cost), n+1)
	}
	last := make([]int32, m) // by supplier: the last demander linked to it, from 1
	for i := range n {
		if p.First[i] > p.First[i+1] || p.First[i] < 0 || int(p.First[i+1]) > len(p.To) {
			return fmt.Errorf("links of demander %d go from %d to %d of %d", i, p.First[i], p.First[i+1], len(p.To))
		}
		for _, j := range p.To[p.First[i]:p.First[i+1]] {
			if j < 0 || int(j) >= m {
				return fmt.Errorf("demander %d is linked to supplier %d; there are %d", i, j, m)
			}
			if last[j] == int32(i)+1 {
				return fmt.Errorf("demander %d is linked to supplier %d twice", i, j)
			}
			last[j] = int32(i) + 1
		}
	}
	return nil
}

// checkCosts holds costs so small that the longest way through all suppliers,
// there and back, does not overflow.
func (p *Transport) checkCosts() error {
	most := int64(1<<60) / int64(len(p.Capacity)+2)
	for e, c := range p.Cost {
		if c > most || c < -most {
			return fmt.Errorf("link %d costs %d; with %d suppliers it must be within %d of zero", e, c, len(p.Capacity), most)
		}
	}
	return nil
}

// links are where the links of a demander begin and end.
func (p *Transport) links(i int32) (int32, int32) {
	if p.First == nil {
		m := int32(len(p.Capacity))
		return i * m, i*m + m
	}
	return p.First[i], p.First[i+1]
}

// supplier is where a link of a demander leads.
func (p *Transport) supplier(i, link int32) int32 {
	if p.First == nil {
		return link - i*int32(len(p.Capacity))
	}
	return p.To[link]
}

// link is that of a demander to a supplier; -1: there is none.
func (p *Transport) link(i, j int32) int32 {
	if p.First == nil {
		return i*int32(len(p.Capacity)) + j
	}
	for e := p.First[i]; e < p.First[i+1]; e++ {
		if p.To[e] == j {
			return e
		}
	}
	return -1
}

func (c *Shortage) infeasible() *Shipment {
	reason := fmt.Sprintf("%d demanders ask for %d and are linked to %d suppliers only, which have %d: %d are missing",
		len(c.Demanders), c.Demand, len(c.Suppliers), c.Capacity, c.Missing())
	return &Shipment{Outcome: Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}, Cut: c}
}

// stopped has the bound that the prices of an unfinished solution prove.
func (s *Shipper) stopped() *Shipment {
	out := s.priced()
	out.Status, out.Objective = Stopped, math.Inf(1)
	return out
}

// priced has prices and the bound they prove.
func (s *Shipper) priced() *Shipment {
	m := len(s.p.Capacity)
	out := &Shipment{Price: make([]int64, m), Worth: make([]int64, len(s.p.Demand))}
	var bound balance
	for j := range m {
		out.Price[j] = s.price[j] - s.price[m]
		bound.add(-out.Price[j], s.p.Capacity[j])
	}
	for i, demand := range s.p.Demand {
		out.Worth[i] = s.worth(int32(i)) - s.price[m]
		bound.add(out.Worth[i], demand)
	}
	out.Bound = bound.float()
	return out
}

// shipment reads the answer off.
func (s *Shipper) shipment() (*Shipment, error) {
	p, out := s.p, s.priced()
	var cost balance
	for i := range p.Demand {
		for _, r := range s.recordsOf(int32(i)) {
			out.From = append(out.From, int32(i))
			out.To = append(out.To, p.supplier(int32(i), s.rec[r].link))
			out.Amount = append(out.Amount, s.rec[r].amount)
			cost.add(p.Cost[s.rec[r].link], s.rec[r].amount)
		}
	}
	total, fits := cost.int64()
	if !fits {
		return nil, fmt.Errorf("the cheapest shipment costs %.3g; give costs or amounts in larger units, so that it is below 2^63", cost.float())
	}
	out.Cost, out.Objective, out.Status = total, float64(total), Optimal
	return out, nil
}

// balance is a sum of products, exact.
type balance struct{ plus, minus wide }

func (b *balance) add(x, amount int64) {
	if x >= 0 {
		b.plus = b.plus.plus(product(x, amount))
	} else {
		b.minus = b.minus.plus(product(-x, amount))
	}
}

func (b *balance) int64() (int64, bool) {
	if b.plus.less(b.minus) {
		d := b.minus.minus(b.plus)
		return -int64(d.lo), d.hi == 0 && d.lo <= math.MaxInt64
	}
	d := b.plus.minus(b.minus)
	return int64(d.lo), d.hi == 0 && d.lo <= math.MaxInt64
}

func (b *balance) float() float64 {
	if b.plus.less(b.minus) {
		return -b.minus.minus(b.plus).float()
	}
	return b.plus.minus(b.minus).float()
}

// float is the nearest float64 below 2^64, and close to it above.
func (x wide) float() float64 {
	if x.hi == 0 {
		return float64(x.lo)
	}
	shift := bits.Len64(x.hi)
	return math.Ldexp(float64(x.hi<<(64-shift)|x.lo>>shift), shift)
}
