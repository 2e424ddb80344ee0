-- The functions of contract 1. SQLSTATEs that they raise: BQ001 another history, BQ002 a hole, BQ003 not a member,
-- BQ004 an older incarnation, BQ005 malformed.

-- Raise BQ003 unless the session's role is an enrolled till.
CREATE FUNCTION bonifiq.require_member(OUT shop text, OUT till text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    shop := bonifiq.my_shop();
    till := bonifiq.my_till();
    IF shop IS NULL THEN
        RAISE EXCEPTION 'role % is no enrolled till of this shop database', session_user USING ERRCODE = 'BQ003';
    END IF;
END
$$;

-- Take a fresh access into use. A second call refuses, so that an enrolment file works once.
CREATE FUNCTION bonifiq.enrol_v1() RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    member record;
BEGIN
    UPDATE bonifiq.members SET enrolled_at = clock_timestamp()
        WHERE role = session_user::text AND enrolled_at IS NULL AND removed_at IS NULL AND enrol_until > now()
        RETURNING shop, till INTO member;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the enrolment of role % was used, ended or was withdrawn', session_user
            USING ERRCODE = 'BQ003';
    END IF;
    RETURN json_build_object('shop', member.shop, 'till', member.till);
END
$$;

-- Lock the head of the session's incarnation, and note that its till was heard.
-- Raise BQ004 for one that is not the newest.
CREATE FUNCTION bonifiq.lock_head(p_shop text, p_till text, p_incarnation int, OUT head_seq bigint, OUT head_hash bytea)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest int;
BEGIN
    UPDATE bonifiq.incarnations AS i SET last_seen = clock_timestamp()
        WHERE i.shop = p_shop AND i.till = p_till AND i.incarnation = p_incarnation
        RETURNING i.head_seq, i.head_hash INTO head_seq, head_hash;
    SELECT max(i.incarnation) INTO newest FROM bonifiq.incarnations AS i WHERE i.shop = p_shop AND i.till = p_till;
    IF newest > p_incarnation THEN
        RAISE EXCEPTION 'incarnation % of till % ended when incarnation % began', p_incarnation, p_till, newest
            USING ERRCODE = 'BQ004';
    ELSIF head_seq IS NULL THEN
        RAISE EXCEPTION 'incarnation % of till % was never begun', p_incarnation, p_till USING ERRCODE = 'BQ005';
    END IF;
END
$$;

-- The answer to a till that connects. p_incarnation: 0 before it has one.
CREATE FUNCTION bonifiq.hello_v1(p_incarnation int) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record := bonifiq.require_member();
    head record;
BEGIN
    UPDATE bonifiq.incarnations AS i SET last_seen = clock_timestamp()
        WHERE i.shop = me.shop AND i.till = me.till AND i.incarnation = p_incarnation
        RETURNING i.head_seq, i.head_hash INTO head;
    RETURN json_build_object(
        'shop', me.shop, 'till', me.till,
        'head_seq', coalesce(head.head_seq, 0),
        'head_hash', encode(coalesce(head.head_hash, decode(repeat('00', 32), 'hex')), 'hex'),
        'newest_incarnation', (SELECT coalesce(max(i.incarnation), 0) FROM bonifiq.incarnations AS i
                                   WHERE i.shop = me.shop AND i.till = me.till),
        'newest', (SELECT newest FROM bonifiq.contract),
        'oldest_supported', (SELECT oldest_supported FROM bonifiq.contract));
END
$$;

-- The number of the incarnation with this id, which begins now unless it began before.
-- p_number: the lowest number that fits. A restored database, or a fail-over, may have lost incarnations whose changes
-- other tills have already: an old number with another chain would break their mirrors.
CREATE FUNCTION bonifiq.begin_incarnation_v1(p_id text, p_number int DEFAULT 0) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record := bonifiq.require_member();
    number int;
BEGIN
    IF p_id IS NULL OR p_id !~ '^[0-9a-f]{16,64}$' THEN
        RAISE EXCEPTION 'an incarnation needs an id of 16 to 64 hexadecimal digits' USING ERRCODE = 'BQ005';
    ELSIF p_number IS NULL OR p_number NOT BETWEEN 0 AND 1000000 THEN
        RAISE EXCEPTION 'an incarnation needs a number up to 1000000' USING ERRCODE = 'BQ005';
    END IF;
    PERFORM 1 FROM bonifiq.members WHERE role = session_user::text FOR UPDATE;  -- two at once get two numbers
    SELECT i.incarnation INTO number FROM bonifiq.incarnations AS i
        WHERE i.shop = me.shop AND i.till = me.till AND i.id = p_id;
    IF number IS NULL THEN
        INSERT INTO bonifiq.incarnations (shop, till, incarnation, id)
            SELECT me.shop, me.till, greatest(coalesce(max(i.incarnation), 0) + 1, p_number), p_id
                FROM bonifiq.incarnations AS i WHERE i.shop = me.shop AND i.till = me.till
            RETURNING incarnation INTO number;
        -- The till tells anew which customers it has: no later erasure would reach these records.
        UPDATE bonifiq.changes AS c SET sealed = NULL
            WHERE c.shop = me.shop AND c.till = me.till AND c.incarnation < number AND c.sealed IS NOT NULL;
        -- A claim for what was never told, as by a copy that a person gave up, would have no end.
        DELETE FROM bonifiq.claims AS c
            WHERE c.shop = me.shop AND c.till = me.till AND c.incarnation < number AND NOT EXISTS (
                SELECT 1 FROM bonifiq.open_operations AS o
                WHERE o.shop = c.shop AND o.till = c.till AND o.uid = ANY (c.uids)
            );
    END IF;
    RETURN number;
END
$$;

-- How far the database knows each incarnation of the shop's tills, and how long it has heard nothing of it.
CREATE FUNCTION bonifiq.heads_v1()
    RETURNS TABLE (till text, incarnation int, seq bigint, hash bytea, silent_seconds int)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record := bonifiq.require_member();
BEGIN
    RETURN QUERY SELECT i.till, i.incarnation, i.head_seq, i.head_hash,
            greatest(0, extract(epoch FROM clock_timestamp() - i.last_seen))::int
        FROM bonifiq.incarnations AS i WHERE i.shop = me.shop ORDER BY i.till, i.incarnation;
END
$$;

-- The hash of a change, as `domain.shop_database.change_hash`.
CREATE FUNCTION bonifiq.change_hash(p_previous bytea, p_version int, p_body text, p_sealed_sha256 bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(p_previous || int4send(p_version) || p_sealed_sha256 || convert_to(p_body, 'UTF8'))
$$;

-- Names an order in one system in 16 bytes. BonifiQ knows the shop once, though tills set up with different tokens may
-- give it different accounts.
CREATE FUNCTION bonifiq.order_hash(p_system text, p_account text, p_order_key text) RETURNS bytea
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT substring(sha256(convert_to(p_system || chr(31)
        || CASE p_system WHEN 'bonifiq' THEN '' ELSE p_account END || chr(31) || p_order_key, 'UTF8')) FOR 16)
$$;

-- Remember the order of an open operation; end its claim and note the outcome of a finished one.
CREATE FUNCTION bonifiq.note_operation(p_shop text, p_till text, p_incarnation int, p_seq bigint, p_body json)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told_uid text := p_body ->> 'uid';
    told_order bytea;
BEGIN
    IF told_uid IS NULL OR p_body ->> 'state' IS NULL THEN
        RAISE EXCEPTION 'change % of till % names no operation, or no state', p_seq, p_till USING ERRCODE = 'BQ005';
    END IF;
    IF p_body ->> 'kind' = 'operation' THEN
        told_order := bonifiq.order_hash(p_body #>> '{row,system}', p_body #>> '{row,account}',
                                         p_body #>> '{row,order_key}');
        IF told_order IS NULL THEN
            RAISE EXCEPTION 'change % of till % names no order', p_seq, p_till USING ERRCODE = 'BQ005';
        END IF;
    ELSE
        SELECT o.order_hash INTO told_order FROM bonifiq.open_operations AS o
            WHERE o.shop = p_shop AND o.till = p_till AND o.uid = told_uid;
    END IF;
    IF told_order IS NULL THEN  -- a later word on a finished operation
        RETURN;
    END IF;
    IF p_body ->> 'state' NOT IN ('confirmed', 'refused', 'withdrawn', 'not_applied') THEN
        INSERT INTO bonifiq.open_operations (shop, till, uid, order_hash) VALUES (p_shop, p_till, told_uid, told_order)
            ON CONFLICT DO NOTHING;
        RETURN;
    END IF;
    DELETE FROM bonifiq.open_operations AS o WHERE o.shop = p_shop AND o.till = p_till AND o.uid = told_uid;
    INSERT INTO bonifiq.outcomes AS o (shop, order_hash, till, incarnation, seq, uids)
        VALUES (p_shop, told_order, p_till, p_incarnation, p_seq, ARRAY[told_uid])
        ON CONFLICT (shop, order_hash, till, incarnation) DO UPDATE
            SET seq = excluded.seq, uids = array_append(array_remove(o.uids, told_uid), told_uid),
                at = excluded.at;
    UPDATE bonifiq.claims AS c SET uids = array_remove(c.uids, told_uid)
        WHERE c.shop = p_shop AND c.order_hash = told_order AND c.till = p_till AND told_uid = ANY (c.uids);
    DELETE FROM bonifiq.claims AS c
        WHERE c.shop = p_shop AND c.order_hash = told_order AND c.till = p_till AND c.uids = '{}';
END
$$;

-- Raise BQ005 unless the parts of a push fit together.
CREATE FUNCTION bonifiq.require_well_formed(
    p_first_seq bigint, p_versions int[], p_bodies text[], p_sealed bytea[], p_sealed_sha256 bytea[], p_hashes bytea[]
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    many int := coalesce(cardinality(p_bodies), 0);
BEGIN
    IF p_first_seq IS NULL OR p_first_seq < 1 OR many NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'a push has 1 to 1000 changes, the first of them numbered from 1' USING ERRCODE = 'BQ005';
    ELSIF (cardinality(p_versions), cardinality(p_sealed), cardinality(p_sealed_sha256), cardinality(p_hashes))
            IS DISTINCT FROM (many, many, many, many) THEN
        RAISE EXCEPTION 'the columns of a push differ in length' USING ERRCODE = 'BQ005';
    ELSIF EXISTS (SELECT 1 FROM unnest(p_versions, p_bodies, p_sealed, p_sealed_sha256, p_hashes)
                          AS t (version, body, sealed, sealed_sha256, hash)
                      WHERE version IS NULL OR version < 1 OR body IS NULL OR sealed_sha256 IS NULL OR hash IS NULL
                          OR octet_length(sealed_sha256) <> 32 OR octet_length(hash) <> 32
                          OR octet_length(body) > 16777216 OR octet_length(sealed) > 1048576
                          OR sealed IS NOT NULL AND sha256(sealed) <> sealed_sha256) THEN
        RAISE EXCEPTION 'a change lacks a part or is too large, or its sealed record has another hash'
            USING ERRCODE = 'BQ005';
    END IF;
END
$$;

-- Raise BQ001 unless a change that was told before is told in the same bytes. An erased record may be missing.
CREATE FUNCTION bonifiq.require_repeat(
    p_shop text, p_till text, p_incarnation int, p_seq bigint, p_version int, p_body text, p_sealed_sha256 bytea,
    p_hash bytea
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM bonifiq.changes AS c
        WHERE c.shop = p_shop AND c.till = p_till AND c.incarnation = p_incarnation AND c.seq = p_seq
            AND c.version = p_version AND c.body = p_body AND c.sealed_sha256 = p_sealed_sha256 AND c.hash = p_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'change % of till % differs from the one that was stored before', p_seq, p_till
            USING ERRCODE = 'BQ001';
    END IF;
END
$$;

-- Add changes of the session's till to its log; return the new head. The first may repeat what is stored.
CREATE FUNCTION bonifiq.push_v1(
    p_incarnation int, p_first_seq bigint, p_versions int[], p_bodies text[], p_sealed bytea[],
    p_sealed_sha256 bytea[], p_hashes bytea[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record := bonifiq.require_member();
    head record;
    chain bytea;
    stored bigint;
    seq bigint;
    told json;
    erased record;
BEGIN
    PERFORM bonifiq.require_well_formed(p_first_seq, p_versions, p_bodies, p_sealed, p_sealed_sha256, p_hashes);
    SELECT * INTO head FROM bonifiq.lock_head(me.shop, me.till, p_incarnation);
    IF p_first_seq > head.head_seq + 1 THEN
        RAISE EXCEPTION 'change % of till % is missing before change %', head.head_seq + 1, me.till, p_first_seq
            USING ERRCODE = 'BQ002';
    END IF;
    stored := head.head_seq;
    chain := head.head_hash;
    FOR i IN 1 .. cardinality(p_bodies) LOOP
        seq := p_first_seq + i - 1;
        IF seq <= stored THEN
            PERFORM bonifiq.require_repeat(me.shop, me.till, p_incarnation, seq, p_versions[i], p_bodies[i],
                                           p_sealed_sha256[i], p_hashes[i]);
            CONTINUE;
        ELSIF bonifiq.change_hash(chain, p_versions[i], p_bodies[i], p_sealed_sha256[i]) <> p_hashes[i] THEN
            RAISE EXCEPTION 'change % of till % does not follow the change stored before it', seq, me.till
                USING ERRCODE = 'BQ001';
        END IF;
        told := p_bodies[i]::json;
        INSERT INTO bonifiq.changes (shop, till, incarnation, seq, version, previous, body, sealed, sealed_sha256, hash,
                                     customer)
            VALUES (me.shop, me.till, p_incarnation, seq, p_versions[i], chain, p_bodies[i], p_sealed[i],
                    p_sealed_sha256[i], p_hashes[i],
                    CASE WHEN told ->> 'kind' = 'customer' THEN (told ->> 'id')::bigint END);
        IF told ->> 'kind' IN ('operation', 'state') THEN
            PERFORM bonifiq.note_operation(me.shop, me.till, p_incarnation, seq, told);
        ELSIF told ->> 'kind' = 'customer_erased' THEN
            UPDATE bonifiq.changes AS c SET sealed = NULL
                WHERE c.shop = me.shop AND c.till = me.till AND c.incarnation = p_incarnation
                    AND c.customer = (told ->> 'id')::bigint AND c.sealed IS NOT NULL;
        ELSIF told ->> 'kind' = 'erasure' THEN  -- records: [till, incarnation, customer] of the same person elsewhere
            FOR erased IN SELECT r ->> 0 AS till, (r ->> 1)::int AS incarnation, (r ->> 2)::bigint AS customer
                              FROM json_array_elements(told -> 'records') AS r LOOP
                UPDATE bonifiq.changes AS c SET sealed = NULL
                    WHERE c.shop = me.shop AND c.till = erased.till AND c.incarnation = erased.incarnation
                        AND c.customer = erased.customer AND c.sealed IS NOT NULL;
            END LOOP;
        END IF;
        chain := p_hashes[i];
    END LOOP;
    IF seq > stored THEN
        UPDATE bonifiq.incarnations AS i SET head_seq = seq, head_hash = chain
            WHERE i.shop = me.shop AND i.till = me.till AND i.incarnation = p_incarnation;
        PERFORM bonifiq.announce(me.shop, me.till);
    END IF;
    RETURN greatest(seq, stored);
EXCEPTION WHEN data_exception THEN
    RAISE EXCEPTION 'the body of change % of till % is malformed: %', seq, me.till, SQLERRM USING ERRCODE = 'BQ005';
END
$$;

-- Tell the tills that listen. An engine without notices is no fault: every till also asks at intervals.
CREATE FUNCTION bonifiq.announce(p_shop text, p_till text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('bonifiq_' || md5(p_shop), p_till);
EXCEPTION WHEN undefined_function OR feature_not_supported THEN
    NULL;
END
$$;

-- What other tills, and earlier incarnations of this one, did to an order; the newest first.
CREATE FUNCTION bonifiq.outcomes_elsewhere(p_shop text, p_till text, p_incarnation int, p_order_hash bytea) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object('till', o.till, 'incarnation', o.incarnation, 'seq', o.seq)
                                 ORDER BY o.at DESC), '[]')
        FROM bonifiq.outcomes AS o
        WHERE o.shop = p_shop AND o.order_hash = p_order_hash AND (o.till, o.incarnation) <> (p_till, p_incarnation)
$$;

-- The answer to a claim. p_holder: empty when the order is the session's till's.
CREATE FUNCTION bonifiq.claim_answer(
    p_holder text, p_since timestamptz, p_silent_since timestamptz, p_was_ours boolean, p_outcomes json
) RETURNS json LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object(
        'holder', p_holder,
        'since_seconds', greatest(0, coalesce(extract(epoch FROM clock_timestamp() - p_since), 0))::int,
        'silent_seconds', greatest(0, coalesce(extract(epoch FROM clock_timestamp() - p_silent_since), 0))::int,
        'was_ours', p_was_ours, 'outcomes', p_outcomes)
$$;

-- Claim an order for an operation. p_over: operations that hold no order any more, since they are finished or a person
-- released it; this one's own included.
CREATE FUNCTION bonifiq.claim_v1(
    p_incarnation int, p_system text, p_account text, p_order_key text, p_uid text, p_over text[]
) RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record := bonifiq.require_member();
    claimed bytea := bonifiq.order_hash(p_system, p_account, p_order_key);
    held record;
BEGIN
    IF num_nulls(claimed, p_uid, p_over) > 0 OR p_uid = '' THEN
        RAISE EXCEPTION 'a claim names a system, an account, an order and an operation' USING ERRCODE = 'BQ005';
    END IF;
    PERFORM bonifiq.lock_head(me.shop, me.till, p_incarnation);
    IF EXISTS (SELECT 1 FROM bonifiq.outcomes AS o WHERE o.shop = me.shop AND o.order_hash = claimed
                   AND o.till = me.till AND o.incarnation = p_incarnation AND p_uid = ANY (o.uids)) THEN
        -- Its claim would never end. A restored ledger asks so, whose person would have it sent once more.
        RETURN json_build_object('holder', '', 'since_seconds', 0, 'silent_seconds', 0, 'outcomes', '[]'::json,
                                 'is_finished', true);
    END IF;
    IF p_uid = ANY (p_over) THEN
        DELETE FROM bonifiq.lost_claims AS l WHERE l.shop = me.shop AND l.uid = p_uid;
    ELSIF EXISTS (SELECT 1 FROM bonifiq.lost_claims AS l WHERE l.shop = me.shop AND l.uid = p_uid) THEN
        RETURN bonifiq.claim_answer('', NULL, NULL, true,
                                    bonifiq.outcomes_elsewhere(me.shop, me.till, p_incarnation, claimed));
    END IF;
    LOOP
        INSERT INTO bonifiq.claims (shop, order_hash, till, incarnation, uids)
            VALUES (me.shop, claimed, me.till, p_incarnation, ARRAY[p_uid]) ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT * INTO held FROM bonifiq.claims AS c WHERE c.shop = me.shop AND c.order_hash = claimed FOR UPDATE;
        CONTINUE WHEN NOT FOUND;  -- it ended meanwhile
        -- An operation that was not told may be of another copy of this till, which tells another history: neither
        -- does it join the claim of those that were, nor they its own.
        IF held.till = me.till AND (p_uid = ANY (held.uids) OR held.incarnation = p_incarnation
                AND (SELECT array_agg(o.uid) FROM bonifiq.open_operations AS o
                         WHERE o.shop = me.shop AND o.till = me.till AND o.uid = ANY (array_append(held.uids, p_uid)))
                    @> array_append(held.uids, p_uid)) THEN
            UPDATE bonifiq.claims AS c
                SET incarnation = p_incarnation, uids = array_append(array_remove(c.uids, p_uid), p_uid)
                WHERE c.shop = me.shop AND c.order_hash = claimed;
        ELSIF held.uids <@ p_over THEN
            -- Nothing is lost of what this till has told as its own: it had another name.
            INSERT INTO bonifiq.lost_claims (shop, uid, taken_by)
                SELECT me.shop, u.uid, me.till FROM unnest(held.uids) AS u (uid)
                    WHERE u.uid <> p_uid AND NOT EXISTS (
                        SELECT 1 FROM bonifiq.open_operations AS o
                            WHERE o.shop = me.shop AND o.till = me.till AND o.uid = u.uid)
                ON CONFLICT DO NOTHING;
            UPDATE bonifiq.claims AS c
                SET till = me.till, incarnation = p_incarnation, uids = ARRAY[p_uid], since = clock_timestamp()
                WHERE c.shop = me.shop AND c.order_hash = claimed;
        ELSE
            RETURN bonifiq.claim_answer(
                held.till, held.since, (SELECT max(i.last_seen) FROM bonifiq.incarnations AS i
                                            WHERE i.shop = me.shop AND i.till = held.till),
                false, bonifiq.outcomes_elsewhere(me.shop, me.till, p_incarnation, claimed));
        END IF;
        EXIT;
    END LOOP;
    RETURN bonifiq.claim_answer('', NULL, NULL, false,
                                bonifiq.outcomes_elsewhere(me.shop, me.till, p_incarnation, claimed));
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bonifiq FROM PUBLIC;

GRANT EXECUTE ON FUNCTION bonifiq.enrol_v1(), bonifiq.hello_v1(int), bonifiq.begin_incarnation_v1(text, int),
    bonifiq.heads_v1(), bonifiq.push_v1(int, bigint, int[], text[], bytea[], bytea[], bytea[]),
    bonifiq.claim_v1(int, text, text, text, text, text[])
    TO bonifiq_tills;
