package mvttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// The reader is itself held to the public fixtures: what they call valid it
// reads, what cannot be read it refuses.
func TestTileFixtures(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(clustertest.Shared(t), "data", "mvt", "fixtures", "*"))
	if err != nil || len(dirs) < 30 {
		t.Fatalf("%d fixtures, %v", len(dirs), err)
	}
	valid := 0
	for _, dir := range dirs {
		var info struct {
			Description string
			Validity    struct {
				V2    bool
				Error string
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, "info.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &info); err != nil {
			t.Fatal(err)
		}
		tile, err := os.ReadFile(filepath.Join(dir, "tile.mvt"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Read(tile)
		if info.Validity.V2 && err != nil {
			t.Errorf("%s is valid (%s): %v", filepath.Base(dir), info.Description, err)
		}
		if info.Validity.Error == "fatal" && err == nil {
			t.Errorf("%s is read although: %s", filepath.Base(dir), info.Description)
		}
		if info.Validity.V2 {
			valid++
		}
	}
	if valid != 20 {
		t.Errorf("%d valid fixtures, want 20", valid)
	}
}
