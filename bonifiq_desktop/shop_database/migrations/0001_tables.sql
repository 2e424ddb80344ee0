-- Tables of the shop database. Every one belongs to bonifiq_owner, and its rows are under FORCE ROW LEVEL SECURITY.
-- session_user is the till's role inside the SECURITY DEFINER functions, too.
-- Every function names pg_temp last in its search_path: it would else come first, and a type that a till made there,
-- such as a domain `json` with a CHECK, would run the till's code with the rights of bonifiq_owner.

-- newest: the highest number of a versioned function (`push_v1`); oldest_supported: the lowest that still works.
CREATE TABLE bonifiq.contract (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    newest int NOT NULL,
    oldest_supported int NOT NULL CHECK (oldest_supported BETWEEN 1 AND newest)
);

INSERT INTO bonifiq.contract (newest, oldest_supported) VALUES (1, 1);

-- role: the till's login. enrolled_at: when the till took its access into use, until enrol_until at the latest.
CREATE TABLE bonifiq.members (
    shop text NOT NULL CHECK (shop <> ''),
    till text NOT NULL CHECK (till <> ''),
    role text NOT NULL UNIQUE,
    enrol_until timestamptz NOT NULL,
    enrolled_at timestamptz,
    removed_at timestamptz,
    PRIMARY KEY (shop, till)
);

-- One unbroken chain of a till. id: made by the till, so that asking twice for a number is harmless.
CREATE TABLE bonifiq.incarnations (
    shop text NOT NULL,
    till text NOT NULL,
    incarnation int NOT NULL CHECK (incarnation > 0),
    id text NOT NULL,
    head_seq bigint NOT NULL DEFAULT 0,
    head_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    last_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shop, till, incarnation),
    UNIQUE (shop, till, id)
) WITH (fillfactor = 50);

-- The log. customer: the till's number of the customer that a change is about, so that an erasure finds it.
CREATE TABLE bonifiq.changes (
    shop text NOT NULL,
    till text NOT NULL,
    incarnation int NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    version int NOT NULL,
    previous bytea NOT NULL,
    body text NOT NULL,
    sealed bytea,
    sealed_sha256 bytea NOT NULL,
    hash bytea NOT NULL,
    customer bigint,
    PRIMARY KEY (shop, till, incarnation, seq)
);

CREATE INDEX changes_with_sealed_record ON bonifiq.changes (shop, till, incarnation, customer) WHERE sealed IS NOT NULL;

-- The order of an operation whose outcome was not told yet; later changes of it do not repeat the order.
CREATE TABLE bonifiq.open_operations (
    shop text NOT NULL,
    till text NOT NULL,
    uid text NOT NULL,
    order_hash bytea NOT NULL,
    PRIMARY KEY (shop, till, uid)
);

-- The newest change by which an incarnation finished an operation on an order. uids: what it finished there, so that a
-- claim that arrives after the outcome does not stay for ever.
CREATE TABLE bonifiq.outcomes (
    shop text NOT NULL,
    order_hash bytea NOT NULL,
    till text NOT NULL,
    incarnation int NOT NULL,
    seq bigint NOT NULL,
    uids text[] NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shop, order_hash, till, incarnation)
);

-- Who has an order now. uids: the operations that must end before it is free.
CREATE TABLE bonifiq.claims (
    shop text NOT NULL,
    order_hash bytea NOT NULL,
    till text NOT NULL,
    incarnation int NOT NULL,
    uids text[] NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shop, order_hash)
);

-- Operations whose order another till took over. They stay: their till learns of it whenever it asks next.
CREATE TABLE bonifiq.lost_claims (
    shop text NOT NULL,
    uid text NOT NULL,
    taken_by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shop, uid)
);

-- The log only grows. An erasure empties a sealed record, and changes nothing else.
CREATE FUNCTION bonifiq.refuse_change_of_log() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND new.sealed IS NULL THEN
        old.sealed := NULL;
        IF new IS NOT DISTINCT FROM old THEN
            RETURN new;
        END IF;
    END IF;
    RAISE EXCEPTION 'a change of the log is never altered';
END
$$;

CREATE TRIGGER log_stays BEFORE UPDATE OR DELETE ON bonifiq.changes
    FOR EACH ROW EXECUTE FUNCTION bonifiq.refuse_change_of_log();

