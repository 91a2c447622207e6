// Package follow is a client of the map stream (/ws, docs/stream.md): it stays
// connected to a running service, is told of every revision, holds the tiles of
// a view and keeps them new, and hears figures that change.
//
//	c, err := follow.New(follow.Options{URL: "http://127.0.0.1:8080", Layers: []string{"road"}, On: follow.Handler{
//		Stale: func(s follow.Stale) { fmt.Println(s.Revision, len(s.Cells)) },
//	}})
//	...
//	c.Look(geo.Covering(bound, 12), bound.Center()) // any time, from any goroutine
//	err = c.Run(ctx)                                // until ctx ends, or the service says no
//
// A connection that is lost is opened again, after a wait that grows, and goes
// on from the last revision that was told: what became stale meanwhile is
// asked for again, nothing else is.
//
// Memory is bounded: by the tiles of a view, by [Options.MaxBytes] for their
// bodies, and by a limit for each frame. A client starts no goroutine of its
// own.
package follow
