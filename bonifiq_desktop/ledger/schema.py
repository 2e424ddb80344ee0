"""Numbered steps from an empty file to today's ledger. A step that was released is never edited; a new one is added.

Steps import nothing from the program, so that they mean the same for ever.
"""

FIRST = """
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE orders_seen (
    order_key TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    first_total INTEGER NOT NULL,
    largest_total INTEGER NOT NULL,
    last_total INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    customer TEXT,
    document_hash TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
) STRICT;

CREATE INDEX orders_by_document ON orders_seen (document_hash, last_seen_at) WHERE document_hash IS NOT NULL;

-- Whose data is to go, however long the history has grown: nothing is read where nothing is due.
CREATE INDEX customers_seen ON orders_seen (last_seen_at)
    WHERE customer IS NOT NULL OR document_hash IS NOT NULL;

-- order_key: the normal form of order_id, by which orders are compared; order_id is what is shown and sent.
-- account: the shop for which it was registered. key_index: the running number in the CancelKey.
CREATE TABLE operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'cancel', 'completion')),
    intent TEXT UNIQUE,
    order_id TEXT NOT NULL,
    order_key TEXT NOT NULL,
    account TEXT NOT NULL,
    cancel_key TEXT CHECK ((cancel_key IS NOT NULL) = (kind = 'refund')),
    key_index INTEGER,
    reference TEXT,
    value INTEGER NOT NULL CHECK (value >= 0),
    state TEXT NOT NULL CHECK (state IN
        ('queued', 'sending', 'unknown', 'review', 'confirmed', 'refused', 'withdrawn', 'not_applied')),
    evidence TEXT,
    doubt TEXT,
    reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    trouble TEXT,
    bonus TEXT,
    api_status INTEGER CHECK (api_status BETWEEN 0 AND 4),
    lines TEXT NOT NULL DEFAULT '[]',
    snapshot TEXT,
    customer TEXT,
    document_hash TEXT,
    path TEXT NOT NULL,
    body BLOB,
    body_sha256 TEXT NOT NULL,
    seal TEXT NOT NULL,
    check_first INTEGER NOT NULL DEFAULT 0 CHECK (check_first IN (0, 1)),
    contradicted INTEGER NOT NULL DEFAULT 0 CHECK (contradicted IN (0, 1)),
    tries_from INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    settled_at TEXT
) STRICT;

-- While one operation of an order is unfinished, no other one may start.
CREATE UNIQUE INDEX one_unfinished ON operations (order_key)
    WHERE state IN ('queued', 'sending', 'unknown', 'review');

-- One intention, one key: only what was closed negatively may be intended again with the same key.
CREATE UNIQUE INDEX one_key ON operations (order_key, cancel_key)
    WHERE cancel_key IS NOT NULL AND state NOT IN ('refused', 'withdrawn', 'not_applied');

-- A sale's number names one sale.
CREATE UNIQUE INDEX one_sale ON operations (order_key)
    WHERE kind = 'sale' AND state NOT IN ('refused', 'withdrawn', 'not_applied');

-- And a pending sale is completed once.
CREATE UNIQUE INDEX one_completion ON operations (order_key)
    WHERE kind = 'completion' AND state NOT IN ('refused', 'withdrawn', 'not_applied');

CREATE INDEX operations_by_order ON operations (order_key);

CREATE INDEX contradicted_operations ON operations (id) WHERE contradicted;

CREATE INDEX customers_settled ON operations (settled_at)
    WHERE settled_at IS NOT NULL AND (customer IS NOT NULL OR document_hash IS NOT NULL);

CREATE INDEX sales_by_document ON operations (document_hash) WHERE document_hash IS NOT NULL;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL REFERENCES operations (id),
    cancel_key TEXT,
    key_index INTEGER,
    key_used INTEGER NOT NULL DEFAULT 0 CHECK (key_used IN (0, 1)),
    home TEXT,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    may_have_left INTEGER NOT NULL DEFAULT 1 CHECK (may_have_left IN (0, 1)),
    outcome TEXT,
    trouble TEXT,
    code TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX attempts_by_operation ON attempts (operation_id);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL REFERENCES operations (id),
    at TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    evidence TEXT,
    doubt TEXT,
    note TEXT NOT NULL DEFAULT '',
    who TEXT NOT NULL DEFAULT '',
    approved_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX events_by_operation ON events (operation_id);

-- A final state never changes, nor what it says and rests on.
CREATE TRIGGER final_stays
    BEFORE UPDATE OF id, kind, order_id, order_key, account, cancel_key, key_index, value, state, evidence,
        created_at, settled_at ON operations
    WHEN old.state IN ('confirmed', 'refused', 'withdrawn', 'not_applied')
BEGIN
    SELECT raise(ABORT, 'a final state never changes');
END;

CREATE TRIGGER operations_stay BEFORE DELETE ON operations
BEGIN
    SELECT raise(ABORT, 'an operation is never deleted');
END;
"""

SEARCH = """
-- Part of an order's number or of a key, found without reading the whole history: which operations hold three
-- characters in a row, whatever their case. It only says where to look; the operation's own row has the last word.
-- Neither where in the text they stand nor how long it is: that would make it three times as large, for nothing.
-- The program keeps it up to date, not a trigger: SQLite before 3.41 lets none use it unless it trusts every schema.
CREATE VIRTUAL TABLE search USING fts5(
    order_id, cancel_key,
    content = 'operations', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0
);

INSERT INTO search (search) VALUES ('rebuild');
"""

MIGRATIONS: tuple[str, ...] = (FIRST, SEARCH)