-- The shop and the till of the session's role; NULL unless it is enrolled and was not removed.
CREATE FUNCTION bonifiq.my_shop() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT shop FROM bonifiq.members
        WHERE role = session_user::text AND enrolled_at IS NOT NULL AND removed_at IS NULL
$$;

CREATE FUNCTION bonifiq.my_till() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT till FROM bonifiq.members
        WHERE role = session_user::text AND enrolled_at IS NOT NULL AND removed_at IS NULL
$$;

-- Row-level security: a till reads its shop's rows. The functions write its own rows, though their owner owns them all.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['members', 'incarnations', 'changes', 'open_operations', 'outcomes', 'claims',
                                'lost_claims'] LOOP
        EXECUTE format('ALTER TABLE bonifiq.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE bonifiq.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY administrator ON bonifiq.%I TO bonifiq_admin USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['incarnations', 'changes', 'outcomes', 'claims', 'lost_claims'] LOOP
        EXECUTE format('CREATE POLICY own_shop_is_read ON bonifiq.%I FOR SELECT TO bonifiq_owner, bonifiq_tills '
                       'USING (shop = (SELECT bonifiq.my_shop()))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['incarnations', 'changes', 'open_operations', 'outcomes', 'claims'] LOOP
        EXECUTE format('CREATE POLICY own_till_is_added ON bonifiq.%I FOR INSERT TO bonifiq_owner '
                       'WITH CHECK (shop = (SELECT bonifiq.my_shop()) AND till = (SELECT bonifiq.my_till()))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['incarnations', 'open_operations', 'outcomes'] LOOP
        EXECUTE format('CREATE POLICY own_till_is_changed ON bonifiq.%I FOR UPDATE TO bonifiq_owner '
                       'USING (shop = (SELECT bonifiq.my_shop()) AND till = (SELECT bonifiq.my_till()))', name);
    END LOOP;
END
$$;

CREATE POLICY own_row ON bonifiq.members TO bonifiq_owner, bonifiq_tills USING (role = session_user::text);

CREATE POLICY own_till_is_read ON bonifiq.open_operations FOR SELECT TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop()) AND till = (SELECT bonifiq.my_till()));

CREATE POLICY own_till_is_closed ON bonifiq.open_operations FOR DELETE TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop()) AND till = (SELECT bonifiq.my_till()));

-- A claim changes hands towards the session's till only, and only its holder ends it.
CREATE POLICY own_shop_is_taken_over ON bonifiq.claims FOR UPDATE TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop())) WITH CHECK (till = (SELECT bonifiq.my_till()));

CREATE POLICY own_till_is_released ON bonifiq.claims FOR DELETE TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop()) AND till = (SELECT bonifiq.my_till()));

CREATE POLICY own_taking_is_added ON bonifiq.lost_claims FOR INSERT TO bonifiq_owner
    WITH CHECK (shop = (SELECT bonifiq.my_shop()) AND taken_by = (SELECT bonifiq.my_till()));

CREATE POLICY own_shop_is_decided ON bonifiq.lost_claims FOR DELETE TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop()));

-- The trigger `log_stays` leaves nothing to change but sealed records; an erasure reaches those of every till.
CREATE POLICY own_shop_is_erased ON bonifiq.changes FOR UPDATE TO bonifiq_owner
    USING (shop = (SELECT bonifiq.my_shop()));

GRANT USAGE ON SCHEMA bonifiq TO bonifiq_tills, bonifiq_admin;

GRANT SELECT ON bonifiq.contract, bonifiq.members, bonifiq.incarnations, bonifiq.changes, bonifiq.claims
    TO bonifiq_tills, bonifiq_admin;

GRANT SELECT ON bonifiq.migrations, bonifiq.open_operations, bonifiq.outcomes, bonifiq.lost_claims TO bonifiq_admin;

GRANT INSERT, UPDATE ON bonifiq.members TO bonifiq_admin;

-- For a till that is removed: its customers' records, and claims for operations that it never told.
GRANT UPDATE (sealed) ON bonifiq.changes TO bonifiq_admin;

GRANT DELETE ON bonifiq.claims TO bonifiq_admin;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bonifiq FROM PUBLIC;

GRANT EXECUTE ON FUNCTION bonifiq.my_shop(), bonifiq.my_till() TO bonifiq_tills, bonifiq_admin;
