package ingest

// Field lists that several layers share. The heads are the names that bureaus
// keep (domain page, 2.1) and plain English ones.
var (
	codeField     = field{name: "code", kind: kindCode, heads: []string{"编码", "代码", "编号", "adcode", "行政区划代码", "行政区划编码", "区划代码", "gbcode", "osm_id"}}
	nameField     = field{name: "name", kind: kindText, heads: []string{"名称", "名字"}}
	nameENField   = field{name: "name_en", kind: kindText, heads: []string{"英文名", "英文名称", "name:en"}}
	townshipField = field{name: "township", kind: kindRef, to: "township", heads: []string{"乡镇", "所在乡镇", "所属乡镇", "乡镇名称", "乡(镇)", "乡镇(街道)", "所在行政区划", "town", "乡镇代码"}}
	surfaceField  = field{name: "surface", kind: kindWord, words: surfaces, heads: []string{"路面类型", "面层类型", "路面"}}
	seasonField   = field{name: "all_season", kind: kindTruth, heads: []string{"是否晴雨通车", "晴雨通车", "allseason"}}
	widthField    = field{name: "width", kind: kindLength, unit: "m", max: 200_000, heads: []string{"路面宽度", "路面宽", "宽度", "路基宽度"}}
	builtField    = field{name: "built", kind: kindWord, words: words("none=未建,拟建,规划", "built=已建,建成,现有", "unknown=未知"), heads: []string{"建设状态", "建成"}}
	classField    = field{name: "class", kind: kindWord, words: classes, heads: []string{"技术等级", "等级", "公路等级", "highway", "fclass"}}
	onField       = field{name: "on_date", kind: kindDay, required: true, heads: []string{"日期", "时间", "调查日期", "date", "完成日期"}}
	roadField     = field{name: "road", kind: kindRef, to: "road", required: true, heads: []string{"路线编号", "路线编码", "路线代码", "道路编码", "路线名称", "道路名称", "route", "route_code"}}
	fromField     = field{name: "from", kind: kindPlace, heads: []string{"起点桩号", "起桩号", "起点", "from_k"}}
	toField       = field{name: "to", kind: kindPlace, heads: []string{"止点桩号", "止桩号", "终点桩号", "止点", "终点", "to_k"}}
	noteField     = field{name: "note", kind: kindText, heads: []string{"备注", "说明", "remark"}}

	programmeField   = field{name: "programme", kind: kindRef, to: "programme", required: true, heads: []string{"计划", "计划编码", "计划名称", "年度计划"}}
	responsibleField = field{name: "responsible", kind: kindText, heads: []string{"责任单位", "责任人", "负责人", "包保责任人"}}
	phoneField       = field{name: "phone", kind: kindText, heads: []string{"联系电话", "电话", "责任人电话", "手机"}}
	contractHeads    = []string{"合同编号", "合同编码", "合同号", "合同段", "标段"}
	villageField     = field{name: "village", kind: kindRef, to: "village", required: true, heads: []string{"村寨", "村", "村名", "村庄", "自然村", "迁出村", "迁出地", "村编码"}}
)

var surfaces = words(
	"asphalt=11,沥青混凝土,沥青,油路,柏油", "cement=12,水泥混凝土,水泥,砼,水泥路,混凝土,concrete",
	"paved=21,22,23,沥青贯入,沥青碎石,沥青表处,简易铺装,35,砼预制块,铺装", "gravel=31,碎砾石,砂石,泥结石,碎石,砂砾",
	"stone=32,33,34,石质,渣石,砖铺,弹石", "earth=36,无路面,土,土路,泥土,素土", "unknown=未知,不详")

// classes are the technical classes by code and name; highway values of an OSM
// export are kept as they are.
var classes = words(
	"expressway=10,高速,高速公路", "class1=11,一级,一级公路", "class2=12,二级,二级公路", "class3=13,三级,三级公路",
	"class4=14,四级,四级公路", "substandard=30,等外,等外公路,等外路", "unknown=未知,不详",
	"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service", "track", "path", "footway",
	"motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link", "living_street", "pedestrian", "cycleway",
	"bridleway", "steps", "road", "construction", "proposed", "raceway", "busway", "corridor")

var stages = words(
	"clearing=征地清表,清表", "roadbed=路基,路基完成,路基工程", "subbase=垫层", "base=基层", "surface=面层,路面,路面完成,完工,硬化",
	"drainage=排水,安防,附属,附属工程", "acceptance=验收,交工验收,竣工验收,交竣工验收")

