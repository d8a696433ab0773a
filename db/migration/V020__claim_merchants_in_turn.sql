-- Within a provider, merchants are claimed in turn, so that one merchant's batch of a thousand orders
-- does not delay another's ten: from merchant to merchant, and to the first that is due of each.
--
-- Due times as Shanghai's, so that no other index on a due time fits a query for this one.
create index code_application_merchant_turn_idx
  on code_application (provider_id, authorizer_appid, timezone('Asia/Shanghai', next_sync_at))
  where next_sync_at is not null;
