package main

import (
	"context"
	"fmt"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/sample"
	"github.com/qiantu/qiantu/planner"
)

// demoSeed makes the demo county the same on every machine.
const demoSeed = 1

func runDemo(ctx context.Context, env environment, args []string) error {
	set := flags(env, "demo")
	c := storeFlags(set, env)
	listen := set.String("listen", defaultListen, "host:port; port 0 takes a free one")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	return c.serve(ctx, env, *listen, func(ctx context.Context, o *opened) error {
		return c.loadDemo(ctx, env, o)
	})
}

// loadDemo stores the demo county unless it is there. An existing server that holds real counties is left alone: a demo
// must not slip into a bureau's data.
func (c *config) loadDemo(ctx context.Context, env environment, o *opened) error {
	counties, err := o.Counties(ctx)
	if err != nil {
		return err
	}
	load := sample.County(sample.Options{Seed: demoSeed})
	for _, county := range counties {
		if county.Code == load.County && !county.Sample {
			return planner.Errorf(planner.Conflict, "region %s is stored and is not the demo county; "+
				"use `qiantu serve`, or another --data-dir", county.Code)
		}
		if c.databaseURL != "" && !county.Sample {
			return planner.Errorf(planner.Conflict, "DATABASE_URL names a database that holds region %s (%s), not only a demo; "+
				"use `qiantu serve`, or an empty database", county.Code, county.Name)
		}
	}
	for _, county := range counties {
		if county.Code == load.County {
			return nil
		}
	}
	return storeLoad(ctx, env, o, load)
}

// storeLoad stores a generated county and says so.
func storeLoad(ctx context.Context, env environment, o *opened, load *data.Load) error {
	if _, err := o.Store.Store(ctx, load); err != nil {
		return err
	}
	fmt.Fprintf(env.stderr, "stored county %s: %d villages, %d road segments, %d sites (geometry, villages and dates are invented)\n",
		load.County, len(load.Villages), len(load.Segments), len(load.Sites))
	return nil
}
