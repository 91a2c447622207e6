select exists (select from spatial_ref_sys where srid = @srid)
