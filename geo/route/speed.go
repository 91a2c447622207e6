package route

// The words for roads. Class is either one of OpenStreetMap's or a Chinese
// technical class; a word that is not listed has no speed.
const (
	ClassMotorway     = "motorway"
	ClassTrunk        = "trunk"
	ClassPrimary      = "primary"
	ClassSecondary    = "secondary"
	ClassTertiary     = "tertiary"
	ClassUnclassified = "unclassified"
	ClassResidential  = "residential"
	ClassLiving       = "living_street"
	ClassService      = "service"
	ClassTrack        = "track"
	ClassPath         = "path"
	ClassFootway      = "footway"

	ClassExpressway  = "expressway"  // 高速
	Class1           = "class1"      // 一级
	Class2           = "class2"      // 二级
	Class3           = "class3"      // 三级
	Class4           = "class4"      // 四级
	ClassSubstandard = "substandard" // 等外
)

// The words for surfaces.
const (
	SurfaceAsphalt = "asphalt"
	SurfaceCement  = "cement"
	SurfacePaved   = "paved" // hardened otherwise
	SurfaceGravel  = "gravel"
	SurfaceStone   = "stone"
	SurfaceEarth   = "earth"
	SurfaceUnknown = "unknown"
)

// The seasons; any other word counts as dry.
const (
	Dry = "dry"
	Wet = "wet"
)

// speeds are the modelled running speeds in km/h on hardened ground: those of
// the Chinese classes are the defaults of the planning standards' running
// speeds in mountains, those of OpenStreetMap's a car's on a mountain road.
var speeds = map[string]float64{
	ClassMotorway: 90, "motorway_link": 50,
	ClassTrunk: 70, "trunk_link": 40,
	ClassPrimary: 60, "primary_link": 35,
	ClassSecondary: 50, "secondary_link": 30,
	ClassTertiary: 40, "tertiary_link": 25,
	ClassUnclassified: 30, "road": 25, ClassResidential: 25, ClassLiving: 10, ClassService: 15, ClassTrack: 15,

	ClassExpressway: 90, Class1: 60, Class2: 50, Class3: 35, Class4: 20, ClassSubstandard: 15,
}

// caps are the greatest speeds in km/h on a surface, dry and wet; what is not
// listed has none.
var caps = map[string][2]float64{
	SurfaceGravel: {25, 20},
	SurfaceStone:  {20, 15},
	SurfaceEarth:  {15, 0},
}

// Substandard roads and tracks are slower still where they are not hardened.
var roughCaps = map[string][2]float64{
	SurfaceGravel:  {12, 10},
	SurfaceStone:   {10, 8},
	SurfaceEarth:   {8, 0},
	SurfaceUnknown: {10, 8},
}

// Speed is the modelled running speed in km/h of a road by its class, surface
// and season ([Dry] or [Wet]); 0 means that motor vehicles cannot use it: a
// path, an unknown class, or earth when wet. A surface that is not known counts
// as hardened, except on tracks and substandard roads.
func Speed(class, surface, season string) float64 {
	kmh := speeds[class]
	when := 0
	if season == Wet {
		when = 1
	}
	if surface == "" {
		surface = SurfaceUnknown
	}
	table := caps
	if class == ClassTrack || class == ClassSubstandard {
		table = roughCaps
	}
	if limit, ok := table[surface]; ok {
		kmh = min(kmh, limit[when])
	}
	return kmh
}

// Classes lists the classes that have a speed, each with that speed in km/h on
// hardened ground. The map is a copy.
func Classes() map[string]float64 {
	out := make(map[string]float64, len(speeds))
	for class, kmh := range speeds {
		out[class] = kmh
	}
	return out
}
