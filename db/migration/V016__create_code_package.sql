-- Packages of codes: what WeChat hands out of a finished application, one row for each range it
-- named, and the merchant's key that opens them.

create table code_key (
  provider_id      uuid        not null,
  authorizer_appid text        not null,
  code_key         bytea       not null,
  set_at           timestamptz not null,
  requested_by     text        not null,
  actor            text,
  -- Which key it is: a turn that was made with a former one says nothing about this one.
  generation       bigint      not null default 1,
  -- When a package was first opened with it; null: nobody knows yet whether it is the right one.
  proved_at        timestamptz,
  constraint code_key_pkey primary key (provider_id, authorizer_appid),
  constraint code_key_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid)
);

alter table code_key enable row level security;
alter table code_key force row level security;
create policy code_key_api on code_key to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_key_worker on code_key to yima_worker using (true);

create table code_package (
  provider_id        uuid        not null,
  authorizer_appid   text        not null,
  isv_application_id text        not null,
  code_start         bigint      not null,
  code_end           bigint      not null,
  state              text        not null,
  -- Null: stored, or nobody wants it yet.
  next_attempt_at    timestamptz,
  generation         bigint      not null default 0,
  lease_owner        text,
  lease_until        timestamptz,
  -- It will go on failing until a person mends something.
  blocked            boolean     not null default false,
  attempts           integer     not null default 0,
  last_error         jsonb,
  stored_at          timestamptz,
  -- Of the rows as WeChat wrote them, in order of index and each ended by a line feed.
  byte_count         bigint,
  sha256             bytea,
  -- Seals the content, and is sealed itself.
  data_key           bytea,
  -- Where the content is: 'database', or an address in another store.
  place              text,
  -- Where each sealed chunk ends among all of them.
  chunk_ends         bigint[],
  constraint code_package_pkey
    primary key (provider_id, authorizer_appid, isv_application_id, code_start),
  constraint code_package_application_fkey
    foreign key (provider_id, authorizer_appid, isv_application_id)
    references code_application (provider_id, authorizer_appid, isv_application_id),
  constraint code_package_state_check check (state in ('PENDING', 'STORED')),
  constraint code_package_range_check check (code_start >= 0 and code_end >= code_start),
  constraint code_package_next_attempt_at_check
    check (state = 'PENDING' or next_attempt_at is null),
  constraint code_package_stored_check
    check ((state = 'STORED') = (stored_at is not null and byte_count is not null
      and sha256 is not null and data_key is not null and place is not null
      and chunk_ends is not null))
) with (fillfactor = 80);

-- What is stored, or wanted by nobody, is not in this index.
create index code_package_next_attempt_at_idx
  on code_package (next_attempt_at) where next_attempt_at is not null;

-- A merchant's packages that wait together for its key.
create index code_package_waiting_idx
  on code_package (provider_id, authorizer_appid) where next_attempt_at is not null;

alter table code_package enable row level security;
alter table code_package force row level security;
create policy code_package_api on code_package to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_package_worker on code_package to yima_worker using (true);

create table code_package_chunk (
  provider_id        uuid    not null,
  authorizer_appid   text    not null,
  isv_application_id text    not null,
  code_start         bigint  not null,
  number             integer not null,
  content            bytea   not null,
  constraint code_package_chunk_pkey
    primary key (provider_id, authorizer_appid, isv_application_id, code_start, number),
  constraint code_package_chunk_package_fkey
    foreign key (provider_id, authorizer_appid, isv_application_id, code_start)
    references code_package (provider_id, authorizer_appid, isv_application_id, code_start),
  constraint code_package_chunk_number_check check (number >= 0)
);

-- Sealed bytes do not become smaller.
alter table code_package_chunk alter column content set storage external;

alter table code_package_chunk enable row level security;
alter table code_package_chunk force row level security;
create policy code_package_chunk_api on code_package_chunk to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_package_chunk_worker on code_package_chunk to yima_worker using (true);

grant select, insert, update on code_key, code_package to yima_api, yima_worker;
-- Written once, with the row that says so.
grant select, insert on code_package_chunk to yima_worker;
grant select on code_package_chunk to yima_api;

-- What was finished before there were packages is fetched when somebody asks for it.
alter table code_application no force row level security;
alter table code_package no force row level security;
insert into code_package
  (provider_id, authorizer_appid, isv_application_id, code_start, code_end, state)
select a.provider_id, a.authorizer_appid, a.isv_application_id, (r.range ->> 'code_start')::bigint,
  max((r.range ->> 'code_end')::bigint), 'PENDING'
from code_application a cross join jsonb_array_elements(a.code_generate_list) as r (range)
where a.state = 'FINISHED'
group by 1, 2, 3, 4;
alter table code_application force row level security;
alter table code_package force row level security;
