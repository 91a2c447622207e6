package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// onceOf is the key of a write that its client has named, so that it can be
// sent again; none, where it has not.
func onceOf(ctx context.Context, county, noun, id string, body []byte) ([]planner.Once, error) {
	if id == "" {
		return nil, nil
	}
	digest, err := digestOf(body)
	if err != nil {
		return nil, err
	}
	return []planner.Once{{Actor: personOf(ctx).Login, Key: fmt.Sprintf("%s %s %s", county, noun, strings.ToLower(id)), Digest: digest}}, nil
}

// onceFor is the key of a deed that is the same whoever does it: what it is done
// with is its name.
func onceFor(county, noun string, options any) planner.Once {
	digest := sha256.Sum256(fmt.Appendf(nil, "%+v", options))
	return planner.Once{Key: fmt.Sprintf("%s %s %x", county, noun, digest), Digest: digest[:]}
}

// doneBefore gives what was answered under the first of some keys that has an
// answer; nil: none has.
func (s *Server) doneBefore(ctx context.Context, keys []planner.Once) (*planner.Done, error) {
	for _, key := range keys {
		if done, err := s.works.ledger.Done(ctx, key); done != nil || err != nil {
			return done, err
		}
	}
	return nil, nil
}

// again is the answer of a write that stored one thing, when it is sent again.
func again(done *planner.Done) *wroteOutput {
	if done == nil {
		return nil
	}
	return &wroteOutput{Body: wroteJSON{ID: &done.IDs[0], Revision: done.Revision}}
}
