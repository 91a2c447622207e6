package api

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// Ledger is what the service writes to. Every method is one transaction with
// its line in the audit, and gives the revision that shows it. Errors carry a
// [planner.Code]: Invalid, NotFound, Conflict.
type Ledger interface {
	// Submit stores a submission and, when it is applied, its report, overrides
	// and dispute. The same id with the same digest gives what was stored first
	// and true; with another digest a Conflict.
	Submit(ctx context.Context, s *planner.Submission) (stored *planner.Submission, again bool, revision int64, err error)
	// Submissions lists the newest first, and how many there are in all.
	Submissions(ctx context.Context, q planner.SubmissionQuery) ([]planner.Submission, int, error)
	// Answer moves a held submission on; s is its new state. A Conflict when it is no longer held.
	Answer(ctx context.Context, s *planner.Submission) (int64, error)
	// Revoke revokes a report for ever.
	Revoke(ctx context.Context, county, progress, reason, by string) (int64, error)

	// Attach stores a file; false: it was there.
	Attach(ctx context.Context, county string, a *planner.Attachment, body []byte) (bool, error)
	// Attachment gives a file back.
	Attachment(ctx context.Context, county, hash string) (*planner.Attachment, []byte, error)

	// Done gives what a write answered that was stored under a key; nil: none was. A Conflict where something else was sent.
	Done(ctx context.Context, once planner.Once) (*planner.Done, error)
	// OpenDispute and AddInspections store once what has keys; again they give what was stored first.
	OpenDispute(ctx context.Context, county string, d *planner.Dispute, once ...planner.Once) (planner.ID, int64, error)
	// Decide closes an open dispute: Outcome, Awarded, Decision, DecidedBy, Decided, Evidence of d are taken.
	Decide(ctx context.Context, county string, d *planner.Dispute) (int64, error)
	AddInspections(ctx context.Context, county string, inspections []planner.Inspection, once ...planner.Once) ([]planner.ID, int64, error)
	// SetInspection writes Result, PQIMilli, Inspector, Note, Evidence of i. A Conflict when the result that stands is not was.
	SetInspection(ctx context.Context, county string, i *planner.Inspection, was planner.InspectionResult) (int64, error)

	// Operate puts routes into new versions. New ids of routes are given in the order of o.New.
	Operate(ctx context.Context, county string, o *planner.Operation) ([]planner.ID, int64, error)
	// WithdrawOperation takes back the deed that made a route what it is. A Conflict while something stands on it.
	WithdrawOperation(ctx context.Context, county string, road planner.ID, reason, by string) (int64, error)
	// DrawRoad gives a length-only route its line.
	DrawRoad(ctx context.Context, county string, road planner.ID, line orb.LineString, by string) (int64, error)
	// SetPlan replaces the plan points of a programme for a township, or with an empty township for all.
	SetPlan(ctx context.Context, county string, programme planner.ID, township string, points []planner.PlanPoint, by string) (int64, error)

	// SetDuty puts a matter of a place into other hands from a day on.
	SetDuty(ctx context.Context, county string, d *planner.Duty) (planner.ID, int64, error)
	// AddWallLink keeps a link to a county's wall: the SHA-256 of its token, until when it opens.
	AddWallLink(ctx context.Context, county, name, by string, token []byte, ends time.Time) (planner.ID, error)
	WallLinks(ctx context.Context, county string) ([]planner.WallLink, error)
	RevokeWallLink(ctx context.Context, county string, id planner.ID, by string) error

	// ScenarioDeeds is what planners do to scenarios.
	ScenarioDeeds

	// ReadSheet reads the first sheet of a workbook, or a CSV, as text.
	ReadSheet(ctx context.Context, name string, body []byte) (*planner.Sheet, error)
	SheetHeads(ctx context.Context, county, township string) ([]planner.SheetHead, error)
	RememberHead(ctx context.Context, county string, h *planner.SheetHead) error
	// KeepSheet and Sheet hold an uploaded sheet between its preview and its application.
	KeepSheet(ctx context.Context, county string, s *planner.Sheet, by string) error
	Sheet(ctx context.Context, county, hash string) (*planner.Sheet, error)
}
