package solve

import (
	"context"
	"math"
	"math/bits"
	"testing"
)

func TestCoverAgainstAllSets(t *testing.T) {
	for seed := range uint64(2000) {
		r := random(seed)
		customers, sites := r.below(12), 1+r.below(9)
		rows := smallRows(&r, customers, sites)
		c := &Cover{Costs: inAnotherWay(&r, rows, sites), Radius: float64(r.below(12)), P: r.below(sites + 2)}
		for j := range sites * r.below(2) {
			c.Fixed = append(c.Fixed, float64(r.below(9))/float64(1+j%2))
		}
		for range customers * r.below(2) {
			c.Weight = append(c.Weight, float64(r.below(4)))
		}
		covered := func(open uint) (sum, missed float64) {
			for i, row := range rows {
				is := false
				for j, x := range row {
					is = is || open>>j&1 == 1 && x <= c.Radius
				}
				if is {
					sum += c.weightOf(i)
				} else {
					missed += c.weightOf(i)
				}
			}
			return sum, missed
		}
		most := -bestOf(sites, func(open uint) float64 {
			if bits.OnesCount(open) > c.P {
				return 0
			}
			sum, _ := covered(open)
			return -sum
		})
		s, err := MaxCover(context.Background(), c, Limits{Seed: seed})
		if err != nil || s.Status != Optimal || s.Objective != most || s.Bound != most || len(s.Open) > c.P {
			t.Fatalf("seed %d: most %v %+v, want %v", seed, err, s, most)
		}
		if got, _ := covered(setOf(s.Open)); got != most {
			t.Fatalf("seed %d: %v covers %v, want %v", seed, s.Open, got, most)
		}
		checkReached(t, seed, c, rows, s)
		least := bestOf(sites, func(open uint) float64 {
			if _, missed := covered(open); missed > 0 {
				return math.Inf(1)
			}
			return c.opening(setList(open))
		})
		s, err = CoverAll(context.Background(), c, Limits{Seed: seed})
		if err != nil || (s.Status == Optimal) != !math.IsInf(least, 1) || math.Abs(s.Objective-least) > 1e-9 {
			t.Fatalf("seed %d: all %v %+v, want %v", seed, err, s, least)
		}
		if s.Status == Infeasible {
			continue
		}
		if _, missed := covered(setOf(s.Open)); missed > 0 || math.Abs(c.opening(s.Open)-least) > 1e-9 {
			t.Fatalf("seed %d: %v misses %v and costs %v, want %v", seed, s.Open, missed, c.opening(s.Open), least)
		}
		checkReached(t, seed, c, rows, s)
	}
}

// checkReached: whoever has a site is within the radius of it, and it is open.
func checkReached(t *testing.T, seed uint64, c *Cover, rows [][]float64, s *Siting) {
	t.Helper()
	open := setOf(s.Open)
	for i, j := range s.Site {
		if j >= 0 && (open>>j&1 == 0 || rows[i][j] > c.Radius) {
			t.Fatalf("seed %d: customer %d goes to %d; open are %v", seed, i, j, s.Open)
		}
	}
}

func (c *Cover) opening(open []int32) (sum float64) {
	for _, j := range open {
		if c.Fixed == nil {
			sum++
		} else {
			sum += c.Fixed[j]
		}
	}
	return sum
}

func setOf(open []int32) (set uint) {
	for _, j := range open {
		set |= 1 << j
	}
	return set
}

func setList(set uint) (open []int32) {
	for ; set != 0; set &= set - 1 {
		open = append(open, int32(bits.TrailingZeros(set)))
	}
	return open
}

