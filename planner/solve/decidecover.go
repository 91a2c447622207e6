package solve

import "slices"

// coverItem is a village that may move to a site.
type coverItem struct {
	alt int32
	use int64
	x   float64 // how far it does in the linear programme
}

// separateCovers adds violated cover inequalities of the sites: of villages too many for a site
// together, and all that are larger than each of them, not as many may move there (Balas 1975). It tells how many.
func (l *decideLP) separateCovers() (added int) {
	for j, row := range l.price[:len(l.m.places)] {
		if row < 0 {
			continue
		}
		if cover := l.cover(int32(j)); cover != nil {
			l.addCover(int32(j), cover)
			added++
		}
	}
	return added
}

// cover looks for the villages that break their cover inequality most: those that are nearly sent in
// full, and large, come first; then whoever is not needed is left out.
func (l *decideLP) cover(site int32) []coverItem {
	var all []coverItem
	for k := range l.m.alt {
		if a := &l.m.alt[k]; a.site == site && a.use > 0 {
			all = append(all, coverItem{int32(k), a.use, l.lp.value(l.alt(int32(k)))})
		}
	}
	slices.SortStableFunc(all, func(a, b coverItem) int {
		if p, q := (1-a.x)*float64(b.use), (1-b.x)*float64(a.use); p != q {
			if p < q {
				return -1
			}
			return 1
		}
		return 0
	})
	use, n := int64(0), 0
	for ; n < len(all) && use <= l.m.places[site]; n++ {
		use += all[n].use
	}
	if use <= l.m.places[site] {
		return nil
	}
	cover := slices.Clone(all[:n])
	slices.SortStableFunc(cover, func(a, b coverItem) int {
		if a.x < b.x {
			return -1
		} else if a.x > b.x {
			return 1
		}
		return 0
	})
	for i := 0; i < len(cover); {
		if use-cover[i].use > l.m.places[site] {
			use -= cover[i].use
			cover = slices.Delete(cover, i, i+1)
		} else {
			i++
		}
	}
	sum := l.extended(site, cover)
	if sum < float64(len(cover)-1)+0.01 {
		return nil
	}
	return cover
}

// extended is what the inequality of a cover adds up to now.
func (l *decideLP) extended(site int32, cover []coverItem) (sum float64) {
	for _, k := range l.extension(site, cover) {
		sum += l.lp.value(l.alt(k))
	}
	return sum
}

// extension lists a cover and whoever is as large as the largest in it.
func (l *decideLP) extension(site int32, cover []coverItem) (alts []int32) {
	largest := int64(0)
	for _, c := range cover {
		alts = append(alts, c.alt)
		largest = max(largest, c.use)
	}
	for k := range l.m.alt {
		if a := &l.m.alt[k]; a.site == site && a.use >= largest && !slices.Contains(alts, int32(k)) {
			alts = append(alts, int32(k))
		}
	}
	return alts
}

func (l *decideLP) addCover(site int32, cover []coverItem) {
	var row []entry
	for _, k := range l.extension(site, cover) {
		row = append(row, entry{l.alt(k), -1})
	}
	l.lp.addRow(row, float64(1-len(cover)), false)
}
