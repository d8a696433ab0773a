-- What failed or waits is counted twice a minute: found by an index, not by reading a million rows
-- of which few are such. A claim changes no column named here, so it stays a HOT update.

create index authorizer_token_failing_idx on authorizer_token (next_refresh_at)
  where attempts > 0;

create index authorizer_reauthorization_required_idx on authorizer (provider_id)
  where status = 'REAUTHORIZATION_REQUIRED';

create index code_application_failing_idx on code_application (next_sync_at)
  where next_sync_at is not null and (attempts > 0 or blocked);
