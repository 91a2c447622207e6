//go:build torture

package solve

import "testing"

// 240 instances of medium size, sixty of each kind.
func TestLocationAgainstCBCAtLength(t *testing.T) { askReferee(t, 60) }
