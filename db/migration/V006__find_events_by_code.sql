-- The browser's redirect and the pushed event carry one authorization code. When the event was
-- faster, its row tells the redirect whose code it was.

alter table callback_inbox add column code_sha256 bytea;

create index callback_inbox_code_sha256_idx
  on callback_inbox (provider_id, code_sha256) where code_sha256 is not null;
