package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type withdrawalInput struct {
	ID   string `path:"id" maxLength:"30"`
	Body struct {
		Region string `json:"region" minLength:"1" maxLength:"64"`
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) routeWithdrawal(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "withdraw-operation", Method: http.MethodPost, Path: "/api/v1/roads/{id}/operation/withdraw", Tags: []string{"works"},
		Summary: "Take back the deed that made a route what it is now", Errors: writeErrors,
	}, s.withdrawOperation)
}

func (s *Server) withdrawOperation(ctx context.Context, in *withdrawalInput) (*wroteOutput, error) {
	_, road, err := s.roadForEdit(ctx, in.Body.Region, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	if err := needed("reason", &in.Body.Reason); err != nil {
		return nil, err
	}
	revision, err := s.works.ledger.WithdrawOperation(ctx, in.Body.Region, road.ID, in.Body.Reason, personOf(ctx).Login)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &road.ID, Revision: revision}}, nil
}
