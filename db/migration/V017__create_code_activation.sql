-- Activations: ranges of codes bound to a product and a page, each split along WeChat's own ranges
-- and stored before WeChat is told.

create table code_activation (
  provider_id        uuid        not null,
  id                 uuid        not null,
  authorizer_appid   text        not null,
  isv_application_id text        not null,
  activity_name      text        not null,
  product_brand      text        not null,
  product_title      text        not null,
  product_code       text        not null,
  wxa_appid          text        not null,
  wxa_path           text        not null,
  wxa_type           smallint    not null,
  code_start         bigint      not null,
  code_end           bigint      not null,
  -- Whether it may bind codes anew that an earlier one has bound.
  replaces           boolean     not null,
  requested_by       text        not null,
  actor              text,
  requested_at       timestamptz not null,
  constraint code_activation_pkey primary key (provider_id, id),
  constraint code_activation_application_fkey
    foreign key (provider_id, authorizer_appid, isv_application_id)
    references code_application (provider_id, authorizer_appid, isv_application_id),
  constraint code_activation_wxa_type_check check (wxa_type between 0 and 2),
  constraint code_activation_range_check check (code_start >= 0 and code_end >= code_start)
);

create index code_activation_application_idx
  on code_activation (provider_id, authorizer_appid, isv_application_id, id);

alter table code_activation enable row level security;
alter table code_activation force row level security;
create policy code_activation_api on code_activation to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_activation_worker on code_activation to yima_worker using (true);

-- What is sent to WeChat in one call.
create table code_activation_slice (
  provider_id        uuid        not null,
  activation_id      uuid        not null,
  number             integer     not null,
  authorizer_appid   text        not null,
  isv_application_id text        not null,
  code_start         bigint      not null,
  code_end           bigint      not null,
  state              text        not null,
  -- When a call was about to start whose end nobody knows; null: WeChat did not do it, or it is over.
  sent_at            timestamptz,
  activated_at       timestamptz,
  -- WeChat will go on refusing until a person mends something.
  blocked            boolean     not null default false,
  next_attempt_at    timestamptz,
  generation         bigint      not null default 0,
  lease_owner        text,
  lease_until        timestamptz,
  attempts           integer     not null default 0,
  last_error         jsonb,
  constraint code_activation_slice_pkey primary key (provider_id, activation_id, number),
  constraint code_activation_slice_activation_fkey
    foreign key (provider_id, activation_id) references code_activation (provider_id, id),
  constraint code_activation_slice_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid),
  constraint code_activation_slice_state_check
    check (state in ('ACTIVATING', 'ACTIVATED', 'REJECTED', 'REPLACED')),
  constraint code_activation_slice_next_attempt_at_check
    check ((state = 'ACTIVATING') = (next_attempt_at is not null)),
  constraint code_activation_slice_activated_at_check
    check ((state = 'ACTIVATED') = (activated_at is not null)),
  constraint code_activation_slice_range_check check (code_start >= 0 and code_end >= code_start)
) with (fillfactor = 80);

-- By application: what overlaps, and what is activated altogether.
create index code_activation_slice_application_idx
  on code_activation_slice (provider_id, authorizer_appid, isv_application_id, code_start);

-- What has no next_attempt_at is over and leaves these indexes.
create index code_activation_slice_next_attempt_at_idx
  on code_activation_slice (next_attempt_at) where next_attempt_at is not null;

create index code_activation_slice_turn_idx
  on code_activation_slice (provider_id, timezone('UTC', next_attempt_at))
  where next_attempt_at is not null;

create index code_activation_slice_failing_idx
  on code_activation_slice (next_attempt_at)
  where next_attempt_at is not null and (attempts > 0 or blocked);

alter table code_activation_slice enable row level security;
alter table code_activation_slice force row level security;
create policy code_activation_slice_api on code_activation_slice to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_activation_slice_worker on code_activation_slice to yima_worker using (true);

grant select, insert on code_activation to yima_api, yima_worker;
grant select, insert, update on code_activation_slice to yima_api, yima_worker;
