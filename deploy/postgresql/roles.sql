-- The roles that Yima runs under. Needs psql 15 and PostgreSQL 15, or newer. May be run again at any time; README.md beside
-- this file says when. Run it in Yima's own database as a superuser, or as an administrator with CREATEROLE:
--
--   YIMA_DATABASE_PASSWORD=… psql -d yima -v login=yima -f roles.sql
--
-- login                   the user that Yima connects as: migrates the schema, owns its tables. Default: yima
-- YIMA_DATABASE_PASSWORD  its password, from the environment so that no process list shows it. Left out: unchanged
\set ON_ERROR_STOP on
\if :{?login}
\else
  \set login yima
\endif
\getenv password YIMA_DATABASE_PASSWORD
SELECT current_setting('server_version_num')::int >= 160000 AS inherits_per_grant \gset

BEGIN;
SET LOCAL client_min_messages = warning;

SELECT set_config('yima.login', :'login', true) AS login \gset

-- What each of these may do to which table is said by the migrations. None of them can log in.
SELECT format('CREATE ROLE %I NOLOGIN', wanted.name)
  FROM (VALUES ('yima_api'), ('yima_worker')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) \gexec
SELECT format('CREATE ROLE %I LOGIN', :'login')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec

DO $$
DECLARE
  unbound text;
BEGIN
  SELECT string_agg(rolname, ', ') INTO unbound
    FROM pg_roles
   WHERE rolname IN ('yima_api', 'yima_worker', current_setting('yima.login')) AND (rolsuper OR rolbypassrls);
  IF unbound IS NOT NULL THEN
    RAISE EXCEPTION 'row level security does not bind %', unbound
      USING HINT = 'A superuser or a role with BYPASSRLS sees every tenant. Choose another login, or take that right away.';
  END IF;
END
$$;

\if :{?password}
ALTER ROLE :"login" PASSWORD :'password';
\endif

-- Each pool of Yima begins with SET ROLE to one of the two. Their rights must not be inherited: a policy holds for all who
-- inherit from its role, and the one that lets yima_worker see everything would hold for the tables' owner too.
\if :inherits_per_grant
GRANT yima_api, yima_worker TO :"login" WITH INHERIT FALSE, SET TRUE;
\else
ALTER ROLE :"login" NOINHERIT;
GRANT yima_api, yima_worker TO :"login";
\endif

SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'login') \gexec
GRANT USAGE, CREATE ON SCHEMA public TO :"login";
GRANT USAGE ON SCHEMA public TO yima_api, yima_worker;

-- Lets background work see whose old snapshot holds back vacuum; without it, sessions do not tell theirs.
DO $$
BEGIN
  GRANT pg_read_all_stats TO yima_worker;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'yima_worker may not read all statistics: only a superuser may grant it. Yima runs without it';
END
$$;

-- Reads every row of every tenant, for pg_dump --role=yima_backup. Yima's own login is deliberately no member.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yima_backup') THEN
    CREATE ROLE yima_backup NOLOGIN BYPASSRLS;
  END IF;
  GRANT pg_read_all_data TO yima_backup;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'yima_backup was not made: only a superuser may. Yima runs without it; see deploy/backup.md';
END
$$;

COMMIT;
