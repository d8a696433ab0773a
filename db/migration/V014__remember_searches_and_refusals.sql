-- Where a search of WeChat's list for a merchant's lost refresh token goes on with the next claim: a
-- claim has time for some of its pages only. Null while there is none to be searched for.
alter table authorizer_token add column search_offset integer;

-- When WeChat last refused a component token before its end, and how many in a row lived a few
-- minutes only: another system fetches tokens for the same app.
alter table component add column rejected_at timestamptz;
alter table component add column rejections integer not null default 0;
