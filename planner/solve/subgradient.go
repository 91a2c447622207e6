package solve

// deflect turns the direction of the step before into that of the next one along
// a subgradient: half as far again as would make the two orthogonal, where they
// point away from each other (Camerini, Fratta and Maffioli 1975). It gives the
// square of its length; 0 where there is nowhere to go, and also for a
// subgradient whose square is less than that given.
func deflect(dir, slope []float64, least float64) float64 {
	along, norm, square := 0.0, 0.0, 0.0
	for i, g := range slope {
		along += dir[i] * g
		norm += dir[i] * dir[i]
		square += g * g
	}
	if square < least || square == 0 {
		return 0
	}
	turn := 0.0
	if along < 0 {
		turn = -1.5 * along / norm
	}
	norm = 0
	for i, g := range slope {
		dir[i] = g + turn*dir[i]
		norm += dir[i] * dir[i]
	}
	return norm
}
