-- Objects in a directory or bucket that no package names: noted before they are put there, and
-- forgotten when a package names them. What a crash leaves behind is found here and deleted.

create table code_package_object (
  provider_id uuid        not null,
  -- As the package would name it.
  place       text        not null,
  -- From when on nobody needs it any more, or until when somebody is at deleting it.
  delete_at   timestamptz not null,
  -- It may be deleted at any moment: no package may come to name it.
  doomed      boolean     not null default false,
  constraint code_package_object_pkey primary key (provider_id, place),
  constraint code_package_object_provider_fkey foreign key (provider_id) references provider (id)
);

create index code_package_object_delete_at_idx on code_package_object (delete_at);

alter table code_package_object enable row level security;
alter table code_package_object force row level security;
create policy code_package_object_api on code_package_object to yima_api
  using (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid))
  with check (provider_id = (select nullif(current_setting('yima.provider', true), '')::uuid));
create policy code_package_object_worker on code_package_object to yima_worker using (true);

grant select, insert, update, delete on code_package_object to yima_worker;
grant select on code_package_object to yima_api;
