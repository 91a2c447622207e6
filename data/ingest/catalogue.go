package ingest

import (
	"slices"
)

// entry is what is said of one kind of finding, in both languages.
type entry struct {
	severity   Severity
	en, mend   string
	zh, mendZH string
}

// catalogueOrder lists the codes in a fixed order for reports.
var catalogueOrder = func() []string {
	codes := make([]string, 0, len(catalogue))
	for code := range catalogue {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}()

// catalogue holds every finding. {field} and {value} are those of the finding,
// {0} {1} ... further figures.
var catalogue = map[string]entry{
	// The file.
	"file_unreadable": {SeverityError, "the file cannot be read: {0}", "check that it is whole and of the kind its name says, and export it again",
		"文件无法读取: {0}", "请确认文件完整且格式与扩展名一致, 重新导出"},
	"file_empty":     {SeverityError, "the file holds no rows", "export it again with its rows", "文件没有任何记录", "请重新导出含数据的文件"},
	"file_too_large": {SeverityError, "the file is over a limit: {0}", "split the file", "文件超过限制: {0}", "请拆分文件"},
	"format_unknown": {SeverityError, "files of kind {value} are not read", "use .gpkg, .geojson, .shp, .zip of a Shapefile, .kml, .csv or .xlsx",
		"不支持 {value} 格式", "请使用 gpkg、geojson、shp、shp 的 zip、kml、csv 或 xlsx"},
	"zip_refused": {SeverityError, "the zip is refused: {0}", "make a zip of one Shapefile: .shp .shx .dbf .prj and perhaps .cpg, nothing else",
		"压缩包被拒绝: {0}", "压缩包内只放一个 Shapefile 的 shp shx dbf prj(cpg)"},
	"part_missing": {SeverityError, "the Shapefile has no {value} beside it", "put the missing part beside the .shp and import again",
		"Shapefile 缺少 {value} 文件", "请补齐同名文件后重新导入"},
	"not_plain_table": {SeverityError, "the GeoPackage holds {0} {value}; only plain tables are read", "export the layer into a new GeoPackage",
		"GeoPackage 含有 {0} {value}, 只接受普通表", "请将图层导出到新的 GeoPackage"},
	"layer_choice": {SeverityError, "the file has {0} layers with rows: {1}", "name one with --map layer=NAME",
		"文件含 {0} 个图层: {1}", "用 --map layer=图层名 指定"},
	"geojson_invalid": {SeverityError, "not valid GeoJSON (RFC 7946): {0}", "export the file again, or mend the feature named",
		"不符合 GeoJSON 规范 (RFC 7946): {0}", "请重新导出或修正该要素"},
	"ring_order": {SeverityError, "the {0} ring runs the wrong way for RFC 7946", "reverse the ring; if the file follows older GeoJSON, say --crs EPSG:4326",
		"{0}环方向与 RFC 7946 相反", "请反转该环; 旧版 GeoJSON 请加 --crs EPSG:4326"},
	"ring_order_old": {SeverityWarning, "the {0} ring runs the wrong way for RFC 7946; taken as it is", "nothing to do",
		"{0}环方向与 RFC 7946 相反, 按原样采用", "无需处理"},
	"geojson_notice": {SeverityInfo, "{0}", "nothing to do", "{0}", "无需处理"},
	"network_link":   {SeverityWarning, "links to other files are not followed", "save the linked file and import it by itself", "不读取外部链接", "请另存链接文件后单独导入"},

	// Encoding and CRS.
	"encoding_unknown": {SeverityError, "the encoding of the text cannot be told: {0}", "say it: --encoding gbk (or utf-8, big5, shift_jis)",
		"无法判断文字编码: {0}", "请指定 --encoding gbk (或 utf-8、big5、shift_jis)"},
	"encoding_guessed": {SeverityWarning, "nothing in the file says its encoding; taken as {0}, e.g. {value}", "if that reads wrong, say --encoding",
		"文件未说明编码, 按 {0} 读取, 如 {value}", "如有误请指定 --encoding"},
	"encoding_wrong": {SeverityError, "the bytes are not {0}", "say the right encoding: --encoding gbk (or utf-8, big5)",
		"字节不是 {0} 编码", "请指定正确编码 --encoding gbk (或 utf-8、big5)"},
	"encoding_name": {SeverityError, "encoding {value} is not known", "use utf-8, gbk, gb18030, big5 or shift_jis", "不认识的编码 {value}", "请用 utf-8、gbk、gb18030、big5 或 shift_jis"},
	"crs_missing":   {SeverityError, "the file does not say its coordinate reference", "say it: --crs EPSG:4544 (CGCS2000 3-degree CM 105E), EPSG:4490, gcj02 or bd09", "文件没有坐标系信息", "请指定 --crs EPSG:4544 (CGCS2000 3度带 105E)、EPSG:4490、gcj02 或 bd09"},
	"crs_unknown":   {SeverityError, "the coordinate reference {value} is not known", "say an EPSG number: --crs EPSG:4544", "不认识的坐标系 {value}", "请指定 EPSG 编号, 如 --crs EPSG:4544"},
	"crs_contradiction": {SeverityError, "the coordinate reference {value} does not fit: {0}", "give the one the numbers were made in: --crs EPSG:4544, EPSG:4490 ...",
		"坐标系 {value} 与数据不符: {0}", "请用 --crs 指定数据真正的坐标系"},
	"crs_old_datum": {SeverityWarning, "{value} is on an old datum; the shift to CGCS2000 is not public, positions may be off by tens of metres", "have the data converted by the surveying office and import the result",
		"{value} 为旧坐标系, 与 CGCS2000 的转换参数不公开, 位置可能偏差数十米", "请由测绘部门转换后再导入"},
	"crs_assumed": {SeverityWarning, "columns {value} are taken as degrees of longitude and latitude (WGS 84)", "if not, say --crs", "列 {value} 按 WGS 84 经纬度读取", "如不是请指定 --crs"},
	"crs_shifted": {SeverityInfo, "positions converted from {value}; accuracy 1 to 10 m", "nothing to do", "坐标由 {value} 换算, 精度 1-10 米", "无需处理"},

	// The region.
	"region_needed":  {SeverityError, "the rows belong to no county", "say which: --region 520527", "未指明所属县", "请用 --region 520527 指定"},
	"region_unknown": {SeverityError, "region {value} is not known", "import it first: qiantu import region FILE", "区划 {value} 不存在", "请先导入: qiantu import region 文件"},
	"region_taken":   {SeverityError, "region {value} already holds rows", "choose another --region, or start with an empty store", "区划 {value} 已有数据", "请用 --region 换一个区划, 或使用空库"},
	"parent_unknown": {SeverityError, "the parent {value} is neither in the file nor in the store", "import the upper unit first or put it into the file", "上级 {value} 不在文件也不在库中", "请先导入上级区划"},

	"region_linked": {SeverityInfo, "{value} lies in {0} from now on", "nothing to do", "{value} 归入 {0}", "无需处理"},
	"parent_absent": {SeverityWarning, "the upper unit {value} is not stored; the unit stands alone", "import the upper unit first if it is wanted", "上级 {value} 不在库中, 暂不关联", "需要时请先导入上级"},

	// The table.
	"head_missing": {SeverityError, "no column for {field}; the columns are: {0}", "say which column: --map {field}=COLUMN", "没有 {field} 列; 现有列: {0}", "请用 --map {field}=列名 指定"},
	"map_unknown":  {SeverityError, "--map {field}={value} names no column or no field", "columns are those of the file (or #1, #2 ... by place), fields those of the import page", "--map {field}={value} 的字段或列不存在", "列名取自文件(或 #1 #2 表示第几列), 字段见导入说明"},
	"unit_missing": {SeverityError, "column {value} holds lengths without a unit", "say it: --map length_km={value} or --map length_m={value}", "列 {value} 没有长度单位", "请用 --map length_km={value} 或 length_m={value} 指定"},
	"head_twice":   {SeverityWarning, "columns {value} both look like {field}; the first is taken", "say which: --map {field}=COLUMN", "列 {value} 都像 {field}, 取第一列", "用 --map {field}=列名 指定"},
	"sparse_sheet": {SeverityError, "the sheet is sparse: {0}", "delete the cells far outside the table", "工作表过于稀疏: {0}", "请删除表格以外的单元格"},
	"ragged_row":   {SeverityError, "the row has {0} cells, the head {1}", "mend the row: a comma or quote may be wrong", "该行有 {0} 列, 表头有 {1} 列", "请检查逗号或引号"},

	// Tables that are read without a store.
	"column_missing": {SeverityError, "no column for {field}; the columns are: {0}", "name a column of the file {field}", "没有 {field} 列; 现有列: {0}", "请将文件中的一列命名为 {field}"},
	"degrees_wanted": {SeverityError, "{value} is no longitude and latitude in degrees", "write lon from -180 to 180 and lat from -90 to 90 (WGS 84 or CGCS2000)", "{value} 不是经纬度", "请填写经度 -180 至 180、纬度 -90 至 90 (WGS 84 或 CGCS2000)"},

	// A cell.
	"value_missing":   {SeverityError, "{field} is empty", "fill it in", "{field} 为空", "请填写"},
	"value_invalid":   {SeverityError, "{field} {value} is not {0}", "write {0}", "{field} {value} 不是{0}", "请改为{0}"},
	"value_range":     {SeverityError, "{field} {value} is outside {0}", "check the number and its unit", "{field} {value} 超出 {0}", "请检查数值与单位"},
	"value_unknown":   {SeverityError, "{field} {value} is none of: {0}", "use one of these words", "{field} {value} 不在可选值内: {0}", "请使用可选值"},
	"value_part":      {SeverityError, "{field} {value} is more than the whole, {0}", "a part cannot exceed its whole", "{field} {value} 大于总数 {0}", "部分不能大于整体"},
	"value_too_long":  {SeverityError, "{field} is over 64 kB", "shorten it", "{field} 超过 64 kB", "请缩短"},
	"value_control":   {SeverityError, "{field} holds a NUL character", "remove it", "{field} 含有 NUL 字符", "请删除"},
	"value_damaged":   {SeverityError, "{field} {value} looks damaged (lost characters)", "take the text from the original again", "{field} {value} 疑似乱码", "请核对原文"},
	"date_guessed":    {SeverityInfo, "{field} {value} was read as {0}", "nothing to do", "{field} {value} 读作 {0}", "无需处理"},
	"code_unknown":    {SeverityError, "{field} {value} is not known in this county", "check the code or name; import the {field} first", "{field} {value} 在本县不存在", "请核对编码或名称, 或先导入 {field}"},
	"name_ambiguous":  {SeverityError, "{field} {value} is the name of {0} things", "use the code", "{field} {value} 对应 {0} 个对象", "请改用编码"},
	"code_twice":      {SeverityError, "{field} {value} stands twice in the file, first in row {0}", "remove one", "{field} {value} 在文件中重复, 首见第 {0} 行", "请删除其一"},
	"already_there":   {SeverityError, "{field} {value} is already stored", "nothing is overwritten: leave it out, or edit what is stored (psql, QGIS)", "{field} {value} 已在库中", "不会覆盖已有数据, 请从文件删除, 或直接修改库中记录 (psql、QGIS)"},
	"duplicate_row":   {SeverityError, "the same name, township and length stand already in row {0}", "a road counts once: remove one", "与第 {0} 行的名称、乡镇、里程相同", "同一条路只计一次, 请删除其一"},
	"same_name":       {SeverityWarning, "the same name and township stand in row {0} with another length", "check that they are two roads", "与第 {0} 行同名同乡镇但里程不同", "请确认是两条路"},
	"township_filled": {SeverityInfo, "an empty township was filled from the row above ({value})", "nothing to do", "空白乡镇按上一行填为 {value}", "无需处理"},

	// The programme list.
	"total_differs": {SeverityWarning, "the list prints a total of {0} km, its rows add up to {1} km", "find the row that is missing, doubled or mistyped", "表中合计 {0} 公里, 各行相加 {1} 公里", "请查找遗漏、重复或错填的行"},
	"total_missing": {SeverityInfo, "the list prints no total; its rows add up to {0} km", "nothing to do", "表中无合计行, 各行相加 {0} 公里", "无需处理"},
	"total_agrees":  {SeverityInfo, "the total the list prints, {0} km, is what its rows add up to", "nothing to do", "合计 {0} 公里与各行相加一致", "无需处理"},
	"subtotal_row":  {SeverityInfo, "a subtotal was left out", "nothing to do", "小计行不计入", "无需处理"},
	"year_assumed":  {SeverityWarning, "the list gives no year; {0} is taken", "say it: --map starts==2018-01-01 --map deadline==2018-12-31", "未写年份, 取 {0}", "请用 --map starts==2018-01-01 --map deadline==2018-12-31 指定"},
	"registered_assumed": {SeverityWarning, "the file does not say how many registered households are among the {value} that moved in; none is taken", "add a column moved_in_registered (入住贫困户数), and moved_in_registered_persons",
		"文件未说明已入住 {value} 户中的建档立卡户数, 按 0 计", "请增加“入住贫困户数”“入住贫困人口”两列"},
	"date_assumed": {SeverityWarning, "the counts have no date; {0} is taken", "say it: --map as_of==2018-12-31", "人口数没有日期, 取 {0}", "请用 --map as_of==2018-12-31 指定"},

	// The ledger of works.
	"contract_differs": {SeverityError, "{field} {value} of the contract was {0} in row {1}", "write the same in every row of the contract, or leave it empty", "合同的 {field} {value} 与第 {1} 行的 {0} 不一致", "请统一, 或留空"},
	"contract_overlap": {SeverityWarning, "metres of the road {value} are in contract {0} too", "counted for neither until it is settled: mend the chainage, or the other contract", "路线 {value} 有里程同时属于合同 {0}", "厘清之前不计入任何一方: 请核对桩号或另一合同"},
	"village_unknown":  {SeverityWarning, "village {value} is not known in this county, or is the name of several; the road is kept without it", "check the name or code; import the villages first", "村寨 {value} 在本县不存在或有重名, 该路暂不关联村寨", "请核对名称或编码, 或先导入村寨"},
	"money_differs":    {SeverityWarning, "the list prints a total of {value} yuan for {field}, its rows add up to {0} yuan", "find the row that is missing, doubled or mistyped", "表中 {field} 合计 {value} 元, 各行相加 {0} 元", "请查找遗漏、重复或错填的行"},
	"money_agrees":     {SeverityInfo, "the printed total for {field}, {value} yuan, is what the rows add up to", "nothing to do", "{field} 合计 {value} 元与各行相加一致", "无需处理"},
	"money_there": {SeverityError, "money of {value} is already stored", "say from which day the amounts hold, a day that is not stored yet: a column as_of (截至日期), or --map as_of==2020-06-30",
		"{value} 的资金已在库中", "请注明金额的截至日期 (尚未入库的日期): 增加“截至日期”列, 或 --map as_of==2020-06-30"},
	"money_total_unclear": {SeverityWarning, "the total does not say of which programme and day it is; it is left out", "name the programme, and the day where the file has several, in the row of the total", "合计行未说明属于哪个计划、哪个日期, 不予保存", "请在合计行写明计划 (多个日期时一并写明)"},
	"money_total_held":    {SeverityWarning, "a printed total of programme {value} is stored already; this one is left out", "nothing is overwritten: edit what is stored (psql, QGIS)", "计划 {value} 的合计数已在库中, 本次合计不予保存", "不会覆盖已有数据, 可直接修改库中记录 (psql、QGIS)"},
	"day_ahead":           {SeverityWarning, "the day {value} is after today, {0}", "check the day; the report counts from that day", "日期 {value} 晚于今天 ({0})", "请核对日期; 自该日起计入"},
	"held_ahead":          {SeverityError, "an inspection on {value}, after today ({0}), has a result", "mend the day, or leave the result empty until it is held", "检查日期 {value} 晚于今天 ({0}), 却已有结果", "请更正日期, 或待检查后再填结果"},
	"plan_falls":          {SeverityError, "the plan falls to {value} % from {0} % in row {1}", "what is planned to be done by a day stays planned: shares are cumulative", "计划进度 {value}% 低于第 {1} 行的 {0}%", "计划为累计数, 不应下降, 请核对"},

	// Geometry.
	"place_missing":       {SeverityError, "the row has no place, which this layer needs", "draw it, or give lon and lat", "该行没有位置, 本图层需要位置", "请补画或填写经纬度"},
	"no_place":            {SeverityWarning, "the row has no geometry; without a place it cannot be stored in this layer", "draw it or leave it out", "该行没有几何, 无法存入本图层", "请补画或删除该行"},
	"no_place_kept":       {SeverityInfo, "the row has no geometry and is kept without a place", "draw it later", "该行没有几何, 先按无位置保存", "以后补画"},
	"shape_unused":        {SeverityWarning, "the geometry is not read: where a {value} lies follows from what its columns say", "nothing to do", "不读取几何: {value} 的位置由各列推得", "无需处理"},
	"geometry_missing":    {SeverityError, "the row has neither a line nor a length", "give length_km, or draw the line", "该行既无线形也无里程", "请填写里程或补画线形"},
	"geometry_unreadable": {SeverityError, "the geometry cannot be read: {0}", "draw it again", "几何无法读取: {0}", "请重新绘制"},
	"geometry_invalid":    {SeverityError, "the geometry is invalid: {0}", "mend it in the program it was drawn with (check validity)", "几何无效: {0}", "请在制图软件中做拓扑检查并修正"},
	"geometry_type":       {SeverityError, "{0} is not what this layer holds ({1})", "choose the layer that fits, or split the feature", "{0} 不是本图层的几何类型 ({1})", "请选择合适图层或拆分要素"},
	"geometry_parts":      {SeverityError, "the line has {0} parts; a route has one measure and must be one line", "join the parts, or make a road of each", "该线由 {0} 段组成; 一条路线必须是一条连续的线", "请连成一条或拆成多条道路"},
	"line_runs_back": {SeverityError, "the line runs along itself again at {value}, {0} from its start: those metres would count twice", "draw it once, or make two roads of it",
		"线形在 {value} (距起点 {0}) 处往返重合, 该段里程会重复计算", "请只画一次, 或拆成两条道路"},
	"line_meets_itself": {SeverityWarning, "the line meets itself at {value}: that place is {0} and {1} from its start", "split the road there if it is meant to be two; otherwise a place there is asked for",
		"线形在 {value} 处与自身相交: 该处距起点既是 {0} 又是 {1}", "若应为两条道路请在此拆分; 否则按该处定位时会询问是哪一处"},
	"geometry_vertices":  {SeverityError, "the geometry has {0} vertices, the limit is 100,000", "simplify or split it", "几何有 {0} 个节点, 上限 100000", "请简化或拆分"},
	"coordinate_invalid": {SeverityError, "a coordinate is not a position on the earth: {0}", "check the numbers and --crs", "坐标不是地球上的位置: {0}", "请检查坐标与 --crs"},
	"outside_region":     {SeverityError, "the place is more than 20 km outside the county: {0}", "check --crs and --region", "位置在县界外 20 公里以上: {0}", "请检查 --crs 与 --region"},
	"far_from_county": {SeverityWarning, "the place {value} is {0} km from all that is stored in this county, whose boundary is not stored", "check --crs and --region, or import the boundary first: qiantu import region FILE",
		"位置 {value} 距本县已有数据 {0} 公里 (库中无县界)", "请检查 --crs 与 --region, 或先导入县界: qiantu import region 文件"},
	"z_dropped":        {SeverityInfo, "heights and measures (Z, M) are not kept", "nothing to do", "不保留高程与测量值 (Z, M)", "无需处理"},
	"collection_split": {SeverityInfo, "the collection is stored as one row for each of its geometries", "nothing to do", "几何集合按其成员分别保存", "无需处理"},
	"line_attached":    {SeverityInfo, "the line was given to the route {value} that stood in the programme list", "nothing to do", "线形已赋给清单中的路线 {value}", "无需处理"},
	"already_drawn":    {SeverityError, "the route {value} already has its line", "leave it out; a new line is a realignment: in the map, or POST /api/v1/roads/ID/operation", "路线 {value} 已有线形", "请从文件删除; 新线形属于改线, 请在地图上办理, 或 POST /api/v1/roads/ID/operation"},
	"length_differs":   {SeverityWarning, "the line measures {0} km, the programme says {1} km: {2} % apart; the programme's length stays the measure", "check the line or the list", "线形实测 {0} 公里, 清单 {1} 公里, 相差 {2}%; 计量仍用清单里程", "请核对线形或清单"},

	"dem_empty":   {SeverityError, "no cell around the county has a height", "is it the terrain of another place, or a mask? look at it with gdalinfo -stats", "本县范围内没有高程值", "请确认是否为本地高程数据 (gdalinfo -stats)"},
	"dem_heights": {SeverityError, "the values, {value}, are not heights of land in metres", "bring them to metres above the sea, or check that it is a terrain model", "数值 {value} 不是以米计的地面高程", "请换算为米, 或确认是否为高程模型"},
	"dem_covers":  {SeverityWarning, "it does not cover the county; walks beyond it are taken as level", "use a raster that reaches past the boundary, or join several with gdalwarp", "未覆盖全县; 未覆盖处按平地计算步行时间", "请使用覆盖县界的栅格, 或用 gdalwarp 拼接"},
	"dem_coarse":  {SeverityWarning, "its cells of {value} degrees are coarser than 500 m: slopes come out too gentle", "use a finer one, such as 30 m", "栅格 {value} 度, 粗于 500 米: 坡度会偏缓", "请使用更细的高程数据, 如 30 米"},

	"osm_skipped": {SeverityWarning, "{field} {value} was left out: {0}", "cut the extract a little wider, or mend the object in OpenStreetMap", "{field} {value} 未导入: {0}", "请扩大提取范围或在 OpenStreetMap 中修正"},

	// Roads and spans.
	"span_invalid":   {SeverityError, "from {0} to {1} is not a piece of the route, which is {2} m long", "check the chainage", "{0} 至 {1} 不在路线范围内 (全长 {2} 米)", "请核对桩号"},
	"span_ambiguous": {SeverityError, "{value} stands at more than one place of the route: {0}", "give the one that is meant as from_m and to_m along the route", "桩号 {value} 在路线上不唯一: {0}", "请改用 from_m、to_m 写明是哪一处"},
	"span_overlap":   {SeverityError, "the piece overlaps that of row {0}", "the pieces of a route may only touch", "与第 {0} 行路段重叠", "路段只能首尾相接"},
	"span_gap":       {SeverityError, "the pieces of route {value} leave {0} m uncovered", "give pieces from 0 to the end of the route", "路线 {value} 有 {0} 米未覆盖", "请给出从起点到终点的全部路段"},
	"store_refused":  {SeverityError, "the database refuses the rows: {0}", "check the rows named{1}", "数据库拒绝: {0}", "请检查所述记录{1}"},
}
