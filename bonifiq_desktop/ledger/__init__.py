"""The ledger: a SQLite file with every operation, attempt and CancelKey of this till."""
