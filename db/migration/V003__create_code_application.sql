-- The ledger: one row for every application for codes, stored before WeChat is asked, and its
-- append-only history.

create table code_application (
  provider_id        uuid        not null,
  authorizer_appid   text        not null,
  isv_application_id text        not null,
  code_count         bigint      not null,
  label              text,
  state              text        not null,
  application_id     bigint,
  status             text,
  code_generate_list jsonb       not null default '[]',
  create_time        text,
  update_time        text,
  requested_by       text        not null,
  actor              text,
  requested_at       timestamptz not null,
  -- When a call that may have reached WeChat was first about to start; null: nothing was ever sent.
  first_sent_at      timestamptz,
  submitted_at       timestamptz,
  finished_at        timestamptz,
  -- When anything last came nearer to the end; what "stuck" is computed from, with blocked.
  progressed_at      timestamptz not null,
  -- WeChat will go on refusing until a person mends something.
  blocked            boolean     not null default false,
  next_sync_at       timestamptz,
  generation         bigint      not null default 0,
  lease_owner        text,
  lease_until        timestamptz,
  attempts           integer     not null default 0,
  last_error         jsonb,
  bucket             smallint    not null,
  constraint code_application_pkey primary key (provider_id, authorizer_appid, isv_application_id),
  constraint code_application_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid),
  constraint code_application_state_check
    check (state in ('SUBMITTING', 'SUBMITTED', 'FINISHED', 'REJECTED', 'WITHDRAWN')),
  constraint code_application_submitted_check
    check ((state in ('SUBMITTED', 'FINISHED')) = (application_id is not null)),
  constraint code_application_code_count_check check (code_count between 10000 and 20000000),
  constraint code_application_bucket_check check (bucket between 0 and 255)
) with (fillfactor = 80);

create unique index code_application_application_id_key
  on code_application (provider_id, application_id) where application_id is not null;

-- What has no next_sync_at is over and leaves the index.
create index code_application_next_sync_at_idx
  on code_application (next_sync_at) where next_sync_at is not null;

-- The lists, newest first: of a provider, and of one of its merchants.
create index code_application_requested_at_idx
  on code_application (provider_id, requested_at desc, authorizer_appid, isv_application_id);

create index code_application_authorizer_requested_at_idx
  on code_application (provider_id, authorizer_appid, requested_at desc, isv_application_id);

alter table code_application enable row level security;
alter table code_application force row level security;
create policy code_application_api on code_application to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_application_worker on code_application to yima_worker using (true);

create table code_application_event (
  id                 uuid        not null,
  provider_id        uuid        not null,
  authorizer_appid   text        not null,
  isv_application_id text        not null,
  at                 timestamptz not null,
  kind               text        not null,
  from_state         text,
  to_state           text,
  errcode            integer,
  errmsg             text,
  rid                text,
  detail             text,
  actor              text,
  node               text        not null,
  constraint code_application_event_pkey primary key (provider_id, id),
  constraint code_application_event_application_fkey
    foreign key (provider_id, authorizer_appid, isv_application_id)
    references code_application (provider_id, authorizer_appid, isv_application_id)
);

create index code_application_event_application_idx
  on code_application_event (provider_id, authorizer_appid, isv_application_id, id);

alter table code_application_event enable row level security;
alter table code_application_event force row level security;
create policy code_application_event_api on code_application_event to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_application_event_worker on code_application_event to yima_worker using (true);

-- Until when WeChat will refuse an interface for a merchant because its daily quota is used up.
create table api_quota (
  provider_id      uuid        not null,
  authorizer_appid text        not null,
  api              text        not null,
  blocked_until    timestamptz not null,
  constraint api_quota_pkey primary key (provider_id, authorizer_appid, api),
  constraint api_quota_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid)
);

alter table api_quota enable row level security;
alter table api_quota force row level security;
create policy api_quota_api on api_quota to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy api_quota_worker on api_quota to yima_worker using (true);

grant select, insert, update on code_application, api_quota to yima_api, yima_worker;
-- Append-only: nobody changes or removes what happened.
grant select, insert on code_application_event to yima_api, yima_worker;