func TestPCenterAgainstAllSets(t *testing.T) {
	for seed := range uint64(2000) {
		r := random(seed)
		customers, sites := r.below(12), 1+r.below(9)
		rows := smallRows(&r, customers, sites)
		m := &Center{Costs: inAnotherWay(&r, rows, sites), P: r.below(sites + 2)}
		for range customers * r.below(2) {
			m.Weight = append(m.Weight, float64(r.below(4))/2)
		}
		worst := func(open uint) (most float64) {
			for i, row := range rows {
				w, least := 1.0, math.Inf(1)
				if m.Weight != nil {
					w = m.Weight[i]
				}
				for j, x := range row {
					if open>>j&1 == 1 {
						least = min(least, x)
					}
				}
				if w > 0 {
					most = max(most, w*least)
				}
			}
			return most
		}
		want := bestOf(sites, func(open uint) float64 {
			if bits.OnesCount(open) > m.P {
				return math.Inf(1)
			}
			return worst(open)
		})
		s, err := PCenter(context.Background(), m, Limits{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsInf(want, 1) {
			if s.Status != Infeasible || s.Reason == "" {
				t.Fatalf("seed %d: %+v, and there is no answer", seed, s)
			}
			continue
		}
		if s.Status != Optimal || s.Objective != want || worst(setOf(s.Open)) != want || s.Bound != want || len(s.Open) > m.P {
			t.Fatalf("seed %d: %+v, want %v", seed, s, want)
		}
	}
}

// Stopped at any time, bounds hold: those of the worst off from below, those of who is covered from above.
func TestCoverBoundsAreTrue(t *testing.T) {
	for seed := range uint64(12) {
		n := 50
		costs := Costs{Sites: n, Rows: euclidean(n, n, seed)}
		center, err := PCenter(context.Background(), &Center{Costs: costs, P: 6}, Limits{})
		if err != nil || center.Status != Optimal {
			t.Fatalf("seed %d: %+v, %v", seed, center, err)
		}
		cover := &Cover{Costs: costs, Radius: 120, P: 6}
		most, err := MaxCover(context.Background(), cover, Limits{})
		if err != nil || most.Status != Optimal || most.Objective >= float64(n) {
			t.Fatalf("seed %d: %+v, %v", seed, most, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		told := 0
		limits := Limits{Progress: func(Outcome) {
			if told++; told == 1+int(seed)/2 {
				cancel()
			}
		}}
		if s, err := PCenter(ctx, &Center{Costs: costs, P: 6}, limits); err != nil || s.Bound > center.Objective || s.Objective < center.Objective || len(s.Open) == 0 {
			t.Errorf("seed %d: stopped with %+v, the best is %v (%v)", seed, s.Outcome, center.Objective, err)
		}
		cancel()
		ctx, cancel = context.WithCancel(context.Background())
		told = 0
		if s, err := MaxCover(ctx, cover, limits); err != nil || s.Bound < most.Objective || s.Objective > most.Objective {
			t.Errorf("seed %d: stopped with %+v, the most is %v (%v)", seed, s.Outcome, most.Objective, err)
		}
		cancel()
		if s, err := MaxCover(context.Background(), cover, Limits{Gap: 0.05}); err != nil || s.Gap() > 0.05 || s.Bound < most.Objective {
			t.Errorf("seed %d: content with %+v, the most is %v (%v)", seed, s.Outcome, most.Objective, err)
		}
	}
}

func TestCoverRefusesNonsense(t *testing.T) {
	one := Costs{Sites: 1, Rows: [][]float64{{5}}}
	if _, err := MaxCover(context.Background(), &Cover{Costs: one, Radius: math.NaN()}, Limits{}); err == nil || err.Error() != "the radius is NaN; it must be a number from 0" {
		t.Error(err)
	}
	if s, err := CoverAll(context.Background(), &Cover{Costs: one, Radius: 4}, Limits{}); err != nil || s.Reason != "customer 0 has no site that costs 4 or less" {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := PCenter(context.Background(), &Center{Costs: one, P: -2}, Limits{}); err == nil || err.Error() != "-2 sites are to be opened; that cannot be less than none" {
		t.Error(err)
	}
}
