-- Roles without a login. Run by the administrator before the migrations; running it again changes nothing.
-- bonifiq_owner owns the tables and functions, bonifiq_tills may call them, bonifiq_admin adds and removes tills.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['bonifiq_owner', 'bonifiq_tills', 'bonifiq_admin'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted);
        END IF;
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN
            EXECUTE pg_catalog.format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
    EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO bonifiq_tills', current_database());
    -- A till needs no temporary tables, which could fill the disk.
    EXECUTE pg_catalog.format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

CREATE SCHEMA IF NOT EXISTS bonifiq AUTHORIZATION bonifiq_owner;

SET ROLE bonifiq_owner;

CREATE TABLE IF NOT EXISTS bonifiq.migrations (
    number int PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

RESET ROLE;
