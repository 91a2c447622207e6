package main

import (
	"context"
	"errors"

	"github.com/qiantu/qiantu/data/sample"
)

func runGenerate(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "generate")
	c := storeFlags(set, env)
	villages := set.Int("villages", 0, "settlements; 0: as many as the demo county has")
	seed := set.Uint64("seed", demoSeed, "the same seed gives the same county")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	if *villages < 0 {
		return usagef("--villages %d is negative", *villages)
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	bar := newBar(env.stderr, "inventing the county")
	load := sample.County(sample.Options{Seed: *seed, Villages: *villages, Progress: bar.set})
	bar.end()
	return storeLoad(ctx, env, o, load)
}
