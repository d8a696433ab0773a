-- Background work is claimed in turns, so that no provider's backlog delays another's, and tokens
-- that callers ask for come before those that nobody misses.

-- Whether callers ask for this token: set when one does, cleared by a refresh when none did for an
-- hour. last_used_at itself stays out of the index: every use would cost a HOT update.
alter table authorizer_token add column in_use boolean not null default false;

create index authorizer_token_turn_idx on authorizer_token (provider_id, in_use, next_refresh_at);

create index code_application_turn_idx
  on code_application (provider_id, next_sync_at) where next_sync_at is not null;
