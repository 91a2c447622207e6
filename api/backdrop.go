package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// Backdrop is a service of map tiles (XYZ, or WMTS by its template) that the
// map may lie on. It is asked by this service only: the key never leaves it.
type Backdrop struct {
	ID          string   `json:"id"` // small letters, digits, hyphens
	Name        string   `json:"name"`
	NameEN      string   `json:"name_en"`
	Attribution string   `json:"attribution"` // shown on the map
	Tiles       []string `json:"tiles"`       // templates with {z}, {x}, {y} and perhaps {key}, drawn over each other
	MinZoom     uint32   `json:"min_zoom"`
	MaxZoom     uint32   `json:"max_zoom"` // zero: 18
	Key         string   `json:"key"`
	KeyEnv      string   `json:"key_env"` // environment variable that holds the key
}

// Bounds of a configuration of backdrops.
const (
	mostBackdrops      = 16
	mostBackdropLayers = 4
	backdropFileLimit  = 1 << 20
	defaultMaxZoom     = 18
)

var backdropID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// ReadBackdrops reads and checks a file of backdrops:
//
//	{"backdrops": [{"id": "tianditu", "name": "天地图", "tiles": ["https://HOST/wmts?...{z}...{y}...{x}...{key}"], "key_env": "TIANDITU_KEY"}]}
//
// Errors name the file, the backdrop, its field and the mend; never a key.
func ReadBackdrops(file string, getenv func(string) string) ([]Backdrop, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("backdrops: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(f, backdropFileLimit+1))
	if err != nil {
		return nil, fmt.Errorf("backdrops: %w", err)
	}
	list, err := parseBackdrops(text, getenv)
	if err != nil {
		return nil, fmt.Errorf("backdrops in %s: %w", file, err)
	}
	return list, nil
}

func parseBackdrops(text []byte, getenv func(string) string) ([]Backdrop, error) {
	if len(text) > backdropFileLimit {
		return nil, fmt.Errorf("more than %d bytes; a few lines are enough", backdropFileLimit)
	}
	var file struct {
		Backdrops []Backdrop `json:"backdrops"`
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("want {\"backdrops\": [...]}: %w", err)
	}
	if n := len(file.Backdrops); n > mostBackdrops {
		return nil, fmt.Errorf("%d backdrops; at most %d", n, mostBackdrops)
	}
	seen := map[string]bool{}
	for i := range file.Backdrops {
		b := &file.Backdrops[i]
		if err := b.complete(getenv); err != nil {
			return nil, fmt.Errorf("backdrop %d, id %.40q: %w", i+1, b.ID, err)
		}
		if seen[b.ID] {
			return nil, fmt.Errorf("backdrop %d: the id %q is taken; give it another", i+1, b.ID)
		}
		seen[b.ID] = true
	}
	return file.Backdrops, nil
}

// complete checks a backdrop and fills in its defaults and key.
func (b *Backdrop) complete(getenv func(string) string) error {
	if !backdropID.MatchString(b.ID) {
		return errors.New(`field "id": want up to 32 small letters, digits or hyphens, such as tianditu-vec`)
	}
	if b.MaxZoom == 0 {
		b.MaxZoom = defaultMaxZoom
	}
	if b.MinZoom > b.MaxZoom || b.MaxZoom > maxTileZoom {
		return fmt.Errorf(`fields "min_zoom" %d, "max_zoom" %d: want 0 to %d, rising`, b.MinZoom, b.MaxZoom, maxTileZoom)
	}
	if b.KeyEnv != "" {
		if b.Key = getenv(b.KeyEnv); b.Key == "" {
			return fmt.Errorf(`field "key_env": the environment variable %.80q is not set`, b.KeyEnv)
		}
	}
	if b.Name == "" {
		b.Name = b.ID
	}
	if n := len(b.Tiles); n == 0 || n > mostBackdropLayers {
		return fmt.Errorf(`field "tiles": %d addresses; want 1 to %d`, n, mostBackdropLayers)
	}
	for i, tiles := range b.Tiles {
		if err := b.checkTemplate(tiles); err != nil {
			return fmt.Errorf(`field "tiles", address %d: %w`, i+1, err)
		}
	}
	return nil
}

// checkTemplate refuses an address whose host could change with what is asked.
func (b *Backdrop) checkTemplate(tiles string) error {
	for _, hole := range []string{"{z}", "{x}", "{y}"} {
		if strings.Count(tiles, hole) != 1 {
			return fmt.Errorf("%s must stand in it once", hole)
		}
	}
	if strings.Contains(tiles, "{key}") && b.Key == "" {
		return errors.New(`it has a {key}, but there is neither "key" nor "key_env"`)
	}
	u, err := url.Parse(fillTemplate(tiles, "0", "0", "0", ""))
	if err != nil {
		return errors.New("this is no address; want http(s)://host/path with {z}, {x} and {y}")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return errors.New("want http://host/path or https://host/path")
	case u.User != nil:
		return errors.New(`a name or password stands before the host; put a key into "key_env"`)
	case u.Fragment != "" || strings.Contains(tiles, "#"):
		return errors.New("take the # and what follows out of it")
	case strings.ContainsAny(origin(tiles), "{}"):
		return errors.New("{...} stands in the host; it may stand only in the path and after the ?")
	}
	return nil
}

// origin is an address up to its path.
func origin(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		return rest[:end]
	}
	return rest
}

// fillTemplate puts a tile and the key into a template.
func fillTemplate(tiles, z, x, y, key string) string {
	return strings.NewReplacer("{z}", z, "{x}", x, "{y}", y, "{key}", url.QueryEscape(key)).Replace(tiles)
}
