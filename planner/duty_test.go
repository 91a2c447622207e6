package planner_test

import (
	"testing"

	"github.com/qiantu/qiantu/planner"
)

func TestADutyIsOfOnePlace(t *testing.T) {
	ok := []planner.Duty{
		{Level: planner.DutyCounty, Matter: planner.MatterRoad}, {Level: planner.DutyTownship, Township: "520527100", Matter: planner.MatterAll},
		{Level: planner.DutyGroup, Village: 3, Matter: planner.MatterWater, From: 10, To: 11},
	}
	for _, d := range ok {
		if err := d.Check(); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []planner.Duty{
		{}, {Level: "province", Matter: planner.MatterAll}, {Level: planner.DutyCounty, Matter: "tax"}, {Level: planner.DutyCounty, Township: "520527100", Matter: planner.MatterAll},
		{Level: planner.DutyTownship, Matter: planner.MatterAll}, {Level: planner.DutyVillage, Matter: planner.MatterAll}, {Level: planner.DutyTownship, Township: "1", Village: 3, Matter: planner.MatterAll},
		{Level: planner.DutyCounty, Matter: planner.MatterAll, From: 11, To: 11},
	} {
		if planner.CodeOf(d.Check()) != planner.Invalid {
			t.Errorf("%+v is taken for a duty", d)
		}
	}
}
