-- When a ticket that stays away is to be asked for, and what WeChat said when it was asked. A ticket
-- that arrives in time moves the due time before it is reached, so an idle node finds nothing.

alter table component add column next_ticket_check_at timestamptz;
alter table component add column push_error jsonb;

create index component_next_ticket_check_at_idx on component (next_ticket_check_at);
