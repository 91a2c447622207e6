package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/geo/gpx"
	"github.com/qiantu/qiantu/planner"
)

// maxAttachment is how many bytes a photo or file may have.
const maxAttachment = 20 << 20

// uploadTime is how long a file may take to come in.
const uploadTime = time.Minute

// The media types that are kept.
const (
	mediaJPEG    = "image/jpeg"
	mediaPNG     = "image/png"
	mediaPDF     = "application/pdf"
	mediaGPX     = "application/gpx+xml"
	mediaGeoJSON = "application/geo+json"
)

const magicPNG = "\x89PNG\r\n\x1a\n"

type attachmentWrite struct {
	Region  string `query:"region" required:"true" maxLength:"64"`
	Name    string `query:"name" maxLength:"200" doc:"of the file"`
	RawBody []byte `contentType:"application/octet-stream"`
}

type attachmentJSON struct {
	Hash  string    `json:"hash" doc:"SHA-256 of what was sent"`
	Media string    `json:"media"`
	Taken *string   `json:"taken" doc:"the camera's claim; null: none"`
	Place []float64 `json:"place" doc:"the camera's claim; null: none"`
}

type attachmentOutput struct {
	Status int
	Body   attachmentJSON
}

type attachmentInput struct {
	Region      string `query:"region" required:"true" maxLength:"64"`
	Hash        string `path:"hash" maxLength:"100"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"200"`
}

type fileOutput struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	Policy       string `header:"Content-Security-Policy"`
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         []byte
}

func (s *Server) routeAttachment(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "add-attachment", Method: http.MethodPost, Path: "/api/v1/attachments", Tags: []string{"works"},
		Summary: "Keep a photo or file as evidence", Errors: append([]int{http.StatusRequestTimeout}, writeErrors...),
		MaxBodyBytes: maxAttachment, BodyReadTimeout: uploadTime, Middlewares: huma.Middlewares{s.admitUpload(v1)},
	}, s.addAttachment)
	alsoCreated(v1, "/api/v1/attachments")
	content := v1.OpenAPI().Paths["/api/v1/attachments"].Post.RequestBody.Content
	for _, media := range []string{mediaJPEG, mediaPNG, mediaPDF, mediaGPX, mediaGeoJSON} {
		content[media] = content["application/octet-stream"]
	}
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	huma.Register(v1, huma.Operation{
		OperationID: "get-attachment", Method: http.MethodGet, Path: "/api/v1/attachments/{hash}", Tags: []string{"works"},
		Summary: "A photo or file; a photo without what the camera hid in it", Errors: questionErrors,
		Responses: map[string]*huma.Response{
			"200": {Description: "the file", Content: map[string]*huma.MediaType{mediaJPEG: file, mediaPNG: file, mediaPDF: file, mediaGPX: file, mediaGeoJSON: file}},
		},
	}, s.getAttachment)
}

// sniff tells the kind of a file by what it begins with, whatever it is called;
// "" is none that is kept.
func sniff(file []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(file, []byte{0xff, 0xd8, 0xff}):
		return mediaJPEG
	case bytes.HasPrefix(file, []byte(magicPNG)):
		return mediaPNG
	case bytes.HasPrefix(file, []byte("%PDF-1.")), bytes.HasPrefix(file, []byte("%PDF-2.")):
		return mediaPDF
	case bytes.HasPrefix(text, []byte("<?xml")), bytes.HasPrefix(text, []byte("<gpx")):
		return mediaGPX // it still has to be one
	case bytes.HasPrefix(text, []byte("{")):
		return mediaGeoJSON
	}
	return ""
}

const kept = "kept are JPEG and PNG photos, PDF, GPX and GeoJSON; send one of these as it is (HEIC: let the phone save JPEG)"

func (s *Server) addAttachment(ctx context.Context, in *attachmentWrite) (*attachmentOutput, error) {
	if _, err := s.mayAnywhere(ctx, planner.ActionReport, in.Region); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	name, err := cleanText("name", in.Name)
	if err != nil || !utf8.ValidString(in.Name) {
		return nil, badParam("name", "want a name without control characters")
	}
	if len(in.RawBody) == 0 {
		return nil, huma.Error400BadRequest("the file is empty")
	}
	sum := sha256.Sum256(in.RawBody)
	hash := hex.EncodeToString(sum[:])
	if held, err := s.file(ctx, in.Region, hash); err == nil {
		return &attachmentOutput{http.StatusOK, wireAttachment(held)}, nil
	} else if planner.CodeOf(err) != planner.NotFound {
		return nil, s.fail(err)
	}
	file, body, err := s.readFile(ctx, in.RawBody)
	if err != nil {
		return nil, s.fail(err)
	}
	file.Hash, file.Name, file.By = hash, name, personOf(ctx).Login
	fresh, err := s.works.ledger.Attach(ctx, in.Region, file, body)
	if err != nil {
		return nil, s.fail(err)
	}
	if !fresh {
		return &attachmentOutput{http.StatusOK, wireAttachment(file)}, nil
	}
	return &attachmentOutput{http.StatusCreated, wireAttachment(file)}, nil
}

