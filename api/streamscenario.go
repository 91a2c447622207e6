package api

import "github.com/qiantu/qiantu/planner"

// scenarioFrame is a scenario as it stands, for who watches its county.
type scenarioFrame struct {
	Type     string       `json:"type"`
	Region   string       `json:"region"`
	Scenario scenarioJSON `json:"scenario"`
}

// scenarioMark tells states of a scenario apart.
type scenarioMark struct {
	version, behind int64
	fresh           bool
}

func scenarioMarkOf(sc *planner.Scenario) scenarioMark {
	return scenarioMark{sc.Version, sc.Base.Behind, sc.Base.Fresh}
}

// watchScenarios takes the county whose scenarios a client wants to be told of.
func (q *wish) watchScenarios(m message, may scope) error {
	if m.Region != "" && !may.has(m.Region) {
		return refuse("unknown_region", "no region %.40q holds data", m.Region)
	}
	q.scenarios = m.Region
	return nil
}

// sendScenario sends the next scenario that the client does not know as it
// stands. Archived ones are told of only when they become so.
func (c *stream) sendScenario() (bool, error) {
	c.mu.Lock()
	region := c.want.scenarios
	c.mu.Unlock()
	if region != c.watched {
		c.watched, c.told = region, map[planner.ID]scenarioMark{}
	}
	if region == "" || !c.may.has(region) {
		return false, nil
	}
	list, _ := c.server.book.of(region)
	for i := range list {
		sc := &list[i]
		before, known := c.told[sc.ID]
		if now := scenarioMarkOf(sc); before == now && known {
			continue
		}
		c.told[sc.ID] = scenarioMarkOf(sc)
		if known || sc.Status != planner.ScenarioArchived {
			return true, c.send("scenario", scenarioFrame{"scenario", region, wireScenario(sc)})
		}
	}
	return false, nil
}
