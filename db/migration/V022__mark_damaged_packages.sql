-- A package whose stored content turned out to be damaged falls due again: what can still be read of
-- it stays readable until another takes its place.

alter table code_package
  -- When a reader last found that its content is not what was stored; null: never.
  add column damaged_at timestamptz,
  drop constraint code_package_next_attempt_at_check,
  add constraint code_package_next_attempt_at_check
    check (state = 'PENDING' or next_attempt_at is null or damaged_at is not null);

-- The damaged chunks make room in the transaction that stores others.
grant delete on code_package_chunk to yima_worker;
