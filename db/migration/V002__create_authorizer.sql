-- Merchants, their tokens, and the links that invite them.
--
-- An authorizer's row is never deleted: a revocation is a status, the history stays.

create table authorizer (
  provider_id            uuid        not null,
  authorizer_appid       text        not null,
  status                 text        not null,
  nick_name              text,
  principal_name         text,
  user_name              text,
  head_img               text,
  service_type           integer,
  verify_type            integer,
  account_status         integer,
  mini_program           boolean     not null,
  permission_sets        integer[]   not null,
  authorized_at          timestamptz not null,
  revoked_at             timestamptz,
  last_event_create_time bigint,
  profile_asked_at       timestamptz,
  -- The start of the last comparison in which WeChat's list had this merchant.
  listed_at              timestamptz,
  version                integer     not null,
  constraint authorizer_pkey primary key (provider_id, authorizer_appid),
  constraint authorizer_provider_fkey foreign key (provider_id) references provider (id),
  constraint authorizer_status_check
    check (status in ('ACTIVE', 'REVOKED', 'REAUTHORIZATION_REQUIRED'))
);

-- Whose profile was asked for longest ago.
create index authorizer_profile_asked_at_idx
  on authorizer (provider_id, profile_asked_at nulls first);

alter table authorizer enable row level security;
alter table authorizer force row level security;
create policy authorizer_api on authorizer to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy authorizer_worker on authorizer to yima_worker using (true);

-- Token state, apart from the wide profile because it is rewritten every two hours. A claim changes
-- only generation and lease, which no index and no partial predicate names: it stays a HOT update.
create table authorizer_token (
  provider_id             uuid        not null,
  authorizer_appid        text        not null,
  access_token            bytea,
  access_token_expires_at timestamptz,
  refresh_token           bytea,
  previous_refresh_token  bytea,
  candidate_refresh_token bytea,
  refreshed_at            timestamptz,
  next_refresh_at         timestamptz,
  generation              bigint      not null default 0,
  lease_owner             text,
  lease_until             timestamptz,
  attempts                integer     not null default 0,
  last_error              jsonb,
  last_used_at            timestamptz,
  bucket                  smallint    not null,
  constraint authorizer_token_pkey primary key (provider_id, authorizer_appid),
  constraint authorizer_token_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid),
  constraint authorizer_token_bucket_check check (bucket between 0 and 255)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0
);

create index authorizer_token_next_refresh_at_idx on authorizer_token (next_refresh_at);

alter table authorizer_token enable row level security;
alter table authorizer_token force row level security;
create policy authorizer_token_api on authorizer_token to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy authorizer_token_worker on authorizer_token to yima_worker using (true);

create table authorization_link (
  id           uuid        not null,
  provider_id  uuid        not null,
  auth_type    integer     not null,
  biz_appid    text,
  return_url   text,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  used_at      timestamptz,
  constraint authorization_link_pkey primary key (provider_id, id),
  constraint authorization_link_provider_fkey foreign key (provider_id) references provider (id)
);

alter table authorization_link enable row level security;
alter table authorization_link force row level security;
create policy authorization_link_api on authorization_link to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy authorization_link_worker on authorization_link to yima_worker using (true);

-- Where the comparison of our records with WeChat's list stands, one row a provider; page_offset -1
-- once the list is read.
create table reconciliation (
  provider_id       uuid        not null,
  next_reconcile_at timestamptz not null,
  -- The latest time at which somebody asked for a comparison.
  wanted_at         timestamptz,
  page_offset       integer     not null default 0,
  started_at        timestamptz,
  finished_at       timestamptz,
  generation        bigint      not null default 0,
  lease_owner       text,
  lease_until       timestamptz,
  attempts          integer     not null default 0,
  last_error        jsonb,
  constraint reconciliation_pkey primary key (provider_id),
  constraint reconciliation_provider_fkey foreign key (provider_id) references provider (id)
);

create index reconciliation_next_reconcile_at_idx on reconciliation (next_reconcile_at);

alter table reconciliation enable row level security;
alter table reconciliation force row level security;
create policy reconciliation_api on reconciliation to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy reconciliation_worker on reconciliation to yima_worker using (true);

grant select, insert, update on authorizer, authorizer_token, authorization_link, reconciliation
  to yima_api, yima_worker;
