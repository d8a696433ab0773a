-- The audit trail: who did what through the API. Append-only, because a trail that its subjects can
-- change proves nothing; only the background's purge removes what is older than the retention.
--
-- Reads of a token are one row per key, actor, merchant and minute. The row's id is made of these, so
-- that the nodes that served them add up in it: count and last_at are all that ever changes.

create table audit_event (
  provider_id      uuid        not null,
  id               uuid        not null,
  at               timestamptz not null,
  last_at          timestamptz not null,
  count            bigint      not null,
  action           text        not null,
  authorizer_appid text,
  object           text,
  -- Null: the operator's bootstrap key, which no table knows.
  key_id           uuid,
  key_name         text        not null,
  actor            text,
  request_id       text        not null,
  node             text        not null,
  detail           text,
  constraint audit_event_pkey primary key (provider_id, id),
  constraint audit_event_provider_fkey foreign key (provider_id) references provider (id),
  constraint audit_event_count_check check (count > 0)
) with (fillfactor = 90);

-- The operator's list, newest first: of all providers, of one, of one merchant and of one key.
create index audit_event_at_idx on audit_event (at desc, id desc);

create index audit_event_provider_at_idx on audit_event (provider_id, at desc, id desc);

create index audit_event_authorizer_at_idx
  on audit_event (authorizer_appid, at desc, id desc) where authorizer_appid is not null;

create index audit_event_key_at_idx on audit_event (key_id, at desc, id desc) where key_id is not null;

-- Reads of tokens outnumber everything else by far: whoever asks for something else need not pass them.
create index audit_event_change_at_idx
  on audit_event (at desc, id desc) where action <> 'token.read';

alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy audit_event_api on audit_event to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy audit_event_worker on audit_event to yima_worker using (true);

grant select, insert, update (count, last_at) on audit_event to yima_api, yima_worker;
grant delete on audit_event to yima_worker;
