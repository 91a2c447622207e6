package ingest

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// unzipShape unpacks the zip of one Shapefile under fixed names. Every entry is
// looked at before a byte is unpacked, and what an entry says of its own size
// is not believed while unpacking.
func unzipShape(file, dir string) (missing string, err error) {
	r, err := zip.OpenReader(file)
	if err != nil {
		return "", fmt.Errorf("not a zip that can be read: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	parts, err := chooseParts(r.File, info.Size())
	if err != nil {
		return "", err
	}
	room := min(int64(maxUnpacked), info.Size()*maxRatio)
	for _, ext := range shapeParts {
		entry := parts[ext]
		if entry == nil {
			if ext == ".shp" || ext == ".shx" || ext == ".dbf" {
				return ext, nil
			}
			continue
		}
		n, err := unpack(entry, dir, "in"+ext, room)
		if err != nil {
			return "", err
		}
		room -= n
	}
	return "", nil
}

// unpack writes one entry, at most room bytes of it, and returns its size.
func unpack(entry *zip.File, dir, name string, room int64) (int64, error) {
	in, err := entry.Open()
	if err != nil {
		return 0, fmt.Errorf("entry %s: %w", shown(path.Base(entry.Name)), err)
	}
	defer func() { _ = in.Close() }()
	counted := &counter{r: in}
	if _, err := write(dir, name, counted, room); err != nil {
		return 0, fmt.Errorf("entry %s: %w", shown(path.Base(entry.Name)), err)
	}
	return counted.n, nil
}

type counter struct {
	r io.Reader
	n int64
}

// Read counts what it passes on.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// chooseParts checks all entries and finds the parts of the one Shapefile.
func chooseParts(files []*zip.File, size int64) (map[string]*zip.File, error) {
	if len(files) > maxEntries {
		return nil, limitError(fmt.Sprintf("%d entries, at most %d", len(files), maxEntries))
	}
	if err := checkSizes(files, size); err != nil {
		return nil, err
	}
	parts := map[string]*zip.File{}
	stem := ""
	for _, f := range files {
		if err := checkEntry(f); err != nil {
			return nil, err
		}
		ext := strings.ToLower(path.Ext(f.Name))
		if f.FileInfo().IsDir() || strings.HasPrefix(path.Base(f.Name), ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		if ext == ".zip" || ext == ".kmz" {
			return nil, errors.New("a zip inside a zip is not opened")
		}
		if !slices.Contains(shapeParts, ext) {
			continue
		}
		if parts[ext] != nil {
			return nil, fmt.Errorf("two %s files", ext)
		}
		parts[ext] = f
		if own := strings.ToLower(strings.TrimSuffix(f.Name, path.Ext(f.Name))); stem == "" {
			stem = own
		} else if own != stem {
			return nil, fmt.Errorf("parts of two Shapefiles (%s and %s)", shown(stem), shown(own))
		}
	}
	return parts, nil
}

// checkSizes refuses zips that declare too much, or whose entries overlap so
// that one range of bytes is unpacked many times.
func checkSizes(files []*zip.File, size int64) error {
	var packed, unpacked uint64
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		if f.UncompressedSize64 > maxUnpacked || unpacked > maxUnpacked {
			return limitError(fmt.Sprintf("unpacks to more than %d MB", maxUnpacked>>20))
		}
		at, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("entry %s: %w", shown(path.Base(f.Name)), err)
		}
		spans = append(spans, span{at, at + int64(f.CompressedSize64)})
	}
	if packed > uint64(size) {
		return errors.New("entries overlap")
	}
	slices.SortFunc(spans, func(a, b span) int { return int(min(max(a.from-b.from, -1), 1)) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return errors.New("entries overlap")
		}
	}
	if unpacked > 1<<20 && unpacked > uint64(size)*maxRatio {
		return limitError(fmt.Sprintf("unpacks to %d times its size, at most %d", unpacked/uint64(max(size, 1)), maxRatio))
	}
	return nil
}

// checkEntry refuses entries that are not plain files with plain names. Names
// are never used as paths; a bad one still says what kind of zip this is.
func checkEntry(f *zip.File) error {
	name := f.Name
	switch {
	case f.Flags&1 != 0:
		return errors.New("an entry is encrypted")
	case !f.Mode().IsRegular() && !f.Mode().IsDir():
		return errors.New("an entry is a link or a device")
	case len(name) > 1000 || strings.ContainsRune(name, 0):
		return errors.New("an entry has no plain name")
	case strings.HasPrefix(name, "/") || strings.Contains(name, "\\") || len(name) > 1 && name[1] == ':' || slices.Contains(strings.Split(name, "/"), ".."):
		return fmt.Errorf("an entry's name leads elsewhere (%s)", shown(name))
	}
	return nil
}
