package data

import (
	"context"
	"errors"
	"regexp"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Guest is the login that stands for everyone who has not signed in. Nobody
// can have it; grants to it say what everyone may read.
const Guest = "guest"

// loginForm is what a login looks like; the table holds it too.
var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// CheckLogin says why a login cannot be one.
func CheckLogin(login string) error {
	switch {
	case login == Guest:
		return planner.Errorf(planner.Invalid, "%q stands for everyone who has not signed in; choose another login", login)
	case !loginForm.MatchString(login):
		return planner.Errorf(planner.Invalid, "%.60q is no login: 2 to 40 of a-z, 0-9, dot, dash and underscore, a letter or digit first", login)
	}
	return nil
}

// Audit notes who did what, in the transaction of the deed: actor is a login
// or what acts without one (system, import), action a verb, county the code or
// nothing, object what it was done to, detail what else must be known. Never
// put a password, a token or a hash of one there.
func Audit(ctx context.Context, tx pgx.Tx, actor, action, county, object string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	_, err := tx.Exec(ctx, query.AuditInsert, actor, action, county, object, detail)
	return err
}

// Tree reads which region lies above which, down to the townships.
func (s *Store) Tree(ctx context.Context) (planner.Tree, error) {
	tree := planner.Tree{}
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.RegionTree)
		if err != nil {
			return err
		}
		var code, parent string
		_, err = pgx.ForEachRow(rows, []any{&code, &parent}, func() error {
			tree[code] = parent
			return nil
		})
		return err
	})
	return tree, explain(err)
}

func accountColumns(a *planner.Account) []any {
	return []any{&a.ID, &a.Login, &a.Name, &a.Unit, &a.Rights, &a.Grants, &a.Disabled, &a.HasPassword, utcInto{&a.Created}, &a.Sessions}
}

// Accounts lists all accounts by login.
func (s *Store) Accounts(ctx context.Context) ([]planner.Account, error) {
	var out []planner.Account
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.UserList)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a planner.Account
			if err := rows.Scan(accountColumns(&a)...); err != nil {
				return err
			}
			out = append(out, a)
		}
		return rows.Err()
	})
	return out, explain(err)
}

// Account reads the account with a login, and the hash of its password; empty:
// it has none.
func (s *Store) Account(ctx context.Context, login string) (*planner.Account, string, error) {
	var a planner.Account
	var hash string
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.UserGet, login).Scan(append(accountColumns(&a), &hash)...)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, "", noAccount(login)
	}
	return &a, hash, explain(err)
}

func noAccount(login string) error {
	return planner.Errorf(planner.NotFound, "nobody has the login %.60q", login)
}

// AddAccount makes an account without any right.
func (s *Store) AddAccount(ctx context.Context, actor string, a planner.NewAccount) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		_, err := addAccount(ctx, tx, actor, a)
		return err
	})
}

func addAccount(ctx context.Context, tx pgx.Tx, actor string, a planner.NewAccount) (int64, error) {
	if err := CheckLogin(a.Login); err != nil {
		return 0, err
	}
	var id int64
	err := tx.QueryRow(ctx, query.UserInsert, a.Login, a.Name, a.Unit, a.Hash).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, planner.Errorf(planner.Conflict, "the login %q is taken; choose another", a.Login)
	}
	if err != nil {
		return 0, err
	}
	return id, Audit(ctx, tx, actor, "add", "", "user:"+a.Login, map[string]any{"name": a.Name, "unit": a.Unit})
}

// lockAccount holds an account until the transaction ends. rights is where the
// caller saw them stand, 0: that does not matter.
func lockAccount(ctx context.Context, tx pgx.Tx, login string, rights int64) (int64, error) {
	var id int64
	var same bool
	err := tx.QueryRow(ctx, query.UserLock, login, rights).Scan(&id, &same)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, noAccount(login)
	case err == nil && !same:
		return 0, planner.Errorf(planner.Conflict, "somebody else changed the account %s at the same time; look again", login)
	}
	return id, err
}

// ChangeAccount changes an account whose rights stand where the caller saw
// them (0: anywhere). A new password, or disabling, ends its sessions, but the
// one with the token hash keep.
func (s *Store) ChangeAccount(ctx context.Context, actor, login string, rights int64, c planner.AccountChange, keep []byte) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		id, err := lockAccount(ctx, tx, login, rights)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.UserUpdate, id, c.Name, c.Unit, c.Hash, c.Disabled); err != nil {
			return err
		}
		if c.Hash != nil || c.Disabled != nil && *c.Disabled {
			if _, err := tx.Exec(ctx, query.SessionDeleteAll, id, keep); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, actor, "change", "", "user:"+login, changed(c))
	})
}

// changed says what of an account changed, without any secret.
func changed(c planner.AccountChange) map[string]any {
	detail := map[string]any{}
	if c.Name != nil {
		detail["name"] = *c.Name
	}
	if c.Unit != nil {
		detail["unit"] = *c.Unit
	}
	if c.Hash != nil {
		detail["password"] = "new"
	}
	if c.Disabled != nil {
		detail["disabled"] = *c.Disabled
	}
	return detail
}

// GiveGrant gives an account, or [Guest], a role for a region. One that it has
// already stays as it is.
func (s *Store) GiveGrant(ctx context.Context, actor, login string, rights int64, g planner.Grant) error {
	return s.changeGrant(ctx, actor, login, rights, g, "grant")
}

// TakeGrant takes a role away; one that is not there is NotFound.
func (s *Store) TakeGrant(ctx context.Context, actor, login string, rights int64, g planner.Grant) error {
	return s.changeGrant(ctx, actor, login, rights, g, "revoke")
}

func (s *Store) changeGrant(ctx context.Context, actor, login string, rights int64, g planner.Grant, action string) error {
	if login == Guest && g.Role != planner.RoleViewer {
		return planner.Errorf(planner.Invalid, "a guest can be viewer only, not %.20q", g.Role)
	}
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		change := grantOfUser
		if login == Guest {
			change = grantOfGuest
		}
		if err := change(ctx, tx, actor, login, rights, g, action == "grant"); err != nil {
			return err
		}
		return Audit(ctx, tx, actor, action, "", "user:"+login, map[string]any{"role": g.Role, "region": g.Region})
	})
}

func grantOfUser(ctx context.Context, tx pgx.Tx, actor, login string, rights int64, g planner.Grant, give bool) error {
	id, err := lockAccount(ctx, tx, login, rights)
	if err != nil {
		return err
	}
	if give {
		_, err = tx.Exec(ctx, query.GrantInsert, id, g.Role, g.Region, actor)
	} else {
		err = mustTouch(ctx, tx, g, query.GrantDelete, id, g.Role, g.Region)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query.UserRights, id)
	return err
}

func grantOfGuest(ctx context.Context, tx pgx.Tx, actor, _ string, _ int64, g planner.Grant, give bool) error {
	if !give {
		return mustTouch(ctx, tx, g, query.GuestDelete, g.Region)
	}
	_, err := tx.Exec(ctx, query.GuestInsert, g.Region, actor)
	return err
}

// mustTouch runs a statement that takes a grant away and has to find it.
func mustTouch(ctx context.Context, tx pgx.Tx, g planner.Grant, sql string, args ...any) error {
	tag, err := tx.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() == 0 {
		return planner.Errorf(planner.NotFound, "there is no grant %.20s of %.64s to take away", g.Role, g.Region)
	}
	return err
}
