//go:build torture

package data_test

import "time"

// stormLasts is how long the writers write.
const stormLasts = time.Minute
