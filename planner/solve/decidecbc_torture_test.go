//go:build torture

package solve

import "testing"

func TestDecideBesideCBCAtLength(t *testing.T) { decideBesideReferee(t, 100, 200) }
