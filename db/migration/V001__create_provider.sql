-- A provider is a component app in WeChat and the tenant of everything else.
--
-- Two tables are the directory: they must be readable before a tenant is known, so they carry no
-- policy and nothing secret. All other tables with a provider_id force row level security: the API's
-- role sees the one provider its transaction named, the worker's role sees all, the owner sees none.

grant usage on schema public to yima_api, yima_worker;

create table provider (
  id              uuid        not null,
  component_appid text        not null,
  name            text        not null,
  status          text        not null,
  created_at      timestamptz not null,
  archived_at     timestamptz,
  version         integer     not null,
  constraint provider_pkey primary key (id),
  constraint provider_component_appid_key unique (component_appid),
  constraint provider_status_check check (status in ('ACTIVE', 'ARCHIVED'))
);

-- provider_id null: an operator's key. Only a hash of the secret is kept.
create table api_key (
  id                uuid        not null,
  provider_id       uuid,
  name              text        not null,
  prefix            text        not null,
  secret_sha256     bytea       not null,
  scopes            text[]      not null,
  authorizer_appids text[],
  created_at        timestamptz not null,
  expires_at        timestamptz,
  last_used_at      timestamptz,
  revoked_at        timestamptz,
  constraint api_key_pkey primary key (id),
  constraint api_key_secret_sha256_key unique (secret_sha256),
  constraint api_key_provider_fkey foreign key (provider_id) references provider (id)
);

create index api_key_provider_idx on api_key (provider_id, id);

-- The sealed secrets and the state of a provider's component app, 1:1 with provider.
create table component (
  provider_id               uuid        not null,
  component_appsecret       bytea       not null,
  message_token             bytea       not null,
  encoding_aes_key          bytea       not null,
  previous_encoding_aes_key bytea,
  return_url                text,
  verify_ticket             bytea,
  verify_ticket_create_time bigint,
  verify_ticket_received_at timestamptz,
  push_requested_at         timestamptz,
  access_token              bytea,
  access_token_expires_at   timestamptz,
  refreshed_at              timestamptz,
  next_refresh_at           timestamptz,
  generation                bigint      not null default 0,
  lease_owner               text,
  lease_until               timestamptz,
  attempts                  integer     not null default 0,
  last_error                jsonb,
  constraint component_pkey primary key (provider_id),
  constraint component_provider_fkey foreign key (provider_id) references provider (id)
);

create index component_next_refresh_at_idx on component (next_refresh_at);

alter table component enable row level security;
alter table component force row level security;
create policy component_api on component to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy component_worker on component to yima_worker using (true);

-- One sealed row that opens only with the keyset it was made with.
create table keyset_canary (
  id     smallint not null,
  sealed bytea    not null,
  constraint keyset_canary_pkey primary key (id),
  constraint keyset_canary_one_row_check check (id = 1)
);

grant select, insert, update on provider, api_key, component to yima_api, yima_worker;
grant select, insert on keyset_canary to yima_worker;
