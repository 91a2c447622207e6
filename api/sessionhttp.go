package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// wrongLogin is the one answer to a login that nobody has, a wrong password, an
// account without one and one that is disabled.
const wrongLogin = "the login or the password is wrong"

type signInInput struct {
	Agent string `header:"User-Agent"`
	Body  struct {
		Login    string `json:"login" maxLength:"100"`
		Password string `json:"password" doc:"8 to 1024 bytes, taken as they are"`
	}
}

type signedInOutput struct {
	SetCookie    http.Cookie `header:"Set-Cookie"`
	CacheControl string      `header:"Cache-Control"`
	Body         meJSON
}

type signOutInput struct {
	All bool `query:"all" doc:"end all sessions of this person, not only this one"`
}

type signedOutOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type setupInput struct {
	Agent string `header:"User-Agent"`
	Body  struct {
		Token    string `json:"token" maxLength:"100" doc:"as the service printed it when it started"`
		Login    string `json:"login" maxLength:"100"`
		Name     string `json:"name" maxLength:"100"`
		Password string `json:"password"`
	}
}

type demoInput struct {
	Agent string `header:"User-Agent"`
	Body  struct {
		Role string `json:"role" enum:"bureau,planner,leader"`
	}
}

// signInErrors are what a try to sign in may be answered with instead.
var signInErrors = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusUnsupportedMediaType,
	http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable,
}

func (s *Server) routeSession(v1 huma.API) {
	tags := []string{"people"}
	huma.Register(v1, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/api/v1/session", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Sign in", Errors: signInErrors,
	}, s.signIn)
	huma.Register(v1, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/api/v1/session", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Sign out", Errors: []int{http.StatusForbidden, http.StatusServiceUnavailable},
	}, s.signOut)
	huma.Register(v1, huma.Operation{
		OperationID: "set-up", Method: http.MethodPost, Path: "/api/v1/setup", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Make the first account, an administrator", Errors: append([]int{http.StatusNotFound}, signInErrors...),
	}, s.setUp)
	huma.Register(v1, huma.Operation{
		OperationID: "sign-in-to-demo", Method: http.MethodPost, Path: "/api/v1/demo/session", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Sign in to the demo in one of its ready roles", Errors: append([]int{http.StatusNotFound}, signInErrors...),
	}, s.signInToDemo)
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*signedInOutput, error) {
	from := callerOf(ctx).address
	if wait := s.backoff.try(in.Body.Login, from); wait > 0 {
		return nil, tooSoon(wait)
	}
	account, hash, err := s.store.Account(ctx, in.Body.Login)
	if err != nil && planner.CodeOf(err) != planner.NotFound {
		s.backoff.undo(in.Body.Login, from)
		return nil, s.fail(err)
	}
	if account == nil || account.Disabled || len(in.Body.Password) > maxPassword {
		hash = ""
	}
	same, err := s.hasher.same(in.Body.Password[:min(len(in.Body.Password), maxPassword)], hash)
	if err != nil {
		s.backoff.undo(in.Body.Login, from)
		return nil, s.failHash(err)
	}
	if !same {
		s.log.Warn("a sign-in failed", "address", from)
		return nil, huma.NewError(http.StatusUnauthorized, wrongLogin)
	}
	s.backoff.right(in.Body.Login, from)
	return s.open(ctx, &account.Person, in.Agent)
}

// open starts a session for who has proved to be that person; the one that the
// request came with ends.
func (s *Server) open(ctx context.Context, who *planner.Person, agent string) (*signedInOutput, error) {
	c := callerOf(ctx)
	token, hash := NewToken()
	if err := s.store.SignIn(ctx, who, hash, c.session, tidyAgent(agent)); err != nil {
		return nil, s.fail(err)
	}
	s.callers.forget()
	return &signedInOutput{SetCookie: c.cookieOf(token), CacheControl: "no-store", Body: s.me(who, true)}, nil
}

// tidyAgent is what is kept of the browser's name, to tell sessions apart.
func tidyAgent(agent string) string {
	agent = strings.ReplaceAll(strings.ToValidUTF8(agent, "?"), "\x00", "?")
	for i := range agent {
		if i > 190 {
			return agent[:i]
		}
	}
	return agent
}

func (s *Server) signOut(ctx context.Context, in *signOutInput) (*signedOutOutput, error) {
	c := callerOf(ctx)
	var err error
	switch {
	case c.person.Guest: // has ended already
	case in.All:
		_, err = s.store.EndSessions(ctx, c.person.Login, c.person.Login)
	default:
		err = s.store.SignOut(ctx, c.person, c.session)
	}
	if err != nil {
		return nil, s.fail(err)
	}
	s.callers.forget()
	return &signedOutOutput{SetCookie: c.cookieOf("")}, nil
}

func (s *Server) setUp(ctx context.Context, in *setupInput) (*signedInOutput, error) {
	from := callerOf(ctx).address
	if s.demo {
		return nil, huma.Error404NotFound("the demo has its roles ready and is not set up")
	}
	if strings.TrimSpace(in.Body.Name) == "" {
		return nil, badBody("name", "your name is missing")
	}
	if err := CheckPassword(in.Body.Password); err != nil {
		return nil, badBody("password", err.Error())
	}
	if wait := s.backoff.try("", from); wait > 0 {
		return nil, tooSoon(wait)
	}
	hash, err := s.hasher.hash(in.Body.Password)
	if err != nil {
		return nil, s.failHash(err)
	}
	token, _ := base64.RawURLEncoding.DecodeString(strings.TrimSpace(in.Body.Token)) // what is no token is not the token
	if err := s.store.SetUp(ctx, hashOf(token), planner.NewAccount{Login: in.Body.Login, Name: in.Body.Name, Hash: hash}); err != nil {
		if planner.CodeOf(err) == planner.NotFound {
			return nil, huma.NewError(http.StatusForbidden, err.Error())
		}
		return nil, s.fail(err)
	}
	s.callers.forget()
	account, _, err := s.store.Account(ctx, in.Body.Login)
	if err != nil {
		return nil, s.fail(err)
	}
	return s.open(ctx, &account.Person, in.Agent)
}

// signInToDemo takes one of the ready roles, which have no password. The demo
// listens on this machine only.
func (s *Server) signInToDemo(ctx context.Context, in *demoInput) (*signedInOutput, error) {
	if !s.demo {
		return nil, huma.Error404NotFound("only the demo has ready roles")
	}
	account, hash, err := s.store.Account(ctx, in.Body.Role)
	if err != nil {
		return nil, s.fail(err)
	}
	if hash != "" || account.Disabled {
		return nil, huma.Error404NotFound("this role was given a password or was disabled; sign in as usual")
	}
	return s.open(ctx, &account.Person, in.Agent)
}

// tooSoon says when to try again.
func tooSoon(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	return huma.ErrorWithHeaders(huma.NewError(http.StatusTooManyRequests, "too many tries; wait a little"),
		http.Header{"Retry-After": {strconv.Itoa(seconds)}})
}

// failHash is fail for what may have found all slots for hashing taken.
func (s *Server) failHash(err error) error {
	if errors.Is(err, errHashing) {
		return huma.ErrorWithHeaders(huma.NewError(http.StatusServiceUnavailable, "too many people sign in at once; try again"),
			http.Header{"Retry-After": {"1"}})
	}
	return s.fail(err)
}

// badBody is a refusal that names the member.
func badBody(name, message string) error {
	return huma.NewError(http.StatusUnprocessableEntity, "the request has a wrong member",
		&huma.ErrorDetail{Location: "body." + name, Message: message})
}
