"""A made-up second version of the ledger's schema: the upgrade is tested before there is one to make."""

VERSION_2 = """
ALTER TABLE operations ADD COLUMN label TEXT NOT NULL DEFAULT '';

CREATE TABLE labels (
    operation_id INTEGER PRIMARY KEY REFERENCES operations (id),
    label TEXT NOT NULL
) STRICT;

CREATE INDEX labels_by_text ON labels (label);

INSERT INTO labels SELECT id, kind || ' ' || order_id FROM operations;

UPDATE operations SET label = kind;
"""
