package planner

import (
	"math"

	"github.com/qiantu/qiantu/geo"
)

// trackShare is how much of an interval its track has to have driven.
const trackShare = 0.8

// checkFiles: R22, evidence whose file has not come.
func (k *entryCheck) checkFiles() {
	for _, hash := range k.e.Evidence {
		if k.file(hash) == nil {
			k.find("R22", SeverityBlock, map[string]any{"hash": clip(hash)})
		}
	}
}

// checkEvidencePlace: R06, a photo was taken away from the interval.
func (k *entryCheck) checkEvidencePlace() {
	line, limit := k.a.lineOf(k.road.road, k.span), k.a.Snapshot.Rules.EvidenceOffMM
	if len(line) < 2 || limit <= 0 {
		return
	}
	for _, hash := range k.e.Evidence {
		file := k.file(hash)
		if file == nil || file.Place == nil {
			continue
		}
		off, _ := geo.DistanceToLine(*file.Place, line)
		if !(off*1000 <= float64(limit)) {
			k.find("R06", SeverityHold, map[string]any{"distance_m": math.Round(off), "hash": hash})
		}
	}
}

// checkTrack: R23, the track drove too little of the interval.
func (k *entryCheck) checkTrack() {
	if t := k.e.Track; t != nil && !(*t >= trackShare) {
		share := math.Round(*t*1000) / 1000
		if math.IsNaN(share) || math.IsInf(share, 0) {
			share = 0
		}
		k.find("R23", SeverityHold, map[string]any{"share": share})
	}
}

// checkNoEvidence: R21, the completing stage comes without photo, file or track.
func (k *entryCheck) checkNoEvidence() {
	if len(k.e.Evidence) > 0 || k.e.Track != nil {
		return
	}
	completing := Stages[k.stage] == StageSurface
	for i, set := range k.claimed {
		if len(set) > 0 {
			completing = k.completes(i)
		}
		if len(set) > 0 && completing {
			break
		}
	}
	if completing {
		k.find("R21", SeverityNote, nil)
	}
}
