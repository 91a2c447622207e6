-- What the answer to a retry needs beside the submission itself. The number was taken in this transaction.
update qiantu.submission set dispute = $3, revision = (select n from qiantu.revision) where county = $1 and id = $2
