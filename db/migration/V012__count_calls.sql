-- Calls are counted by merchant, interface and day in Shanghai, before they are made.

-- One row a merchant and interface, whose count begins anew with its day, so nothing piles up.
alter table api_quota
  alter column blocked_until drop not null,
  add column day date not null default '1970-01-01',
  add column calls bigint not null default 0,
  -- How many of the calls that a claim asked for last may be made: what that claim reads back.
  add column granted bigint not null default 0,
  -- What WeChat counted that day beyond our calls, when it was asked last.
  add column calls_elsewhere bigint not null default 0,
  -- How often in a row WeChat found calls too frequent; 0: blocked_until is the end of a day.
  add column slow_downs integer not null default 0,
  -- As WeChat told it last; null: nobody knows.
  add column daily_limit bigint,
  add constraint api_quota_calls_check check (calls >= 0),
  add constraint api_quota_granted_check check (granted >= 0),
  add constraint api_quota_calls_elsewhere_check check (calls_elsewhere between 0 and 1000000000000),
  add constraint api_quota_slow_downs_check check (slow_downs >= 0),
  add constraint api_quota_daily_limit_check check (daily_limit between 1 and 1000000000000),
  set (fillfactor = 70);

-- How many are blocked now, for the figures. A count changes none of this: it stays a HOT update.
create index api_quota_blocked_until_idx on api_quota (blocked_until)
  where blocked_until is not null;
