package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// fakeLedger is a ledger in memory over a fakeStore: what it takes shows in the
// store's snapshots, and is told of as a commit would be.
type fakeLedger struct {
	mu          sync.Mutex
	store       *fakeStore
	changes     chan<- planner.Change // nil: nobody listens
	gone        chan struct{}         // closed when the test ends
	next        planner.ID
	submissions []*planner.Submission // oldest first
	revisions   map[string]int64      // of the first answer
	files       map[string]fakeFile   // by county and hash
	sheets      map[string]*planner.Sheet
	heads       []planner.SheetHead
	operations  []*planner.Operation
	plans       [][]planner.PlanPoint
	done        map[[2]string]fakeDone // by actor and key
}

type fakeDone struct {
	planner.Once
	planner.Done
}

type fakeFile struct {
	planner.Attachment
	body []byte
}

func newFakeLedger(store *fakeStore) *fakeLedger {
	return &fakeLedger{store: store, gone: make(chan struct{}), next: 100, revisions: map[string]int64{}, files: map[string]fakeFile{}, sheets: map[string]*planner.Sheet{}, done: map[[2]string]fakeDone{}}
}

// commit changes a county and tells of it.
func (l *fakeLedger) commit(county string, change func(*planner.Snapshot)) int64 {
	c := l.store.edit(county, change)
	if l.changes != nil {
		go func() {
			select {
			case l.changes <- c:
			case <-l.gone:
			}
		}()
	}
	return c.Revision
}

func (l *fakeLedger) id() planner.ID {
	l.next++
	return l.next
}

func (l *fakeLedger) find(county, id string) *planner.Submission {
	for _, s := range l.submissions {
		if s.County == county && s.ID == id {
			return s
		}
	}
	return nil
}

// take puts what an applied submission brings into the snapshot.
func (l *fakeLedger) take(s *planner.Submission) int64 {
	return l.commit(s.County, func(snap *planner.Snapshot) {
		if s.Status != planner.SubmissionApplied {
			return
		}
		p := *s.Progress
		p.Recorded = day
		snap.Progress = append(slices.Clone(snap.Progress), p)
		snap.Overrides = append(slices.Clone(snap.Overrides), s.Overrides...)
		for _, hash := range p.Evidence {
			if f, ok := l.files[s.County+hash]; ok {
				snap.Attachments = append(slices.Clone(snap.Attachments), f.Attachment)
			}
		}
		if s.Dispute != nil {
			s.Dispute.ID = l.id()
			snap.Disputes = append(slices.Clone(snap.Disputes), *s.Dispute)
		}
	})
}

func (l *fakeLedger) Submit(_ context.Context, s *planner.Submission) (*planner.Submission, bool, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.find(s.County, s.ID); old != nil {
		if !bytes.Equal(old.Digest, s.Digest) {
			return nil, false, 0, planner.Errorf(planner.Conflict, "the report %s was sent before with another content", s.ID)
		}
		same := *old
		return &same, true, l.revisions[s.ID], nil
	}
	kept := *s
	l.revisions[s.ID] = l.take(&kept)
	l.submissions = append(l.submissions, &kept)
	out := kept
	return &out, false, l.revisions[s.ID], nil
}

func (l *fakeLedger) Submissions(_ context.Context, q planner.SubmissionQuery) ([]planner.Submission, int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []planner.Submission
	for _, s := range slices.Backward(l.submissions) {
		if s.County == q.County && (q.Status == "" || q.Status == s.Status) && (q.By == "" || q.By == s.By) && (q.ID == "" || q.ID == s.ID) {
			found = append(found, *s)
		}
	}
	total := len(found)
	found = found[min(q.Offset, total):]
	if q.Limit > 0 {
		found = found[:min(q.Limit, len(found))]
	}
	return found, total, nil
}

func (l *fakeLedger) Answer(_ context.Context, s *planner.Submission) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.find(s.County, s.ID)
	if old == nil || old.Status != planner.SubmissionHeld {
		return 0, planner.Errorf(planner.Conflict, "the report %s is not held any more", s.ID)
	}
	*old = *s
	return l.take(old), nil
}

func (l *fakeLedger) Revoke(_ context.Context, county, progress, reason, by string) (int64, error) {
	found := false
	revision := l.commit(county, func(snap *planner.Snapshot) {
		snap.Progress = slices.DeleteFunc(slices.Clone(snap.Progress), func(p planner.Progress) bool {
			found = found || p.ID == progress
			return p.ID == progress
		})
	})
	if !found {
		return 0, planner.Errorf(planner.NotFound, "no report %s is in force", progress)
	}
	return revision, nil
}

func (l *fakeLedger) Attach(_ context.Context, county string, a *planner.Attachment, body []byte) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, there := l.files[county+a.Hash]
	if !there {
		l.files[county+a.Hash] = fakeFile{*a, body}
	}
	return !there, nil
}

func (l *fakeLedger) Attachment(_ context.Context, county, hash string) (*planner.Attachment, []byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[county+hash]
	if !ok {
		return nil, nil, planner.Errorf(planner.NotFound, "there is no file %s in %s", hash, county)
	}
	return &f.Attachment, f.body, nil
}

func (l *fakeLedger) Done(_ context.Context, once planner.Once) (*planner.Done, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.before([]planner.Once{once})
}

// before is what was answered under one of some keys.
func (l *fakeLedger) before(keys []planner.Once) (*planner.Done, error) {
	for _, key := range keys {
		held, ok := l.done[[2]string{key.Actor, key.Key}]
		switch {
		case ok && !bytes.Equal(held.Digest, key.Digest):
			return nil, planner.Errorf(planner.Conflict, "something else was sent before under the same id")
		case ok:
			return &held.Done, nil
		}
	}
	return nil, nil
}

