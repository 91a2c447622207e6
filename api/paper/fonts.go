package paper

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// Fonts are the fonts of this machine that sheets are set in: one for ordinary text, its bold, and those that have the rare signs.
// They may be used by many sheets at once.
type Fonts struct {
	regular, bold []*face
}

// errNoFont says what is missing and how it is mended.
var errNoFont = errors.New("paper: no font with Chinese found: install one (Debian and Ubuntu: apt install fonts-noto-cjk, or the small fonts-wqy-microhei)")

// wanted are the file names looked for, the best first. A bold one stands for the regular of the same place in the list.
var wanted = []struct{ regular, bold string }{
	{"NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"},
	{"NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"},
	{"NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"},
	{"SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"},
	{"SourceHanSansCN-Regular.otf", "SourceHanSansCN-Bold.otf"},
	{"wqy-microhei.ttc", ""},
	{"wqy-zenhei.ttc", ""},
	{"DroidSansFallbackFull.ttf", ""},
}

// rare are fonts with the signs that ordinary ones lack; they follow whichever ordinary font is found.
var rare = []string{"HanaMinA.ttf", "HanaMinB.ttf", "HanaMinC.ttf", "SimSun-ExtB.ttf", "simsunb.ttf"}

// FindFonts looks for fonts with Chinese in the folders where systems keep them. The error names the Debian package to install.
func FindFonts() (*Fonts, error) { return fontsIn(fontFolders()) }

func fontFolders() []string {
	folders := []string{"/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts", `C:\Windows\Fonts`}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".local/share/fonts"), filepath.Join(home, ".fonts"), filepath.Join(home, "Library/Fonts"))
	}
	return folders
}

func fontsIn(folders []string) (*Fonts, error) {
	found := fontFiles(folders)
	fonts := &Fonts{}
	for _, want := range wanted {
		regular := openFace(found[strings.ToLower(want.regular)], want.regular)
		if regular == nil {
			continue
		}
		fonts.regular = append(fonts.regular, regular)
		if bold := openFace(found[strings.ToLower(want.bold)], want.bold); bold != nil {
			fonts.bold = append(fonts.bold, bold)
		}
		break
	}
	if len(fonts.regular) == 0 {
		other := anyChinese(found)
		if other == nil {
			return nil, errNoFont
		}
		fonts.regular = []*face{other}
	}
	for _, name := range rare {
		if face := openFace(found[strings.ToLower(name)], name); face != nil {
			fonts.regular = append(fonts.regular, face)
		}
	}
	return fonts, nil
}

// anyChinese is the first font by name with letters and with Chinese, for machines that have none of those wanted.
func anyChinese(found map[string]string) *face {
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains([]string{".ttf", ".ttc", ".otf"}, filepath.Ext(name)) {
			continue
		}
		if face := openFace(found[name], name); face != nil && !face.glyph('A').missing && !face.glyph('县').missing {
			return face
		}
	}
	return nil
}

// fontFiles is the path of every file under the folders by its name in small letters; of two of a name the first counts.
func fontFiles(folders []string) map[string]string {
	found := map[string]string{}
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return fs.SkipDir // a folder that is missing or closed to us has no fonts for us
			}
			name := strings.ToLower(entry.Name())
			if _, have := found[name]; !have && !entry.IsDir() {
				found[name] = path
			}
			return nil
		})
	}
	return found
}

// face is one font of the machine with the outlines read from it so far.
type face struct {
	name string // PostScript name, of letters, digits and hyphens
	font *sfnt.Font
	unit float64 // what the outlines are divided by to be in thousandths of the type size

	mu     sync.Mutex
	buffer sfnt.Buffer
	glyphs map[rune]*glyph
}

// openFace is the font in a file, nil where there is none that can be read. The file stays open as long as the program runs:
// signs are read when they are first used.
func openFace(path, name string) *face {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	collection, err := sfnt.ParseCollectionReaderAt(file)
	if err != nil {
		file.Close()
		return nil
	}
	font := simplified(collection)
	if font == nil {
		file.Close()
		return nil
	}
	base := strings.TrimSuffix(name, filepath.Ext(name))
	return &face{name: postscript(base), font: font, unit: float64(font.UnitsPerEm()), glyphs: map[rune]*glyph{}}
}

// simplified is the font of a collection that has the shapes used on the mainland, else its first.
func simplified(collection *sfnt.Collection) *sfnt.Font {
	var buffer sfnt.Buffer
	for i := range collection.NumFonts() {
		font, err := collection.Font(i)
		if err != nil {
			continue
		}
		if name, err := font.Name(&buffer, sfnt.NameIDFull); err == nil && strings.Contains(name, " SC") {
			return font
		}
	}
	font, err := collection.Font(0)
	if err != nil {
		return nil
	}
	return font
}

func postscript(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, name)
}

// pick is the face that a sign is set in and its glyph. A sign that no font has is shown as the first font's mark for a missing one.
// thicken says that the type is to be bold and the face is not.
func (f *Fonts) pick(r rune, bold bool) (in *face, g *glyph, thicken bool) {
	if bold {
		for _, face := range f.bold {
			if g := face.glyph(r); !g.missing {
				return face, g, false
			}
		}
	}
	for _, face := range f.regular {
		if g := face.glyph(r); !g.missing {
			return face, g, bold
		}
	}
	return f.regular[0], f.regular[0].glyph(r), bold
}