// readFile says what a file is and what is kept of it.
func (s *Server) readFile(ctx context.Context, sent []byte) (*planner.Attachment, []byte, error) {
	media := sniff(sent)
	out := &planner.Attachment{Media: media}
	switch media {
	case mediaJPEG, mediaPNG:
		said := readClaims(sent)
		out.Taken, out.Place = said.taken, said.place
		body, err := s.remake(ctx, sent, said.turn)
		return out, body, err
	case mediaPDF:
		return out, bytes.Clone(sent), nil
	case mediaGPX:
		track, err := gpx.Read(bytes.NewReader(sent))
		if err != nil {
			return nil, nil, notKeptAs("GPX", err)
		}
		if first := track.Points[0].Time; first != 0 {
			out.Taken = time.UnixMilli(first).UTC()
		}
		return out, bytes.Clone(sent), nil
	case mediaGeoJSON:
		if err := checkGeoJSON(sent); err != nil {
			return nil, nil, notKeptAs("GeoJSON", err)
		}
		return out, bytes.Clone(sent), nil
	}
	return nil, nil, huma.Error415UnsupportedMediaType(kept)
}

func notKeptAs(kind string, err error) error {
	return huma.Error415UnsupportedMediaType(kept + "; as " + kind + " it cannot be read: " + err.Error())
}

// geoJSONTypes are what the outermost object of GeoJSON may be.
var geoJSONTypes = []string{"FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}

func checkGeoJSON(file []byte) error {
	if err := checkJSON(file); err != nil {
		return err
	}
	var outermost struct{ Type any }
	if err := json.Unmarshal(file, &outermost); err != nil {
		return err
	}
	if kind, _ := outermost.Type.(string); !slices.Contains(geoJSONTypes, kind) {
		return planner.Errorf(planner.Invalid, "its type is none of GeoJSON")
	}
	return nil
}

// remake waits for its turn: pictures take much memory.
func (s *Server) remake(ctx context.Context, file []byte, turn int) ([]byte, error) {
	select {
	case s.works.pictures <- struct{}{}:
		defer func() { <-s.works.pictures }()
		return remake(file, turn)
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "too many photos are being read; send it again")
	}
}

// file is what is known of an attachment.
func (s *Server) file(ctx context.Context, county, hash string) (*planner.Attachment, error) {
	key := fileKey{county, hash}
	if held, ok := s.works.files.get(key); ok {
		return held, nil
	}
	if !hashForm.MatchString(hash) || s.works.ledger == nil {
		return nil, planner.Errorf(planner.NotFound, "there is no file with that hash")
	}
	file, _, err := s.works.ledger.Attachment(ctx, county, hash)
	if err == nil {
		s.works.files.put(key, file, 1)
	}
	return file, err
}

// addFiles tells an entry what is known of its evidence, where no stored report
// names it yet.
func (s *Server) addFiles(ctx context.Context, a *planner.Assessment, county string, e *planner.Entry) error {
	for _, hash := range e.Evidence {
		known := slices.ContainsFunc(a.Snapshot.Attachments, func(f planner.Attachment) bool { return f.Hash == hash })
		if known {
			continue
		}
		file, err := s.file(ctx, county, hash)
		if planner.CodeOf(err) == planner.NotFound {
			continue // a rule says so
		}
		if err != nil {
			return err
		}
		e.Files = append(e.Files, *file)
	}
	return nil
}

func wireAttachment(f *planner.Attachment) attachmentJSON {
	out := attachmentJSON{Hash: f.Hash, Media: f.Media}
	if !f.Taken.IsZero() {
		taken := clock(f.Taken)
		out.Taken = &taken
	}
	if f.Place != nil {
		out.Place = []float64{f.Place[0], f.Place[1]}
	}
	return out
}

func (s *Server) getAttachment(ctx context.Context, in *attachmentInput) (*fileOutput, error) {
	if err := s.may(ctx, planner.ActionRead, in.Region); err != nil {
		return nil, err
	}
	if !hashForm.MatchString(in.Hash) {
		return nil, huma.Error404NotFound("there is no file with that hash")
	}
	file, body, err := s.works.ledger.Attachment(ctx, in.Region, in.Hash)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &fileOutput{
		Status: http.StatusOK, ContentType: file.Media, Disposition: dispositionOf(file), Policy: "default-src 'none'; sandbox",
		CacheControl: "private, max-age=31536000, immutable", ETag: `"` + file.Hash + `"`, Body: body,
	}
	if in.IfNoneMatch == out.ETag {
		out.Status, out.Body = http.StatusNotModified, nil
	}
	return out, nil
}

// dispositionOf lets a browser show photos, and save everything else.
func dispositionOf(f *planner.Attachment) string {
	if strings.HasPrefix(f.Media, "image/") {
		return "inline"
	}
	if f.Name == "" {
		return "attachment"
	}
	if said := mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}); said != "" {
		return said
	}
	return "attachment; filename*=UTF-8''" + url.PathEscape(f.Name)
}
