-- Due times as UTC, so that no other index on a due time fits a query for this one: PostgreSQL would
-- choose by statistics, which are wrong just when much is due.

drop index authorizer_token_turn_idx;
create index authorizer_token_turn_idx
  on authorizer_token (provider_id, in_use, timezone('UTC', next_refresh_at));

drop index code_application_turn_idx;
create index code_application_turn_idx
  on code_application (provider_id, timezone('UTC', next_sync_at)) where next_sync_at is not null;
