"""The part of the ledger's schema that belongs to the shop database: told changes, and the other tills' operations."""

SHOP_VERSION_1 = """
-- The shop database (docs/shop-database.md). While this till takes part in one (`shop_incarnation` in the metadata),
-- triggers note each row whose content the next changes have to tell, and the transaction that changed it adds them.
-- waits_for: empty for a row that its own transaction tells; 'turn' for one of a history that is told in parts; 'keys'
-- for one that was told without what only the shop's key may seal. is_first: it was not told whole by this incarnation.
CREATE TABLE untold_rows (
    kind TEXT NOT NULL CHECK (kind IN ('operation', 'customer')),
    row_id INTEGER NOT NULL,
    waits_for TEXT NOT NULL DEFAULT '' CHECK (waits_for IN ('', 'turn', 'keys')),
    is_first INTEGER NOT NULL DEFAULT 0 CHECK (is_first IN (0, 1)),
    PRIMARY KEY (kind, row_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rows_to_tell_now ON untold_rows (kind, row_id) WHERE waits_for = '';

CREATE TRIGGER inserted_operation_is_untold AFTER INSERT ON operations
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    INSERT INTO untold_rows (kind, row_id, is_first) VALUES ('operation', new.id, 1);
    DELETE FROM untold_rows WHERE kind = 'customer' AND row_id = new.customer_id;
    INSERT INTO untold_rows (kind, row_id) SELECT 'customer', new.customer_id WHERE new.customer_id > 0;
END;

CREATE TRIGGER updated_operation_is_untold AFTER UPDATE ON operations
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    INSERT INTO untold_rows (kind, row_id) SELECT 'operation', new.id
        WHERE NOT EXISTS (SELECT 1 FROM untold_rows WHERE kind = 'operation' AND row_id = new.id);
    UPDATE untold_rows SET waits_for = '' WHERE kind = 'operation' AND row_id = new.id AND waits_for <> '';
    DELETE FROM untold_rows WHERE kind = 'customer' AND row_id = old.customer_id
        AND old.customer_id IS NOT new.customer_id;
    INSERT INTO untold_rows (kind, row_id) SELECT 'customer', old.customer_id
        WHERE old.customer_id > 0 AND old.customer_id IS NOT new.customer_id;
END;

CREATE TRIGGER updated_attempt_is_untold AFTER UPDATE ON attempts
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    INSERT INTO untold_rows (kind, row_id) SELECT 'operation', new.operation_id
        WHERE NOT EXISTS (SELECT 1 FROM untold_rows WHERE kind = 'operation' AND row_id = new.operation_id);
    UPDATE untold_rows SET waits_for = '' WHERE kind = 'operation' AND row_id = new.operation_id AND waits_for <> '';
END;

CREATE TRIGGER inserted_attempt_is_untold AFTER INSERT ON attempts
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    INSERT INTO untold_rows (kind, row_id) SELECT 'operation', new.operation_id
        WHERE NOT EXISTS (SELECT 1 FROM untold_rows WHERE kind = 'operation' AND row_id = new.operation_id);
    UPDATE untold_rows SET waits_for = '' WHERE kind = 'operation' AND row_id = new.operation_id AND waits_for <> '';
END;

CREATE TRIGGER updated_customer_is_untold AFTER UPDATE ON customers
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    DELETE FROM untold_rows WHERE kind = 'customer' AND row_id = new.id;
    INSERT INTO untold_rows (kind, row_id) VALUES ('customer', new.id);
END;

CREATE TRIGGER deleted_customer_is_untold AFTER DELETE ON customers
    WHEN EXISTS (SELECT 1 FROM metadata WHERE name = 'shop_incarnation')
BEGIN
    DELETE FROM untold_rows WHERE kind = 'customer' AND row_id = old.id;
    INSERT INTO untold_rows (kind, row_id) VALUES ('customer', old.id);
END;

-- What this till tells the shop, in order and without a hole: one chain for each incarnation, of which the newest is
-- here. previous, hash: as in `domain.shop_database.change_hash`. sealed: a customer's record under the shop's key, the
-- only column that an erasure empties; sealed_sha256, its hash, stays. customer_id: of a customer's changes.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    version INTEGER NOT NULL,
    previous BLOB NOT NULL,
    body TEXT NOT NULL,
    sealed BLOB,
    sealed_sha256 BLOB,
    hash BLOB NOT NULL,
    customer_id INTEGER
) STRICT;

CREATE INDEX changes_of_customers ON changes (customer_id) WHERE customer_id IS NOT NULL;

-- The other tills, and earlier incarnations of this one, as far as they are known here.
-- cursor, hash: the last change that was applied here. silent_seconds: how long the database had heard nothing of it at
-- synced_at, a moment by this till's clock. head_seq: how many changes of it the database had then.
CREATE TABLE shop_tills (
    id INTEGER PRIMARY KEY,
    till TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    cursor INTEGER NOT NULL DEFAULT 0,
    hash BLOB NOT NULL DEFAULT x'',
    head_seq INTEGER NOT NULL DEFAULT 0,
    silent_seconds INTEGER NOT NULL DEFAULT 0,
    synced_at TEXT NOT NULL DEFAULT '',
    UNIQUE (till, incarnation)
) STRICT;

-- A customer of another till. identity, phone_hash, sealed: under the shop's key, which is this till's key, too.
CREATE TABLE shop_customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    till_id INTEGER NOT NULL REFERENCES shop_tills (id),
    customer_id INTEGER NOT NULL,
    sealed BLOB,
    identity TEXT,
    phone_hash TEXT,
    seen_at TEXT NOT NULL,
    UNIQUE (till_id, customer_id)
) STRICT;

CREATE INDEX shop_customers_by_identity ON shop_customers (identity) WHERE identity IS NOT NULL;

CREATE INDEX shop_customers_by_time ON shop_customers (seen_at);

CREATE INDEX shop_customers_by_phone ON shop_customers (phone_hash) WHERE phone_hash IS NOT NULL;

-- An operation of another till, as its newest change told it. The outbox never reads this table.
-- attempts: their number. used_indexes: the running numbers of its keys that are used, as a JSON list. slip: the number
-- on its slips, which name an operation of their till.
CREATE TABLE shop_operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    till_id INTEGER NOT NULL REFERENCES shop_tills (id),
    seq INTEGER NOT NULL,
    system TEXT NOT NULL,
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    order_key TEXT NOT NULL,
    account TEXT NOT NULL,
    cancel_key TEXT,
    key_index INTEGER,
    used_indexes TEXT NOT NULL DEFAULT '[]',
    slip TEXT NOT NULL DEFAULT '',
    reference TEXT,
    value INTEGER NOT NULL CHECK (value >= 0),
    state TEXT NOT NULL,
    evidence TEXT,
    review_reason TEXT,
    reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    failure_reason TEXT,
    bonus TEXT,
    api_status INTEGER,
    lines TEXT NOT NULL DEFAULT '[]',
    snapshot TEXT,
    customer_id INTEGER,
    look_up_first INTEGER NOT NULL DEFAULT 0,
    contradicted INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    return_id TEXT NOT NULL DEFAULT '',
    leg INTEGER NOT NULL DEFAULT 0,
    after_money INTEGER NOT NULL DEFAULT 0,
    remote_line TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT 'BRL',
    is_estimate INTEGER NOT NULL DEFAULT 0,
    baseline TEXT NOT NULL DEFAULT '',
    evidence_id TEXT NOT NULL DEFAULT '',
    remote_state TEXT NOT NULL DEFAULT '',
    other_ids TEXT NOT NULL DEFAULT '',
    changes_order INTEGER NOT NULL DEFAULT 1,
    checkout_id TEXT NOT NULL DEFAULT '',
    ends_checkout INTEGER NOT NULL DEFAULT 0,
    external_code TEXT NOT NULL DEFAULT '',
    external_product_id TEXT NOT NULL DEFAULT '',
    registered_by TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    settled_at TEXT
) STRICT;

CREATE INDEX shop_operations_by_order ON shop_operations (order_key, connection, system);

CREATE INDEX shop_operations_by_slip ON shop_operations (slip) WHERE slip <> '';

CREATE INDEX shop_operations_by_return ON shop_operations (return_id) WHERE return_id <> '';

CREATE INDEX shop_operations_by_checkout ON shop_operations (checkout_id) WHERE checkout_id <> '';

CREATE INDEX shop_operations_by_time ON shop_operations (created_at, kind, state, value, connection, system);

CREATE INDEX shop_operations_by_till ON shop_operations (till_id, created_at);

CREATE INDEX shop_operations_by_customer ON shop_operations (till_id, customer_id) WHERE customer_id IS NOT NULL;

CREATE INDEX shop_operations_by_value ON shop_operations (value);

CREATE INDEX shop_operations_by_kind ON shop_operations (till_id, kind, connection, system, created_at);

CREATE INDEX shop_operations_by_person ON shop_operations (registered_by, kind, connection, system, created_at)
    WHERE registered_by <> '';

CREATE INDEX unfinished_shop_operations ON shop_operations (state, created_at)
    WHERE state IN ('queued', 'sending', 'unknown', 'review');

CREATE INDEX contradicted_shop_operations ON shop_operations (created_at) WHERE contradicted;

-- Other tills' operations whose order a person released to this till.
CREATE TABLE take_overs (
    uid TEXT PRIMARY KEY,
    decided_by TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Customers that a person had erased at another till, by their keyed hash, until this till has erased them, too.
-- until: of several erasures of one customer the latest; what this till saw of the customer after it stays.
CREATE TABLE due_erasures (
    identity TEXT PRIMARY KEY,
    until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The same for the operations of the other tills.
CREATE VIRTUAL TABLE shop_search USING fts5(
    order_id, cancel_key, return_id, evidence_id, other_ids,
    content = 'shop_operations', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0
);
"""
