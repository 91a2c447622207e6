package data_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

func TestADutyPassesOn(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	const township = "130101001"
	set := func(person, from string, m planner.Matter) {
		t.Helper()
		d := planner.Duty{Level: planner.DutyTownship, Township: township, Matter: m, Person: person, Unit: "t人民政府", Phone: "0857-5550100", By: "wang"}
		if from != "" {
			d.From = day(from)
		}
		if _, _, err := store.SetDuty(t.Context(), workCounty, &d); err != nil {
			t.Fatal(err)
		}
	}
	on := func(when string, known time.Time) string {
		t.Helper()
		snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day(when), KnownAt: known})
		var out []string
		for _, m := range planner.Matters {
			if d := snap.DutyOf(township, m); d != nil {
				out = append(out, d.Person)
			} else {
				out = append(out, "-")
			}
		}
		return strings.Join(out, " ")
	}
	now := func() time.Time { return value[time.Time](t, conn, `select clock_timestamp()`) }

	set("甲", "2020-01-01", planner.MatterAll)
	set("乙", "2020-03-01", planner.MatterRoad)
	before := now()
	set("丙", "2020-06-01", planner.MatterAll)
	if _, _, err := store.SetDuty(t.Context(), "520527999", &planner.Duty{Level: planner.DutyCounty, Matter: planner.MatterAll, Person: "x"}); err == nil {
		t.Error("somebody is responsible in a county that is not there")
	}
	set("", "2020-09-01", planner.MatterRoad)
	for _, c := range []struct {
		on    string
		known time.Time
		want  string
	}{
		{"2019-12-31", time.Time{}, "- - - -"}, {"2020-02-29", time.Time{}, "甲 甲 甲 甲"}, {"2020-03-01", time.Time{}, "甲 乙 甲 甲"}, {"2020-06-01", time.Time{}, "丙 乙 丙 丙"},
		{"2020-09-01", time.Time{}, "丙 丙 丙 丙"}, {"2020-09-01", before, "甲 乙 甲 甲"},
	} {
		if got := on(c.on, c.known); got != c.want {
			t.Errorf("on %s as known at %s: %s, want %s", c.on, c.known, got, c.want)
		}
	}
	set("丁", "2020-02-01", planner.MatterAll) // whoever was to begin later does not
	set("戊", "", planner.MatterRoad)
	if got := on("2020-06-01", time.Time{}); got != "丁 戊 丁 丁" {
		t.Errorf("put in other hands from an earlier day on: %s", got)
	}
	if n := value[int](t, conn, `select count(*) from qiantu.audit where action = 'duty' and actor = 'wang'`); n != 6 {
		t.Errorf("the audit has %d lines of six deeds", n)
	}
	bad := planner.Duty{Level: planner.DutyVillage, Matter: planner.MatterAll, Person: "x"}
	if _, _, err := store.SetDuty(t.Context(), workCounty, &bad); planner.CodeOf(err) != planner.Invalid {
		t.Errorf("a village's duty of no village: %v", err)
	}
}

func TestALinkToTheWallEnds(t *testing.T) {
	store, dsn := grounded(t)
	add(t, store, "wang")
	soon := time.Now().Add(time.Hour)
	id, err := store.AddWallLink(t.Context(), workCounty, "大会议室", "wang", token("link"), soon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.AddWallLink(t.Context(), workCounty, "", "wang", token("short"), time.Now().Add(time.Second/2)); err != nil {
		t.Fatal(err)
	}
	sees := func(name string) bool {
		t.Helper()
		people, err := store.People(t.Context(), [][]byte{token(name)})
		if err != nil {
			t.Fatal(err)
		}
		p := people.Sessions[string(token(name))]
		return p.May(planner.ActionWall, workCounty)
	}
	if !sees("link") || sees("no link") {
		t.Error("a link does not open its wall, or none does")
	}
	run(t, connect(t, dsn), `select pg_sleep(0.6)`)
	if sees("short") {
		t.Error("a link opens the wall after its end")
	}
	if err := store.RevokeWallLink(t.Context(), "no county", id, "wang"); planner.CodeOf(err) != planner.NotFound {
		t.Errorf("revoked in another county: %v", err)
	}
	if err := store.RevokeWallLink(t.Context(), workCounty, id, "li"); err != nil {
		t.Fatal(err)
	}
	if sees("link") {
		t.Error("a link opens the wall after it was taken back")
	}
	links, err := store.WallLinks(t.Context(), workCounty)
	if err != nil || len(links) != 2 {
		t.Fatalf("%+v %v", links, err)
	}
	for _, l := range links {
		if l.ID == id && (l.RevokedBy != "li" || l.Revoked.IsZero() || l.Name != "大会议室" || l.By != "wang" || l.Open(time.Now())) {
			t.Errorf("the link reads as %+v", l)
		}
	}
}
