-- Reads what the transaction that exported snapshot $1 reads.
set transaction snapshot $1
