-- Checks now what is otherwise checked when the transaction ends; the last step, as it takes the revision too.
set constraints all immediate
