package planner

// Once makes a write that is sent again the same write: what was stored under
// the key is answered, and nothing is stored a second time.
type Once struct {
	Actor  string // login; empty: whoever sends it
	Key    string // unique for the actor, 1 to 200 characters
	Digest []byte // of what was sent: another one under the same key is a Conflict
}

// Done is what a write answered.
type Done struct {
	IDs      []ID  `json:"ids"`
	Revision int64 `json:"revision"`
}
