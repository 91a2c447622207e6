package api

import (
	"context"

	"github.com/qiantu/qiantu/planner"
)

// People is where accounts, grants and sessions are kept. Sessions are named by
// the SHA-256 of their token; actor is who does it, for the audit; rights is
// where the caller saw an account stand, so that a lost race is a
// [planner.Conflict]; zero: it does not matter.
type People interface {
	// People tells who stands behind sessions, and what holds without one.
	People(ctx context.Context, sessions [][]byte) (*planner.People, error)
	// Tree tells which region lies above which.
	Tree(ctx context.Context) (planner.Tree, error)

	// SignIn opens a session, in place of before if that is not nil.
	SignIn(ctx context.Context, who *planner.Person, session, before []byte, agent string) error
	// SeeSession notes that a session is in use.
	SeeSession(ctx context.Context, session []byte) error
	// SignOut ends one session.
	SignOut(ctx context.Context, who *planner.Person, session []byte) error
	// EndSessions ends all of an account and tells how many they were.
	EndSessions(ctx context.Context, actor, login string) (int64, error)
	// SetUp makes the first account, for who holds the token with this SHA-256.
	SetUp(ctx context.Context, token []byte, a planner.NewAccount) error

	// Accounts lists all accounts by login.
	Accounts(ctx context.Context) ([]planner.Account, error)
	// Account reads one, and the hash of its password.
	Account(ctx context.Context, login string) (*planner.Account, string, error)
	// AddAccount makes one without rights.
	AddAccount(ctx context.Context, actor string, a planner.NewAccount) error
	// ChangeAccount changes one; the session keep outlives a new password.
	ChangeAccount(ctx context.Context, actor, login string, rights int64, c planner.AccountChange, keep []byte) error
	// GiveGrant and TakeGrant give a role for a region and take it away; the
	// login guest stands for everyone who has not signed in.
	GiveGrant(ctx context.Context, actor, login string, rights int64, g planner.Grant) error
	TakeGrant(ctx context.Context, actor, login string, rights int64, g planner.Grant) error
}

// guestLogin stands for everyone who has not signed in.
const guestLogin = "guest"
