-- What a comparison with WeChat found to have changed of a merchant without a push: append-only.

create table authorizer_event (
  provider_id      uuid        not null,
  id               uuid        not null,
  authorizer_appid text        not null,
  at               timestamptz not null,
  kind             text        not null,
  -- As it stood here, and as WeChat told it.
  from_value       text        not null,
  to_value         text        not null,
  found_by         text        not null,
  node             text        not null,
  constraint authorizer_event_pkey primary key (provider_id, id),
  constraint authorizer_event_authorizer_fkey
    foreign key (provider_id, authorizer_appid) references authorizer (provider_id, authorizer_appid)
);

create index authorizer_event_authorizer_idx
  on authorizer_event (provider_id, authorizer_appid, id);

alter table authorizer_event enable row level security;
alter table authorizer_event force row level security;
create policy authorizer_event_api on authorizer_event to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy authorizer_event_worker on authorizer_event to yima_worker using (true);

-- Append-only: nobody changes or removes what happened.
grant select, insert on authorizer_event to yima_api, yima_worker;
