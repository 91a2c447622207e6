package ingest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// thing is a stored row that others refer to.
type thing struct {
	key   any // code of a region, id of anything else
	scope string
}

// index finds stored things by code or name.
type index struct {
	codes map[string]any
	names map[string][]thing
	bases map[string][]thing // townships by name without the kind of unit
}

// loadIndex reads the things of one noun of the county.
func (r *run) loadIndex(noun string) (*index, error) {
	rows, err := r.tx.Query(r.ctx, statement("ref_"+noun), args{"county": r.county})
	if err != nil {
		return nil, fmt.Errorf("reading the %ss of %s: %w", noun, r.county, err)
	}
	defer rows.Close()
	ix := &index{codes: map[string]any{}, names: map[string][]thing{}, bases: map[string][]thing{}}
	for rows.Next() {
		var id, code, name, scope string
		if err := rows.Scan(&id, &code, &name, &scope); err != nil {
			return nil, err
		}
		var key any = id
		if noun != "township" {
			if key, err = strconv.ParseInt(id, 10, 64); err != nil {
				return nil, err
			}
		}
		t := thing{key, scope}
		if code != "" {
			ix.codes[code] = key
		}
		if name != "" {
			ix.names[fold(name)] = append(ix.names[fold(name)], t)
		}
		if base := townshipBase(name); noun == "township" && base != "" {
			ix.bases[base] = append(ix.bases[base], t)
		}
	}
	return ix, rows.Err()
}

// find looks a thing up by code, then by name. scope, a township code, decides
// between things of one name. hits is how many fit.
func (ix *index) find(text, scope string) (key any, hits int) {
	if key, ok := ix.codes[plain(text)]; ok {
		return key, 1
	}
	if key, ok := ix.codes[shortCode(plain(text))]; ok {
		return key, 1
	}
	found := ix.names[fold(text)]
	if len(found) == 0 {
		found = ix.bases[townshipBase(text)]
	}
	if len(found) > 1 && scope != "" {
		var near []thing
		for _, t := range found {
			if t.scope == scope {
				near = append(near, t)
			}
		}
		if len(near) > 0 {
			found = near
		}
	}
	if len(found) != 1 {
		return nil, len(found)
	}
	return found[0].key, 1
}

var townshipKind = regexp.MustCompile(`((汉族|[彝苗白回满侗壮瑶傣藏羌水]族|布依族|仡佬族|土家族|蒙古族|民族)+)?(街道办事处|街道|办事处|乡|镇)$`)

// townshipBase is a township's name without the kind of unit: lists say 可乐乡
// where the register says 可乐彝族苗族乡. Of one character nothing is left off.
func townshipBase(name string) string {
	name = fold(name)
	base := townshipKind.ReplaceAllString(name, "")
	if len([]rune(base)) < 2 {
		return ""
	}
	return base
}

// shortCode cuts the zeros that statistics put behind the codes of upper units:
// 520527000000 is 520527, 520527100000 is 520527100.
func shortCode(code string) string {
	if len(code) != 12 || !digits(code) {
		return code
	}
	if short, ok := strings.CutSuffix(code, "000000"); ok {
		return short
	}
	return strings.TrimSuffix(code, "000")
}
