package planner

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an Error is; api maps it to a status once.
type Code string

// The five kinds of failure a caller can act on. Everything else is internal.
const (
	Invalid     Code = "invalid"     // the request or the input is wrong; the message says the mend
	NotFound    Code = "not_found"   // no such thing, or none that may be seen
	Conflict    Code = "conflict"    // somebody else changed it meanwhile
	Unavailable Code = "unavailable" // the database or a helper program cannot be reached now
	TooLarge    Code = "too_large"   // over a published limit
)

// Error is a failure with a code for programs and a message for people.
type Error struct {
	Code    Code
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Errorf makes an Error of a kind.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the kind of err, or the empty Code when err is nil or internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
