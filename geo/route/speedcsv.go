package route

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The columns of a table of speeds.
var speedColumns = []string{"class", "surface", "terrain", "season", "kmh", "factor"}

// speedFileMost is far above any table of speeds, in bytes.
const speedFileMost = 1 << 20

// plainNumber is how a speed or a factor is written.
var plainNumber = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,6})?$`)

// ParseSpeeds reads a table of speeds as CSV in UTF-8 with the columns class,
// surface, terrain, season, kmh and factor, in any order; each but one of the
// last two may be missing. An empty cell or * means all. The rows are laid over
// the defaults as [NewSpeedTable] does. An error names the row (the head is row
// 1), the column, the value and the mend.
func ParseSpeeds(r io.Reader) (SpeedTable, error) {
	text, err := io.ReadAll(io.LimitReader(r, speedFileMost+1))
	if err != nil {
		return SpeedTable{}, err
	}
	if len(text) > speedFileMost {
		return SpeedTable{}, fmt.Errorf("the table of speeds has more than %d MB; is it another file?", speedFileMost>>20)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	columns, err := speedHead(in)
	if err != nil {
		return SpeedTable{}, err
	}
	var rows []SpeedRow
	var lines []int
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return SpeedTable{}, fmt.Errorf("the table of speeds is no CSV: %w", err)
		}
		line, _ := in.FieldPos(0)
		row, err := speedCells(columns, cells, line)
		if err != nil {
			return SpeedTable{}, err
		}
		rows, lines = append(rows, row), append(lines, line)
	}
	table, err := NewSpeedTable(rows)
	if wrong := (*SpeedRowError)(nil); errors.As(err, &wrong) {
		return table, speedCellError(lines[wrong.Row], wrong.Column, wrong.Value, wrong.Mend)
	}
	return table, err
}

func speedCellError(row int, column, value, mend string) error {
	if len(value) > 40 {
		value = strings.ToValidUTF8(value[:40], "") + "..."
	}
	return fmt.Errorf("table of speeds, row %d, column %s, %q: %s", row, column, value, mend)
}

// speedHead reads which column is where.
func speedHead(in *csv.Reader) ([]string, error) {
	head, err := in.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the table of speeds is no CSV: %w", err)
	}
	for i := range head {
		head[i] = strings.ToLower(strings.TrimSpace(head[i]))
		if !slices.Contains(speedColumns, head[i]) {
			return nil, speedCellError(1, strconv.Itoa(i+1), head[i], "the columns are "+strings.Join(speedColumns, ", "))
		}
		if slices.Contains(head[:i], head[i]) {
			return nil, speedCellError(1, strconv.Itoa(i+1), head[i], "the column is there twice; keep one")
		}
	}
	if !slices.Contains(head, "kmh") && !slices.Contains(head, "factor") {
		return nil, speedCellError(1, "kmh", "", "the head has neither kmh nor factor; the columns are "+strings.Join(speedColumns, ", "))
	}
	return head, nil
}

// speedCells reads one row.
func speedCells(columns, cells []string, line int) (row SpeedRow, err error) {
	if len(cells) != len(columns) {
		return row, speedCellError(line, strconv.Itoa(min(len(cells), len(columns))+1), "",
			fmt.Sprintf("the row has %d cells, the head %d", len(cells), len(columns)))
	}
	words := map[string]*string{"class": &row.Class, "surface": &row.Surface, "terrain": &row.Terrain, "season": &row.Season}
	numbers := map[string]**float64{"kmh": &row.KMH, "factor": &row.Factor}
	for i, column := range columns {
		cell := strings.TrimSpace(cells[i])
		switch {
		case cell == "" || cell == "*" && words[column] != nil:
		case words[column] != nil:
			*words[column] = cell
		case !plainNumber.MatchString(cell):
			return row, speedCellError(line, column, cell, "write a number such as 20 or 0.75")
		default:
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return row, speedCellError(line, column, cell, "write a number such as 20 or 0.75")
			}
			*numbers[column] = &v
		}
	}
	return row, nil
}