// once keeps what was answered under some keys.
func (l *fakeLedger) once(keys []planner.Once, ids []planner.ID, revision int64) {
	for _, key := range keys {
		l.done[[2]string{key.Actor, key.Key}] = fakeDone{key, planner.Done{IDs: ids, Revision: revision}}
	}
}

func (l *fakeLedger) OpenDispute(_ context.Context, county string, d *planner.Dispute, once ...planner.Once) (planner.ID, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if done, err := l.before(once); err != nil {
		return 0, 0, err
	} else if done != nil {
		return done.IDs[0], done.Revision, nil
	}
	kept := *d
	kept.ID = l.id()
	revision := l.commit(county, func(snap *planner.Snapshot) { snap.Disputes = append(slices.Clone(snap.Disputes), kept) })
	l.once(once, []planner.ID{kept.ID}, revision)
	return kept.ID, revision, nil
}

func (l *fakeLedger) Decide(_ context.Context, county string, d *planner.Dispute) (int64, error) {
	return l.commit(county, func(snap *planner.Snapshot) {
		snap.Disputes = slices.Clone(snap.Disputes)
		for i := range snap.Disputes {
			if snap.Disputes[i].ID == d.ID {
				snap.Disputes[i] = *d
			}
		}
	}), nil
}

func (l *fakeLedger) AddInspections(_ context.Context, county string, in []planner.Inspection, once ...planner.Once) ([]planner.ID, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if done, err := l.before(once); err != nil {
		return nil, 0, err
	} else if done != nil {
		return done.IDs, done.Revision, nil
	}
	kept, ids := slices.Clone(in), make([]planner.ID, len(in))
	for i := range kept {
		kept[i].ID = l.id()
		ids[i] = kept[i].ID
	}
	revision := l.commit(county, func(snap *planner.Snapshot) { snap.Inspections = append(slices.Clone(snap.Inspections), kept...) })
	l.once(once, ids, revision)
	return ids, revision, nil
}

func (l *fakeLedger) SetInspection(_ context.Context, county string, in *planner.Inspection, was planner.InspectionResult) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, i := range l.store.snapshot(county).Inspections {
		if i.ID == in.ID && i.Result != was {
			return 0, planner.Errorf(planner.Conflict, "the result of inspection %d was written by somebody else meanwhile", in.ID)
		}
	}
	return l.commit(county, func(snap *planner.Snapshot) {
		snap.Inspections = slices.Clone(snap.Inspections)
		for i := range snap.Inspections {
			if snap.Inspections[i].ID == in.ID {
				snap.Inspections[i] = *in
			}
		}
	}), nil
}

func (l *fakeLedger) Operate(_ context.Context, county string, o *planner.Operation) ([]planner.ID, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.operations = append(l.operations, o)
	var made []planner.ID
	for _, r := range o.New {
		if r.ID <= 0 {
			made = append(made, l.id())
		}
	}
	return made, l.commit(county, func(*planner.Snapshot) {}), nil
}

func (l *fakeLedger) WithdrawOperation(_ context.Context, county string, _ planner.ID, _, _ string) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.operations = l.operations[:max(0, len(l.operations)-1)]
	return l.commit(county, func(*planner.Snapshot) {}), nil
}

func (l *fakeLedger) DrawRoad(_ context.Context, county string, road planner.ID, line orb.LineString, _ string) (int64, error) {
	return l.commit(county, func(snap *planner.Snapshot) {
		snap.Roads = slices.Clone(snap.Roads)
		for i := range snap.Roads {
			if snap.Roads[i].ID == road {
				snap.Roads[i].Line = line
			}
		}
	}), nil
}

func (l *fakeLedger) SetPlan(_ context.Context, county string, programme planner.ID, township string, points []planner.PlanPoint, _ string) (int64, error) {
	l.mu.Lock()
	l.plans = append(l.plans, points)
	l.mu.Unlock()
	return l.commit(county, func(snap *planner.Snapshot) {
		snap.Programmes = slices.Clone(snap.Programmes)
		for i := range snap.Programmes {
			if p := &snap.Programmes[i]; p.ID == programme {
				p.Plan = append(slices.DeleteFunc(slices.Clone(p.Plan), func(x planner.PlanPoint) bool { return x.Township == township }), points...)
			}
		}
	}), nil
}

// ReadSheet reads CSV; workbooks are read where the real one is tested.
func (l *fakeLedger) ReadSheet(_ context.Context, name string, body []byte) (*planner.Sheet, error) {
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "%s cannot be read: %v", name, err)
	}
	sum := sha256.Sum256(body)
	return &planner.Sheet{Hash: hex.EncodeToString(sum[:]), Name: name, Rows: rows}, nil
}

func (l *fakeLedger) SheetHeads(context.Context, string, string) ([]planner.SheetHead, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.heads), nil
}

func (l *fakeLedger) RememberHead(_ context.Context, _ string, h *planner.SheetHead) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heads = append(l.heads, *h)
	return nil
}

func (l *fakeLedger) KeepSheet(_ context.Context, county string, s *planner.Sheet, _ string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sheets[county+s.Hash] = s
	return nil
}

func (l *fakeLedger) Sheet(_ context.Context, county, hash string) (*planner.Sheet, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sheets[county+hash]
	if s == nil {
		return nil, planner.Errorf(planner.NotFound, "there is no sheet %s", hash)
	}
	return s, nil
}
