-- Where a search of WeChat's list for a merchant's lost refresh token goes on with the next claim: a
-- claim has time for some of its pages only. Null while there is none to be searched for.

alter table authorizer_token add column search_offset integer;
