//go:build torture

package solve

import "testing"

// 240 problems of medium size.
func TestWholeAgreesWithTheRefereeOften(t *testing.T) { askWhole(t, 60) }
