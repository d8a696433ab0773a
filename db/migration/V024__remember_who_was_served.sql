-- When WeChat last did what was asked of it for a merchant, and when it last refused it the feature:
-- look-ups and what passes the gateway leave no other trace.

alter table api_quota
  add column served_at timestamptz,
  add column refused_at timestamptz,
  -- WeChat's words then.
  add column refusal text;
