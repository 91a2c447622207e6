package api

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/planner"
)

// fakeBulletins keeps bulletins in memory, over the facts of a fake store.
type fakeBulletins struct {
	*fakeStore
	periods []planner.PeriodState
	kept    map[planner.BulletinSubject][]*planner.KeptBulletin
}

func (f *fakeBulletins) Periods(context.Context, string) ([]planner.PeriodState, error) {
	return f.periods, nil
}

func (f *fakeBulletins) NilReports(context.Context, string, planner.ID, planner.BulletinSubject, time.Time) ([]planner.NilReport, error) {
	return nil, nil
}

func (f *fakeBulletins) KeptBulletin(_ context.Context, _ string, subject planner.BulletinSubject, number int) (*planner.KeptBulletin, error) {
	list := f.kept[subject]
	if number == 0 {
		number = len(list)
	}
	if number < 1 || number > len(list) {
		return nil, nil
	}
	return list[number-1], nil
}

func (f *fakeBulletins) KeepBulletin(_ context.Context, b *planner.Bulletin, body []byte, hash, by string) (int64, error) {
	f.kept[b.Subject] = append(f.kept[b.Subject], &planner.KeptBulletin{Number: b.Number, Body: string(body), Hash: hash, By: by})
	return 0, nil
}

func (f *fakeBulletins) Settle(context.Context, time.Time) error { return nil }

// withBulletin is a server of a small county with a bulletin whose levels are set by hand.
func withBulletin(t *testing.T) (*Server, *fakeBulletins, *planner.Snapshot) {
	t.Helper()
	county := smallCounty("520527", 104.5)
	store := newFake(county)
	store.past = county
	f := &fakeBulletins{fakeStore: store, kept: map[planner.BulletinSubject][]*planner.KeptBulletin{}}
	f.periods = []planner.PeriodState{{Period: planner.Period{ID: 1, Kind: "week", From: county.AsOf.String(), To: county.AsOf.String(), CutOff: time.Now().Add(-time.Hour).UTC()},
		Closed: map[planner.BulletinSubject]int{}}}
	if _, err := CloseBulletin(t.Context(), f, "520527", planner.BulletinRoad, 1, time.Now(), "li"); err != nil {
		t.Fatal(err)
	}
	s, _ := live(t, store)
	s.bulletins = f
	return s, f, county
}

func TestABulletinIsServedByteForByte(t *testing.T) {
	s, f, _ := withBulletin(t)
	for _, number := range []int{0, 1} {
		if status, _, body := get(t, s, fmt.Sprintf("/api/v1/bulletins/road/%d?region=520527", number)); status != 200 || body != f.kept[planner.BulletinRoad][0].Body {
			t.Errorf("bulletin %d: status %d, %.200s", number, status, body)
		}
	}
	if status, header, body := get(t, s, "/api/v1/bulletins/road/1?region=520527&format=xlsx"); status != 200 || header.Get("Content-Type") != sheetType || len(body) < 1000 {
		t.Errorf("as a spreadsheet: status %d, %s", status, header)
	}
	for target, want := range map[string]int{"/api/v1/bulletins/road/2?region=520527": 404, "/api/v1/bulletins/water/0?region=520527": 404, "/api/v1/bulletins/roads/1?region=520527": 422,
		"/api/v1/bulletins/road/1?region=999999": 404, "/api/v1/periods?region=520527": 200, "/api/v1/wall?region=520527&bulletin=0": 422, "/api/v1/wall?region=520527&bulletin=7": 404,
		"/api/v1/wall/brief?region=520527&bulletin=1": 422, "/api/v1/wall?region=520527&bulletin=1&as_of=2020-06-30": 422, "/api/v1/wall?region=520527&bulletin=x": 422} {
		if status, _, body := get(t, s, target); status != want {
			t.Errorf("%s: status %d, want %d: %s", target, status, want, body)
		}
	}
}

// A wall pinned to a bulletin is of its moment, and says the levels that it published.
func TestAWallSaysWhatItsBulletinSays(t *testing.T) {
	s, f, county := withBulletin(t)
	var b planner.Bulletin
	kept := f.kept[planner.BulletinRoad][0]
	if err := json.Unmarshal([]byte(kept.Body), &b); err != nil || len(b.Levels) == 0 {
		t.Fatal(err, b.Levels)
	}
	want := map[string]string{}
	for i := range b.Levels {
		b.Levels[i].Level = planner.WarningOrange // as hysteresis may hold it
		want[b.Levels[i].Code] = "orange"
	}
	body, hash, err := encodeBulletin(&b)
	if err != nil {
		t.Fatal(err)
	}
	kept.Body, kept.Hash = string(body), hash
	status, _, answer := get(t, s, "/api/v1/wall?region=520527&bulletin=last")
	var wall struct {
		Pinned    bool
		AsOf      string  `json:"as_of"`
		KnownAt   *string `json:"known_at"`
		Bulletin  *wallBulletinJSON
		Levels    map[string]int
		Townships []struct{ Code, Level string }
	}
	if err := json.Unmarshal([]byte(answer), &wall); err != nil || status != 200 {
		t.Fatalf("status %d, %v: %s", status, err, answer)
	}
	if !wall.Pinned || wall.AsOf != county.AsOf.String() || wall.KnownAt == nil || wall.Bulletin == nil || wall.Bulletin.Number != 1 || wall.Bulletin.Hash != hash {
		t.Errorf("the wall is of %s as known %v, bulletin %+v", wall.AsOf, wall.KnownAt, wall.Bulletin)
	}
	got := map[string]string{b.County: "orange"} // the county has no row of its own
	for _, r := range wall.Townships {
		got[r.Code] = r.Level
	}
	if diff := cmp.Diff(want, got); diff != "" || wall.Levels["orange"] != len(wall.Townships) {
		t.Errorf("levels %v (-want +got):\n%s", wall.Levels, diff)
	}
}

// A period that has not ended is not closed: nobody could open it again.
func TestAPeriodToComeIsNotClosed(t *testing.T) {
	_, f, _ := withBulletin(t)
	f.periods = append(f.periods, planner.PeriodState{Period: planner.Period{ID: 2, Kind: "month", From: "2020-12-01", To: "2020-12-31"}})
	at := time.Date(2020, 12, 30, 15, 59, 0, 0, time.UTC) // one minute before the 31st begins in China
	if _, err := CloseBulletin(t.Context(), f, "520527", planner.BulletinRoad, 2, at, "li"); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("closed a day before its last day: %v", err)
	}
}
