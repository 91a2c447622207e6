package api

import (
	"context"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// fakeLink is a link to a wall as the fake keeps it.
type fakeLink struct {
	planner.WallLink
	county, token string
}

func (l *fakeLedger) SetDuty(_ context.Context, county string, d *planner.Duty) (planner.ID, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	kept := *d
	kept.ID = l.next
	return kept.ID, l.commit(county, func(s *planner.Snapshot) { s.Duties = append(s.Duties, kept) }), nil
}

func (l *fakeLedger) AddWallLink(_ context.Context, county, name, by string, token []byte, ends time.Time) (planner.ID, error) {
	f := l.store.fakePeople
	f.mu.Lock()
	defer f.mu.Unlock()
	id := planner.ID(len(f.links) + 1)
	f.links = append(f.links, &fakeLink{planner.WallLink{ID: id, Name: name, By: by, Ends: ends}, county, string(token)})
	return id, nil
}

func (l *fakeLedger) WallLinks(_ context.Context, county string) ([]planner.WallLink, error) {
	f := l.store.fakePeople
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []planner.WallLink
	for _, link := range f.links {
		if link.county == county {
			out = append(out, link.WallLink)
		}
	}
	return out, nil
}

func (l *fakeLedger) RevokeWallLink(_ context.Context, county string, id planner.ID, by string) error {
	f := l.store.fakePeople
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, link := range f.links {
		if link.county == county && link.ID == id && link.Revoked.IsZero() {
			link.Revoked, link.RevokedBy = day, by
			return nil
		}
	}
	return planner.Errorf(planner.NotFound, "there is no link %d", id)
}

// link makes a link to a wall, past the service, and gives its token.
func (f *fakePeople) link(county string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	token, hash := NewToken()
	f.links = append(f.links, &fakeLink{planner.WallLink{ID: planner.ID(len(f.links) + 1)}, county, string(hash)})
	return token
}

// behindLinks finds who stands behind links; the lock is held.
func (f *fakePeople) behindLinks(tokens [][]byte, into map[string]*planner.Person) {
	for _, t := range tokens {
		for _, link := range f.links {
			if link.token == string(t) && link.Revoked.IsZero() {
				into[link.token] = planner.ByLink(link.ID, link.county)
			}
		}
	}
}
