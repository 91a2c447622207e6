package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// How long what is known of a caller holds.
const (
	cookieName   = "qiantu_session"
	cookieAge    = 7 * 24 * time.Hour // as long as a session lasts at most
	tokenBytes   = 32
	rightsAge    = time.Second      // then they are looked up again, should a notice be lost
	rightsOutage = time.Minute      // while the store cannot be asked, what a person could before
	seenEvery    = time.Minute      // a session in use is marked as such
	callersHeld  = 4096             // sessions remembered
	watchTimeout = 10 * time.Second // of one look at the store
)

// callers knows who stands behind sessions. What it says is at most rightsAge
// old, or as new as the last notice.
type callers struct {
	store  People
	open   bool // guests read everything until somebody can sign in
	mu     sync.Mutex
	seq    int64 // counts the notices
	held   *lru[string, *heldCaller]
	flight flight[string, *heldCaller]
}

// heldCaller is what was found for one session; the key "" is the guest's.
type heldCaller struct {
	person   *planner.Person // nil: the session has ended
	accounts bool            // somebody can sign in
	at       time.Time
	seq      int64
	seen     time.Time // when it was last marked as in use
}

func newCallers(store People, open bool) *callers {
	return &callers{store: store, open: open, held: newLRU[string, *heldCaller](callersHeld)}
}

// forget makes everything be looked up again.
func (c *callers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
}

func (c *callers) fresh(h *heldCaller) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return h.seq == c.seq && time.Since(h.at) < rightsAge
}

// find returns who stands behind a session (SHA-256 of its token; empty: the
// guest). While the store cannot be asked the last answer holds: for a minute,
// for guests as long as it takes.
func (c *callers) find(ctx context.Context, session string) (*heldCaller, error) {
	last, known := c.held.get(session)
	if known && c.fresh(last) {
		return last, nil
	}
	found, err := c.flight.do(ctx, session, func(ctx context.Context) (*heldCaller, error) {
		found, err := c.look(ctx, []string{session})
		if err != nil {
			return nil, err
		}
		return found[session], nil
	})
	if err != nil && known && ctx.Err() == nil && (session == "" || time.Since(last.at) < rightsOutage) {
		return last, nil
	}
	return found, err
}

// look asks the store for sessions at once and holds the answers.
func (c *callers) look(ctx context.Context, sessions []string) (map[string]*heldCaller, error) {
	c.mu.Lock()
	seq := c.seq
	c.mu.Unlock()
	at := time.Now()
	var tokens [][]byte
	for _, s := range sessions {
		if s != "" {
			tokens = append(tokens, []byte(s))
		}
	}
	people, err := c.store.People(ctx, tokens)
	if err != nil {
		return nil, err
	}
	out := map[string]*heldCaller{}
	for _, s := range sessions {
		h := &heldCaller{person: people.Sessions[s], accounts: people.Accounts, at: at, seq: seq}
		if s == "" {
			h.person = c.guest(people)
		}
		c.hold(s, h)
		out[s] = h
	}
	return out, nil
}

// hold remembers what was found, and when the session was last marked.
func (c *callers) hold(session string, h *heldCaller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.held.get(session); ok {
		h.seen = before.seen
	}
	c.held.put(session, h, 1)
}

// guest is who has not signed in.
func (c *callers) guest(people *planner.People) *planner.Person {
	p := &planner.Person{Login: guestLogin, Guest: true}
	regions := people.Guest
	if c.open && !people.Accounts {
		regions = []string{planner.Everywhere}
	}
	for _, region := range regions {
		p.Grants = append(p.Grants, planner.Grant{Role: planner.RoleViewer, Region: region})
	}
	return p
}

// use marks a session as in use, now and then.
func (c *callers) use(ctx context.Context, session string, h *heldCaller) {
	c.mu.Lock()
	due := time.Since(h.seen) > seenEvery
	if due {
		h.seen = time.Now()
	}
	c.mu.Unlock()
	if due {
		_ = c.store.SeeSession(ctx, []byte(session)) // it would only end a little earlier
	}
}

// hashOf is what is kept of a token.
func hashOf(token []byte) []byte {
	sum := sha256.Sum256(token)
	return sum[:]
}

