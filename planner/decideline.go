package planner

import "github.com/paulmach/orb"

// Lines is where the stretch runs, simplified for a screen: at most five metres
// off. What is not drawn is left out.
func (c *RoadCandidate) Lines() []orb.LineString {
	var out []orb.LineString
	for _, s := range c.Spans {
		if s.Piece.source == nil {
			continue
		}
		if line := s.Piece.source.cut(s.Span); len(line) > 1 {
			out = append(out, forScreen(line))
		}
	}
	return out
}

// Roads lists the routes that the stretch is part of, in the order in which it
// comes to them.
func (c *RoadCandidate) Roads() []ID {
	var out []ID
	for _, s := range c.Spans {
		if n := len(out); n == 0 || out[n-1] != s.Piece.Road {
			out = append(out, s.Piece.Road)
		}
	}
	return out
}
