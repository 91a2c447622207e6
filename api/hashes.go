package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// hashes names attachments: several, or one without brackets round it.
type hashes []string

// UnmarshalJSON reads a list or a single hash.
func (h *hashes) UnmarshalJSON(body []byte) error {
	var one string
	if json.Unmarshal(body, &one) == nil {
		*h = nil
		if one != "" {
			*h = hashes{one}
		}
		return nil
	}
	return json.Unmarshal(body, (*[]string)(h))
}

// Schema describes both forms.
func (h hashes) Schema(huma.Registry) *huma.Schema {
	most := 64
	one := &huma.Schema{Type: huma.TypeString, MaxLength: &most}
	one.PrecomputeMessages()
	atMost := 50
	many := &huma.Schema{Type: huma.TypeArray, Items: one, MaxItems: &atMost}
	many.PrecomputeMessages()
	return &huma.Schema{OneOf: []*huma.Schema{one, many}, Description: "hashes of attachments"}
}
