select code, level, geom is not null, coalesce(parent, ''), county from qiantu.region
