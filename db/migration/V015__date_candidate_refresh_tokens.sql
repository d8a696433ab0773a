-- When WeChat was asked for what brought the candidate: one that comes late, or that an older page of
-- WeChat's list tells, does not replace a newer one. Null where an earlier release kept it.
alter table authorizer_token add column candidate_asked_at timestamptz;