var layers = append([]*layer{
	own(&layer{
		name: "region", shape: "polygon (boundary) or point (seat)", types: []string{"ST_Polygon", "ST_MultiPolygon", "ST_Point"},
		examine: examineRegion, prepare: prepareRegion, commit: []string{"region_insert", "region_boundary"},
		fields: []field{
			{name: "code", kind: kindCode, required: true, heads: append([]string{"code9", "code12"}, codeField.heads...)},
			{name: "name", kind: kindText, required: true, heads: append([]string{"乡镇名称", "行政区名称", "区划名称"}, nameField.heads...)}, nameENField,
			{name: "level", kind: kindWord, heads: []string{"级别", "行政级别"}, words: words("province=省,省级,1", "prefecture=市,地级,市级,city,2",
				"county=县,县级,区,district,3", "township=乡镇,乡级,乡,镇,街道,town,street,4", "village=村,村级,5")},
			{name: "parent", kind: kindCode, heads: []string{"上级", "上级代码", "父级代码", "area_code"}},
			{name: "data_date", kind: kindDay, heads: []string{"数据日期"}},
			{name: "valid_from", kind: kindDay, heads: []string{"启用日期"}}, {name: "valid_to", kind: kindDay, heads: []string{"停用日期"}},
			{name: "attribution", kind: kindText, heads: []string{"数据来源"}},
		},
	}),
	own(&layer{
		name: "village", table: "village", shape: "point", types: []string{"ST_Point"}, needs: true, county: true,
		unique: "village", examine: examineVillage, commit: []string{"village_insert", "village_region_insert", "population_insert"},
		fields: []field{
			codeField, {name: "name", kind: kindText, required: true, heads: append([]string{"村名", "村寨", "村寨名称", "村庄", "自然村", "自然村名称"}, nameField.heads...)}, nameENField,
			{name: "kind", kind: kindWord, heads: []string{"类型", "类别", "place"}, words: words("administrative=行政村,建制村,town,village,镇,村",
				"hamlet=自然村,自然村寨,寨,isolated_dwelling,locality", "group=村民小组,组,小组")},
			townshipField,
			{name: "households", kind: kindCount, heads: []string{"户数", "总户数"}}, {name: "persons", kind: kindCount, heads: []string{"人数", "人口", "总人口", "population", "人口数"}},
			{name: "poor_households", kind: kindCount, heads: []string{"贫困户", "建档立卡户", "贫困户数", "建档立卡贫困户"}},
			{name: "poor_persons", kind: kindCount, heads: []string{"贫困人口", "建档立卡人口", "贫困人口数", "建档立卡贫困人口"}},
			{name: "as_of", kind: kindDay, heads: []string{"统计日期", "人口日期"}},
			{name: "hazard", kind: kindWord, heads: []string{"灾害", "地灾等级", "地质灾害"}, words: words("none=无", "low=低", "medium=中", "high=高", "extreme=极高", "unknown=未知")},
			{name: "surveyed", kind: kindFlag, heads: []string{"是否调查", "已调查"}},
		},
	}),
	own(&layer{
		name: "facility", table: "facility", shape: "point", types: []string{"ST_Point"}, needs: true, county: true, commit: []string{"facility_insert"},
		fields: []field{
			{name: "kind", kind: kindWord, required: true, heads: []string{"类型", "类别", "设施类型"}, words: words("county_seat=县城,县政府,县城驻地",
				"township_seat=乡镇驻地,乡政府,镇政府,乡镇政府", "school=学校,小学,中学", "clinic=卫生院,卫生室,医院,hospital", "market=集市,集贸市场,农贸市场", "industrial_park=产业园,工业园,园区")},
			codeField, nameField, nameENField,
		},
	}),
	own(&layer{
		name: "road", table: "road", shape: "line", types: []string{"ST_LineString"}, county: true,
		prepare: prepareRoads, examine: examineRoad, commit: []string{"road_insert", "road_version_insert", "road_segment_whole", "road_attach", "road_attach_segment"},
		fields: []field{
			{name: "code", kind: kindCode, heads: append([]string{"路线编号", "路线编码", "路线代码", "route_code", "ref"}, codeField.heads...)},
			{name: "name", kind: kindText, heads: append([]string{"路线名称", "道路名称", "项目名称", "road"}, nameField.heads...)}, nameENField, townshipField,
			{name: "length", kind: kindLength, max: 99_999_999_999, heads: []string{"里程", "建设里程", "长度", "路线长度", "全长", "mileage"}},
			classField, surfaceField, widthField, seasonField, builtField,
		},
	}),
	own(&layer{
		name: "road_segment", table: "road_segment", county: true,
		prepare: prepareSpans, examine: examineSpan, commit: []string{"road_segment_replace", "road_segment_insert"},
		fields: []field{
			roadField,
			{name: "from", kind: kindPlace, required: true, heads: []string{"起点桩号", "起桩号", "起点", "from_k"}},
			{name: "to", kind: kindPlace, required: true, heads: []string{"止点桩号", "止桩号", "终点桩号", "止点", "终点", "to_k"}},
			classField, surfaceField, widthField, seasonField, builtField, townshipField,
		},
	}),
	own(&layer{
		name: "programme", table: "road", county: true,
		prepare: prepareProgramme, examine: examineProgramme,
		commit: []string{"programme_insert", "road_insert", "road_version_insert", "road_segment_whole", "programme_scope_insert",
			"programme_contract_insert", "programme_contract_scope"},
		fields: []field{
			{name: "code", kind: kindCode, heads: []string{"路线编号", "路线编码", "路线代码", "项目编码", "计划项目编码"}},
			{name: "name", kind: kindText, required: true, heads: append([]string{"路线名称", "项目名称", "道路名称", "工程名称", "road", "road_name"}, nameField.heads...)}, townshipField,
			{name: "length", kind: kindLength, required: true, max: 99_999_999_999, heads: []string{"里程", "建设里程", "长度", "计划里程", "建设规模", "路线长度", "全长", "硬化里程", "mileage"}},
			classField,
			{name: "programme", kind: kindText, heads: []string{"计划名称", "年度计划"}},
			{name: "programme_code", kind: kindCode, heads: []string{"计划编码"}},
			{name: "starts", kind: kindDay, heads: []string{"计划开工日期", "开工日期"}}, {name: "deadline", kind: kindDay, heads: []string{"计划完工日期", "完工时限", "完成时限"}},
			{name: "village", kind: kindText, heads: []string{"受益村", "受益村寨", "通达村寨", "连接村寨", "所在村"}}, responsibleField, phoneField,
			{name: "contract", kind: kindCode, heads: contractHeads},
		},
	}),
	own(&layer{
		name: "contract", county: true, examine: examineContract, commit: []string{"contract_insert", "contract_scope_insert"},
		fields: []field{
			programmeField, {name: "code", kind: kindCode, required: true, heads: append([]string{"编号"}, contractHeads...)},
			{name: "name", kind: kindText, heads: []string{"合同名称", "标段名称", "名称"}},
			{name: "contractor", kind: kindText, heads: []string{"施工单位", "承包单位", "承包人", "中标单位"}}, responsibleField, phoneField,
			{name: "price", kind: kindMoney, max: 1e13, heads: []string{"合同价", "合同金额", "中标价", "合同价款"}},
			{name: "signed", kind: kindDay, heads: []string{"签订日期", "合同签订日期"}}, {name: "deadline", kind: kindDay, heads: []string{"合同工期", "完工日期", "竣工日期", "完工时限"}},
			{name: "road", kind: kindRef, to: "road", heads: roadField.heads}, fromField, toField,
		},
	}),
	own(&layer{
		name: "funding", county: true, prepare: prepareFunding, examine: examineFunding, commit: []string{"funding_until", "funding_end", "funding_insert"},
		fields: []field{
			{name: "programme", kind: kindRef, to: "programme", required: true, heads: []string{"计划编码", "计划名称", "年度计划", "项目库"}},
			{name: "source", kind: kindText, required: true, heads: []string{"资金来源", "来源", "资金渠道"}},
			{name: "item", kind: kindText, heads: []string{"项目", "资金项目", "用途", "建设内容"}},
			{name: "planned", kind: kindMoney, max: 1e13, heads: []string{"计划投资", "计划", "计划资金", "下达计划", "总投资"}},
			{name: "allocated", kind: kindMoney, max: 1e13, heads: []string{"到位资金", "已下达", "下达资金", "到位", "拨付"}},
			{name: "paid", kind: kindMoney, max: 1e13, heads: []string{"完成支付", "已支付", "支付", "支出"}},
			{name: "as_of", kind: kindDay, heads: []string{"截至日期", "截止日期", "统计日期", "日期", "时间", "date"}},
		},
	}),
	own(&layer{
		name: "plan", county: true, prepare: preparePlan, examine: examinePlan, commit: []string{"plan_insert"},
		fields: []field{
			programmeField, townshipField, {name: "on_date", kind: kindDay, required: true, heads: []string{"日期", "时间", "截止日期", "节点", "date"}},
			{name: "share", kind: kindNumber, required: true, max: 100, heads: []string{"计划进度", "计划比例", "计划完成率", "累计计划", "percent"}},
		},
	}),
	own(&layer{
		name: "progress", county: true, prepare: prepareSpans, examine: examineProgress, commit: []string{"progress_insert"},
		fields: []field{
			roadField,
			fromField, toField,
			{name: "stage", kind: kindWord, words: stages, required: true, heads: []string{"工序", "阶段", "形象进度", "完成内容"}},
			onField,
			{name: "programme", kind: kindRef, to: "programme", heads: []string{"计划", "计划编码", "计划名称"}},
			{name: "contract", kind: kindRef, to: "contract", heads: contractHeads},
			{name: "reporter", kind: kindText, heads: []string{"填报人", "上报单位", "填报单位"}}, noteField,
		},
	}),
	own(&layer{
		name: "inspection", county: true, prepare: prepareSpans, examine: examineInspection, commit: []string{"inspection_insert"},
		fields: []field{
			roadField, fromField, toField, {name: "on_date", kind: kindDay, required: true, heads: []string{"日期", "检查日期", "检测日期", "时间", "date"}},
			{name: "kind", kind: kindWord, heads: []string{"检查类型", "检查方式", "类型"}, words: words("planned=计划,例行,计划检查,例行检查", "unannounced=飞检,突击,突击检查,飞行检查", "random=随机,抽检,抽查,双随机,随机抽查")},
			{name: "result", kind: kindWord, heads: []string{"结果", "检查结果", "检测结果", "结论"}, words: words("pass=合格,通过,优,良,优良", "fail=不合格,未通过,差")},
			{name: "pqi", kind: kindNumber, max: 100, heads: []string{"路面技术状况指数", "路面使用性能指数", "技术状况"}},
			{name: "inspector", kind: kindText, heads: []string{"检查人", "检测单位", "检查单位", "检测人"}}, noteField,
		},
	}),
	own(&layer{
		name: "water_project", table: "water_project", shape: "point", types: []string{"ST_Point"}, county: true, examine: examineWork,
		unique: "water_project", commit: []string{"water_project_insert", "supply_link_insert"},
		fields: []field{
			codeField, {name: "name", kind: kindText, required: true, heads: append([]string{"工程名称", "项目名称"}, nameField.heads...)}, nameENField,
			{name: "kind", kind: kindWord, heads: []string{"类型", "工程类型"}, words: words("urban_extension=城市管网延伸,管网延伸", "large=大型", "medium=中型", "small=小型,小型集中供水",
				"dispersed=分散,分散式,水窖", "reservoir=水库", "pond=山塘,塘", "other=其他")},
			{name: "status", kind: kindWord, heads: []string{"状态", "建设状态"}, words: words("planned=规划,拟建,计划", "building=在建", "built=已建,建成", "unknown=未知")},
			{name: "capacity_m3d", kind: kindNumber, max: 1e9, heads: []string{"供水能力", "设计供水规模", "日供水量", "供水规模", "capacity"}},
			{name: "dry_capacity_m3d", kind: kindNumber, max: 1e9, heads: []string{"枯水期供水能力", "枯季供水能力", "枯水期日供水量", "枯水期供水量", "dry_m3d"}},
			{name: "loss_pct", kind: kindNumber, max: 100, heads: []string{"管网漏损率", "漏损率", "管网漏失率", "loss"}},
			{name: "designed_persons", kind: kindCount, heads: []string{"设计供水人口", "受益人口", "设计人口", "designed"}},
			{name: "serves", kind: kindRefs, to: "village", heads: []string{"供水村", "受益村", "供水范围"}},
		},
	}),
	own(&layer{
		name: "water_survey", table: "water_survey", county: true, examine: examineSurvey, commit: []string{"water_survey_insert"},
		fields: []field{
			villageField, onField,
			{name: "litres_per_day", kind: kindNumber, max: 9999, heads: []string{"人均日用水量", "水量", "人均水量", "litres"}},
			{name: "quality_ok", kind: kindFlag, heads: []string{"水质达标", "水质合格", "水质", "quality"}},
			{name: "tap", kind: kindFlag, heads: []string{"自来水入户", "是否入户", "自来水"}},
			{name: "fetch_minutes", kind: kindNumber, max: 1439, heads: []string{"取水往返时间", "取水时间"}},
			{name: "distance_m", kind: kindNumber, max: 99_999, heads: []string{"水平距离", "取水距离"}},
			{name: "climb_m", kind: kindNumber, max: 8_999, heads: []string{"垂直距离", "取水高差", "高差"}},
			{name: "reliability_pct", kind: kindNumber, max: 100, heads: []string{"供水保证率", "保证率", "reliability"}},
			{name: "close_cost", kind: kindMoney, heads: []string{"解决投资", "所需投资", "估算投资"}},
		},
	}),
	own(&layer{
		name: "relocation_site", table: "relocation_site", shape: "point", types: []string{"ST_Point"}, county: true,
		unique: "relocation_site", commit: []string{"site_insert", "site_capacity_insert"},
		fields: []field{
			codeField, {name: "name", kind: kindText, required: true, heads: append([]string{"安置点", "安置点名称", "安置区"}, nameField.heads...)}, nameENField,
			{name: "mode", kind: kindWord, heads: []string{"安置方式", "安置类型"}, words: words("county_town=县城,县城安置", "market_town=集镇,集镇安置", "park=园区,产业园区",
				"scenic=景区,旅游区", "central_village=中心村", "in_village=村内", "scattered=分散,插花")},
			townshipField,
			{name: "households", kind: kindCount, heads: []string{"安置户数", "户数", "容量户数"}}, {name: "persons", kind: kindCount, heads: []string{"安置人数", "人数", "容量人数"}},
			{name: "jobs", kind: kindCount, heads: []string{"就业岗位", "岗位"}},
			{name: "water_m3d", kind: kindNumber, max: 1e9, heads: []string{"供水能力"}},
			{name: "school_places", kind: kindCount, heads: []string{"学位", "places"}},
			{name: "land", kind: kindWord, heads: []string{"土地性质", "用地情况", "土地"}, words: words("owned=国有,集体建设用地,已有", "unused=荒地,未利用地", "acquire=需征地,征用,耕地", "unknown=未知")},
		},
	}),
	own(&layer{
		name: "move", table: "move", county: true, examine: examineMove, commit: []string{"move_insert", "move_event_insert"},
		fields: []field{
			villageField, {name: "site", kind: kindRef, to: "relocation_site", required: true, heads: []string{"安置点", "迁入地", "安置点名称"}},
			{name: "households", kind: kindCount, required: true, heads: []string{"户数", "搬迁户数"}}, {name: "persons", kind: kindCount, required: true, heads: []string{"人数", "搬迁人数", "人口"}},
			{name: "registered", kind: kindCount, heads: []string{"建档立卡户", "贫困户", "贫困户数", "registered_households"}},
			{name: "registered_persons", kind: kindCount, heads: []string{"建档立卡人口", "贫困人口", "贫困人口数"}},
			{name: "on_date", kind: kindDay, heads: onField.heads},
			{name: "moved_in", kind: kindCount, heads: []string{"入住户数", "已入住", "搬迁入住户数"}}, {name: "moved_in_persons", kind: kindCount, heads: []string{"入住人数", "搬迁入住人数"}},
			{name: "moved_in_registered", kind: kindCount, heads: []string{"入住贫困户", "入住贫困户数", "入住建档立卡户", "入住建档立卡户数"}},
			{name: "moved_in_registered_persons", kind: kindCount, heads: []string{"入住贫困人口", "入住贫困人口数", "入住建档立卡人口", "入住建档立卡人口数"}},
			{name: "eligible", kind: kindCount, heads: []string{"应拆户", "应拆旧户数", "应拆户数"}},
			{name: "demolished", kind: kindCount, heads: []string{"旧房拆除", "拆旧", "旧房拆除户数"}}, {name: "reclaimed", kind: kindCount, heads: []string{"复垦", "复垦户数"}},
		},
	}),
	own(&layer{
		name: "reference", shape: "geometry", needs: true, county: true, commit: []string{"reference_insert"},
		types: []string{"ST_Point", "ST_LineString", "ST_Polygon", "ST_MultiPoint", "ST_MultiLineString", "ST_MultiPolygon", "ST_GeometryCollection"},
		fields: []field{
			{name: "layer", kind: kindCode, heads: []string{"图层"}}, {name: "kind", kind: kindText, heads: []string{"类型", "类别"}}, nameField,
		},
	}),
}, append(registerLayers, dutyLayer)...)
