package main

import (
	"context"
	"fmt"
)

func runMigrate(ctx context.Context, env environment, args []string) error {
	set := flags(env, "migrate")
	c := storeFlags(set, env)
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	fmt.Fprintln(env.stderr, "the database has this program's schema")
	return o.close()
}
