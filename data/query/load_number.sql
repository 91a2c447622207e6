-- Takes the revision of this transaction now, as its last step.
set constraints all immediate
