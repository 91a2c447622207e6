package solve

import (
	"math"
	"slices"
)

// cover chooses sites so that their capacity covers a need and they lose least: a
// knapsack turned round. Sites that gain are chosen anyway.
type cover struct {
	loss, size []float64 // by site, of sites at choice
	sites      []int32   // at choice
	order      []int32   // those that lose, by loss for each unit of size
	chosen     []bool    // by site
	taken      []bool    // by place in order
	best       float64
	steps      int
}

// maxCoverSteps is how much is tried before the bound of the split knapsack has to do.
const maxCoverSteps = 2000

// choose gives the least loss, or less, that covers the need; +Inf: nothing
// does. chosen then holds a choice that covers it, a best one if it is exact.
func (c *cover) choose(need float64) float64 {
	sum := 0.0
	c.order = c.order[:0]
	for _, j := range c.sites {
		c.chosen[j] = c.loss[j] <= 0
		if c.chosen[j] {
			sum += c.loss[j]
			need -= c.size[j]
		} else if c.size[j] > 0 {
			c.order = append(c.order, j)
		}
	}
	slices.SortFunc(c.order, func(a, b int32) int {
		x, y := c.loss[a]*c.size[b], c.loss[b]*c.size[a]
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a - b)
	})
	if need <= 0 {
		return sum
	}
	split := c.split(0, need)
	if math.IsInf(split, 1) {
		return split
	}
	c.taken = append(c.taken[:0], make([]bool, len(c.order))...)
	c.best, c.steps = math.Inf(1), 0
	c.search(0, need, 0)
	if c.steps > maxCoverSteps {
		return sum + split
	}
	return sum + c.best
}

// split is the least loss when the last site may be taken in part, from place k on.
func (c *cover) split(k int, need float64) (sum float64) {
	for _, j := range c.order[k:] {
		if c.size[j] >= need {
			return sum + c.loss[j]*need/c.size[j]
		}
		sum += c.loss[j]
		need -= c.size[j]
	}
	return math.Inf(1)
}

// search goes through the sites in order, taking first.
func (c *cover) search(k int, need, sum float64) {
	if need <= 0 {
		if sum < c.best {
			c.best = sum
			for i, j := range c.order {
				c.chosen[j] = i < k && c.taken[i]
			}
		}
		return
	}
	if c.steps++; c.steps > maxCoverSteps && !math.IsInf(c.best, 1) || k == len(c.order) || sum+c.split(k, need) >= c.best {
		return
	}
	j := c.order[k]
	c.taken[k] = true
	c.search(k+1, need-c.size[j], sum+c.loss[j])
	c.taken[k] = false
	c.search(k+1, need, sum)
}

// forced is a bound of the least loss with a site chosen, and without it.
func (c *cover) forced(site int32, need float64) (with, without float64) {
	sum := 0.0
	for _, j := range c.sites {
		if c.loss[j] <= 0 && j != site {
			sum += c.loss[j]
			need -= c.size[j]
		}
	}
	return sum + c.loss[site] + c.splitBut(site, need-c.size[site]), sum + c.splitBut(site, need)
}

// splitBut is split from the beginning, without a site.
func (c *cover) splitBut(site int32, need float64) (sum float64) {
	if need <= 0 {
		return 0
	}
	for _, j := range c.order {
		if j == site {
			continue
		}
		if c.size[j] >= need {
			return sum + c.loss[j]*need/c.size[j]
		}
		sum += c.loss[j]
		need -= c.size[j]
	}
	return math.Inf(1)
}
