package api

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on pictures: how many are made anew at a time, how large they may be
// when unpacked, and how long one may take.
const (
	picturesAtOnce = 2
	maxPixels      = 40_000_000
	maxUnpacked    = 4 * maxPixels // bytes
	pictureTime    = 20 * time.Second
	jpegQuality    = 88
	jpegPoorer     = 70 // when the first is too large
)

// remake decodes a JPEG or PNG, turns it the way its camera was held, and
// encodes it again, so that nothing is kept but what can be seen.
func remake(file []byte, turn int) ([]byte, error) {
	config, kind, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, notAPicture(err)
	}
	if err := checkSize(config); err != nil {
		return nil, err
	}
	img, err := decode(kind, &hasty{r: bytes.NewReader(file), until: time.Now().Add(pictureTime)})
	if err != nil {
		return nil, notAPicture(err)
	}
	if turn > 1 {
		img = &turned{img, turn}
	}
	return encode(kind, img)
}

// decode names the formats: what another package may have registered is not
// taken.
func decode(kind string, r io.Reader) (image.Image, error) {
	switch kind {
	case "jpeg":
		return jpeg.Decode(r)
	case "png":
		return png.Decode(r)
	}
	return nil, errors.New("neither JPEG nor PNG")
}

func notAPicture(err error) error {
	if errors.Is(err, errTooSlow) {
		return planner.Errorf(planner.TooLarge, "the picture takes longer than %s to unpack", pictureTime)
	}
	return planner.Errorf(planner.Invalid, "the picture cannot be read to its end; send the file as the camera made it")
}

// checkSize refuses before anything is unpacked.
func checkSize(c image.Config) error {
	pixels := int64(c.Width) * int64(c.Height)
	if pixels <= 0 {
		return planner.Errorf(planner.Invalid, "the picture has no size")
	}
	bytesEach := int64(4)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		bytesEach = 8
	}
	if pixels > maxPixels || pixels*bytesEach > maxUnpacked {
		return planner.Errorf(planner.TooLarge, "the picture is %d by %d; at most %d million pixels are taken", c.Width, c.Height, maxUnpacked/bytesEach/1_000_000)
	}
	return nil
}

func encode(kind string, img image.Image) ([]byte, error) {
	var out bytes.Buffer
	if kind == "png" {
		err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img)
		return fitting(out.Bytes(), err)
	}
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: jpegQuality})
	if err == nil && out.Len() > maxAttachment {
		out.Reset()
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: jpegPoorer})
	}
	return fitting(out.Bytes(), err)
}

func fitting(file []byte, err error) ([]byte, error) {
	if err == nil && len(file) > maxAttachment {
		return nil, planner.Errorf(planner.TooLarge, "the picture is larger than %d MB when it is made anew; send it with fewer pixels", maxAttachment>>20)
	}
	return file, err
}

var errTooSlow = errors.New("api: the picture takes too long")

// hasty reads in small pieces and fails once its time is over: a JPEG of many
// empty scans is small and takes hours.
type hasty struct {
	r     io.Reader
	until time.Time
}

// Read reads at most half a kilobyte.
func (h *hasty) Read(p []byte) (int, error) {
	if time.Now().After(h.until) {
		return 0, errTooSlow
	}
	return h.r.Read(p[:min(len(p), 512)])
}

// turned shows an image the way its orientation in Exif says, without a copy.
type turned struct {
	image.Image
	turn int
}

// Bounds begin at nought.
func (t *turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.turn >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At finds the place in the image as the camera kept it.
func (t *turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, below := b.Dx()-1, b.Dy()-1
	switch t.turn {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, below-y
	case 4:
		y = below - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, below-x
	case 7:
		x, y = right-y, below-x
	case 8:
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
