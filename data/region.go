package data

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func regionColumns(g *planner.Region) []any {
	return []any{
		&g.Code, &g.Level, &g.Name, &g.NameEN, &g.Parent, into[orb.MultiPolygon]{&g.Boundary}, intoPoint{&g.Seat},
		dateInto{&g.DataDate}, &g.Sample, &g.Notice, &g.NoticeEN, &g.Source,
	}
}

func scanRegion(rows pgx.Rows, g *planner.Region) error { return rows.Scan(regionColumns(g)...) }

// Counties lists the counties by code, with the box of all their geometry and
// how many villages, roads, segments, works and sites they hold.
func (s *Store) Counties(ctx context.Context) ([]planner.County, error) {
	var counties []planner.County
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.CountyList)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			county, err := scanCounty(rows)
			if err != nil {
				return err
			}
			counties = append(counties, county)
		}
		return rows.Err()
	})
	return counties, explain(err)
}

// countyLayers are the layers whose things are counted.
var countyLayers = []string{"village", "road", "road_segment", "water_project", "relocation_site"}

func scanCounty(rows pgx.Rows) (planner.County, error) {
	var c planner.County
	var west, south, east, north *float64
	columns := append(regionColumns(&c.Region), &west, &south, &east, &north, &c.Counts)
	if err := rows.Scan(columns...); err != nil {
		return c, err
	}
	for _, layer := range countyLayers {
		c.Counts[layer] += 0
	}
	c.Bounds = orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}} // orb's empty bound
	if west != nil {
		c.Bounds = orb.Bound{Min: orb.Point{*west, *south}, Max: orb.Point{*east, *north}}
	}
	return c, nil
}
