-- What requests with an Idempotency-Key were answered, for a day, so that a repetition does nothing.
--
-- The id is a hash over API key, method, path and Idempotency-Key, which may be longer than an index
-- takes. The answer is sealed: it may hold a key that is shown once. What operators do for no tenant
-- has the nil UUID as its provider, hence no foreign key.

create table idempotency_key (
  provider_id   uuid        not null,
  id            text        not null,
  fingerprint   text        not null,
  generation    bigint      not null,
  -- While a request runs: until when its node may be at it.
  running_until timestamptz,
  answer        bytea,
  expires_at    timestamptz not null,
  constraint idempotency_key_pkey primary key (provider_id, id),
  constraint idempotency_key_answer_check check (answer is null or running_until is null)
);

create index idempotency_key_expires_at_idx on idempotency_key (provider_id, expires_at);

alter table idempotency_key enable row level security;
alter table idempotency_key force row level security;
create policy idempotency_key_api on idempotency_key to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy idempotency_key_worker on idempotency_key to yima_worker using (true);

grant select, insert, update on idempotency_key to yima_api;
grant select, insert, update, delete on idempotency_key to yima_worker;
