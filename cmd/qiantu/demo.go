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
	l := listenFlags(set, env, true)
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	return c.serve(ctx, env, l, func(ctx context.Context, o *opened) error {
		if err := c.loadDemo(ctx, env, o); err != nil {
			return err
		}
		return readyRoles(ctx, env, o, sample.County(sample.Options{Seed: demoSeed}).County)
	})
}

// demoRole is one of the accounts that the demo has ready.
type demoRole struct {
	planner.NewAccount
	roles []planner.Role
}

// demoRoles have no password: they are taken through an endpoint that only the demo has, and it listens on this machine
// only.
var demoRoles = []demoRole{
	{planner.NewAccount{Login: "bureau", Name: "交通运输局（演示）", Unit: "交通运输局"}, []planner.Role{planner.RoleReporter, planner.RoleEditor, planner.RoleApprover}},
	{planner.NewAccount{Login: "planner", Name: "规划师（演示）", Unit: "自然资源局"}, []planner.Role{planner.RolePlanner}},
	{planner.NewAccount{Login: "leader", Name: "县领导（演示）", Unit: "县政府"}, []planner.Role{planner.RoleLeader}},
}

// readyRoles makes the demo's accounts where they are not there yet, and lets everyone read the demo.
func readyRoles(ctx context.Context, env environment, o *opened, county string) error {
	const actor = "demo"
	for _, r := range demoRoles {
		err := o.AddAccount(ctx, actor, r.NewAccount)
		if planner.CodeOf(err) == planner.Conflict {
			continue // as somebody may have changed it
		}
		if err != nil {
			return err
		}
		for _, role := range r.roles {
			if err := o.GiveGrant(ctx, actor, r.Login, 0, planner.Grant{Role: role, Region: county}); err != nil {
				return err
			}
		}
	}
	people, err := o.People(ctx, nil)
	if err == nil && len(people.Guest) == 0 {
		err = o.GiveGrant(ctx, actor, data.Guest, 0, planner.Grant{Role: planner.RoleViewer, Region: planner.Everywhere})
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(env.stderr, "the demo has three roles ready, without a password: bureau, planner, leader. Whoever can reach this machine's own "+
		"address may take one; nothing else is listened to.")
	return nil
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
