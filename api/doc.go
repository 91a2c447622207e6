// Package api speaks for Qiantu over HTTP and WebSocket. It is the only
// package that knows status codes and JSON.
//
// The parts, in the order a request meets them:
//
//   - server.go lists every route; guard.go stands before them (own host,
//     security headers, request log, limits, no writes from foreign pages).
//   - session.go finds out who asks; right.go is where every right is asked, by
//     the table of planner; sessionhttp.go and user.go are signing in and
//     giving rights. strict.go reads every body.
//   - keeper.go holds the live [world]: every county at one revision, judged by
//     planner and indexed for tiles. A change of the database makes a new
//     world; the old one stays whole for whoever still reads it.
//   - report.go, region.go, evidence.go, feature.go, search.go and distance.go
//     answer questions in JSON; wire.go holds the shapes and their exact
//     decimals.
//   - tile.go makes vector tiles of the world; stream.go carries them, and
//     what has become stale, over one WebSocket per screen.
//
// api never imports data. It declares the [Store] it reads from, and is handed
// the feed of changes.
package api
