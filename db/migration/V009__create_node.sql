-- Which processes run, or ran, on this database: for operators to see. Nothing is decided by it;
-- whose a row is, leases alone say.

create table node (
  name       text        not null,
  version    text        not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null,
  stopped_at timestamptz,
  constraint node_pkey primary key (name)
);

grant select, insert, update, delete on node to yima_worker;
