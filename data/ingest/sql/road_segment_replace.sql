-- The pieces of the file take the place of those stored; the history keeps them.
delete from qiantu.road_segment where county = @county and road = any (@roads) and upper_inf(valid)
