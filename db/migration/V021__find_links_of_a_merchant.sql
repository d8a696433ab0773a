-- Readiness shows a merchant's unused link again instead of making one a time.
create index authorization_link_biz_appid_idx
  on authorization_link (provider_id, biz_appid, expires_at) where biz_appid is not null;
