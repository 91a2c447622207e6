//go:build !torture

package data_test

import "time"

// stormLasts is how long the writers write; make torture makes it a minute.
const stormLasts = 5 * time.Second
