-- When WeChat last refused a component token before its end, and how many in a row lived a few
-- minutes only: another system fetches tokens for the same app.

alter table component add column rejected_at timestamptz;
alter table component add column rejections integer not null default 0;
