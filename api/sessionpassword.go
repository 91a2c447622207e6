package api

import (
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"

	"github.com/qiantu/qiantu/planner"
)

// The bounds of a password, in bytes; there is no rule on what it is made of.
const (
	minPassword = 8
	maxPassword = 1024
)

// hashParams are argon2id with 64 MiB and two passes: some 100 ms.
var hashParams = &argon2id.Params{Memory: 64 << 10, Iterations: 2, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// hashSlots is how many passwords may be hashed at once, since each takes
// 64 MiB; more are refused.
const hashSlots = 4

// dummyHash is of no password. Who has no account is compared with it, so that
// the answer takes as long as for who has one.
const dummyHash = "$argon2id$v=19$m=65536,t=2,p=2$bm9ib2R5IGhhcyB0aGlzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// errHashing says that more passwords are to be hashed than may be.
var errHashing = errors.New("api: too many passwords are being checked")

// CheckPassword says why a password cannot be one: it has 8 to 1024 bytes and
// is taken as it is, blanks and all.
func CheckPassword(password string) error {
	if len(password) < minPassword || len(password) > maxPassword {
		return planner.Errorf(planner.Invalid, "a password has %d to %d bytes, this one has %d", minPassword, maxPassword, len(password))
	}
	return nil
}

// HashPassword makes the argon2id hash under which a password is kept.
func HashPassword(password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	hash, err := argon2id.CreateHash(password, hashParams)
	if err != nil {
		return "", fmt.Errorf("api: hash a password: %w", err)
	}
	return hash, nil
}

// hasher compares and makes hashes, a few at a time.
type hasher struct{ slots chan struct{} }

func newHasher() *hasher { return &hasher{slots: make(chan struct{}, hashSlots)} }

func (h *hasher) hold() error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
		return errHashing
	}
}

func (h *hasher) free() { <-h.slots }

// hash is HashPassword in turn.
func (h *hasher) hash(password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	if err := h.hold(); err != nil {
		return "", err
	}
	defer h.free()
	return HashPassword(password)
}

// same says whether a password is that of a hash. An empty hash takes as long
// and is never the same.
func (h *hasher) same(password, hash string) (bool, error) {
	if err := h.hold(); err != nil {
		return false, err
	}
	defer h.free()
	against := hash
	if against == "" {
		against = dummyHash
	}
	same, err := argon2id.ComparePasswordAndHash(password, against)
	if err != nil {
		return false, fmt.Errorf("api: compare a password: %w", err)
	}
	return same && hash != "", nil
}