// sessionOf is the SHA-256 of the token that a request brings, or empty.
func sessionOf(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	token, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(token) != tokenBytes {
		return ""
	}
	return string(hashOf(token))
}

// callFrom finds out who a request comes from. A session that has ended is a
// guest's.
func (s *Server) callFrom(r *http.Request) (*caller, error) {
	out := &caller{trusts: r.TLS != nil || s.behindTLS, address: s.addressOf(r)}
	if hash, brought := linkOf(r); brought {
		return out, s.byLink(r.Context(), hash, out)
	}
	session := sessionOf(r)
	if session != "" {
		h, err := s.callers.find(r.Context(), session)
		if err != nil {
			return nil, err
		}
		if h.person != nil && !h.person.Guest { // a link's token is no session's
			s.callers.use(r.Context(), session, h)
			out.person, out.session = h.person, []byte(session)
			return out, nil
		}
	}
	h, err := s.callers.find(r.Context(), "")
	if err != nil {
		return nil, err
	}
	out.person = h.person
	return out, nil
}

// withCaller puts who asks into the context of a request.
func (s *Server) withCaller(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.callFrom(r)
		if err != nil {
			if r.Context().Err() == nil {
				s.log.Error("nobody could be looked up", "error", err)
			}
			w.Header().Set("Retry-After", "1")
			s.problem(w, r, http.StatusServiceUnavailable, "it cannot be looked up at the moment who may do what; ask again")
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

// addressOf is where a request comes from. Behind a proxy on this machine that
// is what the proxy says, and no header counts otherwise.
func (s *Server) addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !s.behindTLS || !isLoopback(host) {
		return host
	}
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	last := strings.TrimSpace(list[len(list)-1])
	if ip, err := netip.ParseAddr(last); err == nil {
		return ip.Unmap().String()
	}
	return host
}

// NewToken makes a token, of a session or to set up with, and its SHA-256, which
// is all that is kept of it.
func NewToken() (token string, hash []byte) {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:]) // never fails; see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:]), hashOf(b[:])
}

// cookieOf carries a token; an empty one takes it away.
func (c *caller) cookieOf(token string) http.Cookie {
	cookie := http.Cookie{
		Name: cookieName, Value: token, Path: "/", HttpOnly: true, Secure: c.trusts, SameSite: http.SameSiteStrictMode,
		MaxAge: int(cookieAge / time.Second),
	}
	if token == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

// watchRights looks, on every notice and each second while streams are open,
// whether those who opened them may still see what they see.
func (s *Server) watchRights(ctx context.Context) {
	tick := time.NewTicker(rightsAge)
	defer tick.Stop()
	notices := s.rightsNotices
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-notices:
			if !ok {
				notices = nil // the tick goes on
			}
			s.callers.forget()
		case <-tick.C:
		}
		s.checkStreams(ctx)
	}
}

// checkStreams closes the streams of those whose session ended or whose rights
// are not what they were; their screens come back and are given what they may
// see now.
func (s *Server) checkStreams(ctx context.Context) {
	bySession := s.hub.bySession()
	if len(bySession) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	found, err := s.callers.look(ctx, sortedKeys(bySession))
	if err != nil && ctx.Err() == nil {
		s.log.Warn("rights cannot be looked up; what was known holds", "error", err)
	}
	for session, streams := range bySession {
		for _, c := range streams {
			if reason := s.outlived(c, session, found[session]); reason != "" {
				c.end(closeRights, reason)
			}
		}
	}
}

// outlived says why a stream may not go on; h is nil while the store cannot be
// asked.
func (s *Server) outlived(c *stream, session string, h *heldCaller) string {
	if h == nil {
		last, known := s.callers.held.get(session)
		if session == "" || known && time.Since(last.at) < rightsOutage {
			return ""
		}
		return "rights cannot be looked up"
	}
	switch {
	case h.person == nil:
		return "the session has ended"
	case h.person.Rights != c.person.Rights, !reflect.DeepEqual(h.person.Grants, c.person.Grants):
		return "rights have changed"
	}
	return ""
}
