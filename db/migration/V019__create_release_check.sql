-- The release check (全网发布检测): what WeChat's probe accounts last asked of a platform, and how it was
-- answered, so that a provider sees before and after the button which probe it would fail.

create table release_check (
  provider_id      uuid        not null,
  authorizer_appid text        not null,
  probe            text        not null,
  received_at      timestamptz not null,
  -- Null: not answered (yet).
  answered_at      timestamptz,
  last_error       jsonb,
  constraint release_check_pkey primary key (provider_id, authorizer_appid, probe),
  constraint release_check_provider_fkey foreign key (provider_id) references provider (id),
  constraint release_check_probe_check check (probe in ('TEXT', 'EVENT', 'API'))
);

alter table release_check enable row level security;
alter table release_check force row level security;
create policy release_check_api on release_check to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy release_check_worker on release_check to yima_worker using (true);

grant select, insert, update on release_check to yima_api, yima_worker;
