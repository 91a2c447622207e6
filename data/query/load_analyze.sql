-- Tells the planner of what a big load brought.
analyze qiantu.village, qiantu.village_region, qiantu.population, qiantu.road, qiantu.road_version, qiantu.road_segment,
  qiantu.programme_scope, qiantu.progress, qiantu.water_survey, qiantu.move, qiantu.reference
