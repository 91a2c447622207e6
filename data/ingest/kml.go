package ingest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
)

const maxDepth = 64 // of nested elements or brackets

// checkKML reads a KML once as plain XML: no entities of its own, no deep
// nesting. Links to other files are named, never followed.
func checkKML(path string, fs *findings) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := xml.NewDecoder(f)
	for depth := 0; ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("a document type (DOCTYPE) is not read")
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return limitError(fmt.Sprintf("elements nested deeper than %d", maxDepth))
			}
			if t.Name.Local == "NetworkLink" {
				line, _ := in.InputPos()
				fs.add("network_link", line, t.Name.Local, "")
			}
		case xml.EndElement:
			depth--
		}
	}
}
