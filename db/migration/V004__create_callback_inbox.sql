-- What WeChat pushed: stored before it is answered, handled after. The body is sealed, and erased
-- once it is handled where it holds a ticket or a code.

create table callback_inbox (
  id              uuid        not null,
  provider_id     uuid        not null,
  received_at     timestamptz not null,
  kind            text        not null,
  appid           text,
  create_time     bigint      not null,
  body_sha256     bytea       not null,
  body            bytea,
  next_attempt_at timestamptz,
  handled_at      timestamptz,
  outcome         text,
  generation      bigint      not null default 0,
  lease_owner     text,
  lease_until     timestamptz,
  attempts        integer     not null default 0,
  last_error      jsonb,
  constraint callback_inbox_pkey primary key (provider_id, id),
  constraint callback_inbox_body_sha256_key unique (provider_id, body_sha256),
  constraint callback_inbox_provider_fkey foreign key (provider_id) references provider (id)
);

create index callback_inbox_next_attempt_at_idx
  on callback_inbox (next_attempt_at) where next_attempt_at is not null;

create index callback_inbox_received_at_idx on callback_inbox (provider_id, received_at);

alter table callback_inbox enable row level security;
alter table callback_inbox force row level security;
create policy callback_inbox_api on callback_inbox to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy callback_inbox_worker on callback_inbox to yima_worker using (true);

grant select, insert on callback_inbox to yima_api;
grant select, insert, update, delete on callback_inbox to yima_worker;
