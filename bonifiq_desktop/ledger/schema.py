"""The ledger's schema, as numbered migrations. A migration that was released is never edited; a new one is added.

Migrations import nothing from the rest of the program, so that they mean the same for ever.
"""

from bonifiq_desktop.ledger.shop_schema import SHOP_VERSION_1

VERSION_1 = """
CREATE TABLE metadata (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- A customer of orders here: one sealed record (AES-GCM), which opens only with the key from the keyring, in this row.
-- identity: keyed hash of the document, else of the e-mail, else of the phone. phone_hash: keyed hash of the phone.
-- No hash of a name: words are few enough to try them all. An id is never used again, so that no record moves.
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB NOT NULL,
    identity TEXT UNIQUE,
    phone_hash TEXT,
    seen_at TEXT NOT NULL
) STRICT;

CREATE INDEX customers_by_phone ON customers (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE INDEX customers_by_time ON customers (seen_at, id);

-- An order is known by its normal form in one connection of one system.
CREATE TABLE seen_orders (
    id INTEGER PRIMARY KEY,
    system TEXT NOT NULL,
    connection TEXT NOT NULL,
    order_key TEXT NOT NULL,
    order_id TEXT NOT NULL,
    first_total INTEGER NOT NULL,
    largest_total INTEGER NOT NULL,
    last_total INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    customer_id INTEGER,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    placed_at TEXT,
    UNIQUE (order_key, connection, system)
) STRICT;

CREATE INDEX seen_orders_by_customer ON seen_orders (customer_id, last_seen_at) WHERE customer_id IS NOT NULL;

-- Personal data by age: a purge reads only the rows that are due, however long the history is.
CREATE INDEX seen_orders_with_personal_data ON seen_orders (last_seen_at) WHERE customer_id IS NOT NULL;

-- For the search: the newest orders, and those of a day or a total.
CREATE INDEX seen_orders_by_time ON seen_orders (last_seen_at);

CREATE INDEX seen_orders_by_placement ON seen_orders (placed_at) WHERE placed_at IS NOT NULL;

CREATE INDEX seen_orders_by_total ON seen_orders (last_total, last_seen_at);

-- Two numbers of one purchase, each in a system of its own; stored in both directions.
CREATE TABLE order_links (
    order_key TEXT NOT NULL,
    other_key TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (order_key, other_key)
) STRICT, WITHOUT ROWID;

-- system, connection: the kind of remote system, and which one of that kind.
-- order_key: the normal form of order_id, by which orders are compared; order_id is what is shown and sent.
-- account: the shop for which it was registered. key_index: the running number in the CancelKey.
-- once_per_order: an order has one open or confirmed operation of this kind at most.
-- body_is_personal: the body names the customer, and is dropped as soon as the state is final.
-- A kind is a word that the program's specs know; the schema lists none, so that a new kind needs no migration.
-- return_id: common to the legs of one return, which are numbered from 1 in rows that follow each other; leg 0: no leg.
-- after_money: waits for the other legs. remote_line: the lines that the leg takes back, by the keys of its system.
-- value: in the smallest unit of currency; is_estimate: the system computes the amount itself.
-- baseline: what the system's records showed just before the first sending, and its hash.
-- evidence_id: the system's id of what it applied. remote_state: the last state of that, by the system's own word.
-- other_ids: further numbers of the order in its system, for the search.
-- changes_order: 0 where the order number is only the one that a sale will bear.
-- registered_by: as in its first event, for the index by person.
-- checkout_id: common to a redemption and to its end, a sale or a reversal; ends_checkout: it is such an end.
-- external_code: what a redemption gave for its sale, and what the sale's body then bears.
-- answer_sha256: the hash of evidence_id, external_code and external_product_id.
-- uid: names the registration at every till and in every copy of the ledger, for ever.
CREATE TABLE operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    system TEXT NOT NULL DEFAULT 'bonifiq',
    connection TEXT NOT NULL DEFAULT 'bonifiq',
    kind TEXT NOT NULL,
    intent_id TEXT UNIQUE,
    order_id TEXT NOT NULL,
    order_key TEXT NOT NULL,
    account TEXT NOT NULL,
    cancel_key TEXT,
    key_index INTEGER,
    reference TEXT,
    value INTEGER NOT NULL CHECK (value >= 0),
    state TEXT NOT NULL CHECK (state IN
        ('queued', 'sending', 'unknown', 'review', 'confirmed', 'refused', 'withdrawn', 'not_applied')),
    evidence TEXT,
    review_reason TEXT,
    reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    failure_reason TEXT,
    bonus TEXT,
    api_status INTEGER CHECK (api_status BETWEEN 0 AND 4),
    lines TEXT NOT NULL DEFAULT '[]',
    snapshot TEXT,
    customer_id INTEGER,
    method TEXT NOT NULL DEFAULT 'POST',
    path TEXT NOT NULL,
    body BLOB,
    body_sha256 TEXT NOT NULL,
    checksum TEXT NOT NULL,
    once_per_order INTEGER NOT NULL DEFAULT 0 CHECK (once_per_order IN (0, 1)),
    body_is_personal INTEGER NOT NULL DEFAULT 0 CHECK (body_is_personal IN (0, 1)),
    look_up_first INTEGER NOT NULL DEFAULT 0 CHECK (look_up_first IN (0, 1)),
    contradicted INTEGER NOT NULL DEFAULT 0 CHECK (contradicted IN (0, 1)),
    reviewed_attempt_id INTEGER NOT NULL DEFAULT 0,
    return_id TEXT NOT NULL DEFAULT '',
    leg INTEGER NOT NULL DEFAULT 0 CHECK (leg >= 0),
    after_money INTEGER NOT NULL DEFAULT 0 CHECK (after_money IN (0, 1)),
    remote_line TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT 'BRL',
    is_estimate INTEGER NOT NULL DEFAULT 0 CHECK (is_estimate IN (0, 1)),
    baseline TEXT NOT NULL DEFAULT '',
    baseline_sha256 TEXT NOT NULL DEFAULT '',
    evidence_id TEXT NOT NULL DEFAULT '',
    remote_state TEXT NOT NULL DEFAULT '',
    other_ids TEXT NOT NULL DEFAULT '',
    changes_order INTEGER NOT NULL DEFAULT 1 CHECK (changes_order IN (0, 1)),
    checkout_id TEXT NOT NULL DEFAULT '',
    ends_checkout INTEGER NOT NULL DEFAULT 0 CHECK (ends_checkout IN (0, 1)),
    external_code TEXT NOT NULL DEFAULT '',
    external_product_id TEXT NOT NULL DEFAULT '',
    answer_sha256 TEXT NOT NULL DEFAULT '',
    registered_by TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    settled_at TEXT
) STRICT;

-- While one operation of an order is unfinished, no other one may start in that connection, but for the other legs of
-- the same return. NULL, which equals nothing, stands for an operation that changes no order.
CREATE UNIQUE INDEX one_unfinished ON operations (order_key, connection, system, leg, nullif(changes_order, 0))
    WHERE state IN ('queued', 'sending', 'unknown', 'review');

CREATE TRIGGER one_return_at_a_time BEFORE INSERT ON operations
    WHEN new.changes_order AND EXISTS (
        SELECT 1 FROM operations o
        WHERE o.changes_order AND o.state IN ('queued', 'sending', 'unknown', 'review') AND o.order_key = new.order_key
        AND o.connection = new.connection AND o.system = new.system
        AND (new.return_id = '' OR o.return_id <> new.return_id)
    )
BEGIN
    SELECT raise(ABORT, 'an operation of the order is unfinished');
END;

-- One intention, one id: only a return that was closed negatively as a whole may be intended again under its id.
CREATE UNIQUE INDEX one_return ON operations (return_id, leg)
    WHERE return_id <> '' AND state NOT IN ('refused', 'withdrawn', 'not_applied');

-- One intention, one key: only what was closed negatively may be intended again with the same key.
CREATE UNIQUE INDEX one_key ON operations (order_key, cancel_key, connection, system)
    WHERE cancel_key IS NOT NULL AND state NOT IN ('refused', 'withdrawn', 'not_applied');

-- A sale's number names one sale, and a pending sale is completed once.
CREATE UNIQUE INDEX one_per_order ON operations (order_key, kind, connection, system)
    WHERE once_per_order AND state NOT IN ('refused', 'withdrawn', 'not_applied');

-- A checkout redeems once for ever, and has one end at most: a redeemed reward is used or undone, never both.
CREATE UNIQUE INDEX one_redemption ON operations (checkout_id) WHERE checkout_id <> '' AND NOT ends_checkout;

CREATE UNIQUE INDEX one_end ON operations (checkout_id)
    WHERE checkout_id <> '' AND ends_checkout AND state NOT IN ('refused', 'withdrawn', 'not_applied');

CREATE INDEX operations_by_checkout ON operations (checkout_id) WHERE checkout_id <> '';

CREATE INDEX operations_by_return ON operations (return_id) WHERE return_id <> '';

CREATE INDEX operations_by_order ON operations (order_key);

CREATE INDEX contradicted_operations ON operations (id) WHERE contradicted;

-- The history page: a filter's page is read by the last two, which lead to the newest ids of a kind in one connection;
-- its totals by the first one alone.
CREATE INDEX operations_by_time ON operations (created_at, kind, state, value, connection, system);

CREATE INDEX operations_by_kind ON operations (kind, connection, system);

CREATE INDEX operations_by_person ON operations (registered_by, kind, connection, system) WHERE registered_by <> '';

-- What the systems make of their refunds after they accepted them is read again for a while.
CREATE INDEX confirmed_returns ON operations (connection, system, settled_at)
    WHERE kind = 'return' AND state = 'confirmed';

CREATE INDEX settled_operations_with_personal_data ON operations (settled_at)
    WHERE settled_at IS NOT NULL AND customer_id IS NOT NULL;

CREATE INDEX operations_by_value ON operations (value);

CREATE INDEX operations_by_customer ON operations (customer_id) WHERE customer_id IS NOT NULL;

-- Those that were not settled within ten minutes by the clock, and some that were.
CREATE INDEX slow_operations ON operations (created_at, settled_at)
    WHERE substr(settled_at, 1, 15) > substr(created_at, 1, 15);

-- server_id: the address and account that the attempt was sent to; NULL where a restore only assumes an attempt.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL REFERENCES operations (id),
    cancel_key TEXT,
    key_index INTEGER,
    key_used INTEGER NOT NULL DEFAULT 0 CHECK (key_used IN (0, 1)),
    server_id TEXT,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    possibly_sent INTEGER NOT NULL DEFAULT 1 CHECK (possibly_sent IN (0, 1)),
    outcome TEXT,
    failure_reason TEXT,
    code TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX attempts_by_operation ON attempts (operation_id);

-- For the owner's question what could not be sent.
CREATE INDEX failed_attempts ON attempts (started_at, operation_id) WHERE outcome IN ('not_sent', 'unknown');

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL REFERENCES operations (id),
    at TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    evidence TEXT,
    review_reason TEXT,
    note TEXT NOT NULL DEFAULT '',
    registered_by TEXT NOT NULL DEFAULT '',
    approved_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX events_by_operation ON events (operation_id);

-- What persons decided: approvals, decisions, acknowledgements.
CREATE INDEX decisions_by_time ON events (at) WHERE evidence = 'person' OR approved_by <> '';

-- A final state never changes, nor what it says and rests on.
CREATE TRIGGER final_stays
    BEFORE UPDATE OF id, uid, system, connection, kind, order_id, order_key, account, cancel_key, key_index, value,
        state, evidence, created_at, settled_at, return_id, leg, after_money, remote_line, currency, is_estimate,
        baseline, baseline_sha256, evidence_id, checkout_id, external_code, external_product_id,
        registered_by ON operations
    WHEN old.state IN ('confirmed', 'refused', 'withdrawn', 'not_applied')
BEGIN
    SELECT raise(ABORT, 'a final state never changes');
END;

CREATE TRIGGER operations_stay BEFORE DELETE ON operations
BEGIN
    SELECT raise(ABORT, 'an operation is never deleted');
END;

-- Closed days, in the order of their closing. since, until: the moments between which the operations of the day were
-- registered. last_event: the newest event at the close; what comes after it is a late change.
-- chain: the hash of this row with `previous`, the chain of the record before. The number and the chain of the newest
-- record stand in the metadata, too (`last_close`), so that its loss shows.
CREATE TABLE closed_days (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    last_event INTEGER NOT NULL,
    record TEXT NOT NULL,
    previous TEXT NOT NULL,
    chain TEXT NOT NULL
) STRICT;

CREATE INDEX closed_days_by_time ON closed_days (since);

CREATE TRIGGER closed_days_stay BEFORE UPDATE ON closed_days
BEGIN
    SELECT raise(ABORT, 'a closed day never changes');
END;

CREATE TRIGGER closed_days_are_kept BEFORE DELETE ON closed_days
BEGIN
    SELECT raise(ABORT, 'a closed day is never deleted');
END;

-- A slip on its way to a printer. subject_kind, subject_id: what the slip is about; the slip itself is stored nowhere.
-- copy: 1 for the first that may be on paper. printer: the name or address that it goes to, empty for none.
-- 'queued': nothing was sent. 'sending' is committed before the first byte leaves.
CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    copy INTEGER NOT NULL CHECK (copy >= 1),
    printer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn')),
    failure TEXT,
    created_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE INDEX print_jobs_by_subject ON print_jobs (subject_kind, subject_id);

CREATE INDEX unfinished_print_jobs ON print_jobs (state, id) WHERE state IN ('queued', 'sending');

-- What may be on paper is never said not to be.
CREATE TRIGGER printed_stays BEFORE UPDATE OF subject_kind, subject_id, copy, state ON print_jobs
    WHEN old.state IN ('sent', 'uncertain', 'withdrawn')
BEGIN
    SELECT raise(ABORT, 'a printed job never changes');
END;

-- Part of an order's number, a key or an id, found without reading all the history: the index knows the operations with
-- three characters in a row, whatever their case. The operation's own row has the last word.
-- Without positions and lengths, which would make the index three times as large and are not used.
-- The program updates it, not a trigger: SQLite before 3.41 allows none to, unless it trusts every schema.
CREATE VIRTUAL TABLE search USING fts5(
    order_id, cancel_key, return_id, evidence_id, other_ids,
    content = 'operations', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0
);
"""

MIGRATIONS: tuple[str, ...] = (VERSION_1 + SHOP_VERSION_1,)
