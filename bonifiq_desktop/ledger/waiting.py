"""Conditions of SQL: which operations the outbox of a connection works on, and when a leg of a return has its turn."""

# In the words of the index: SQLite then reads unfinished operations from it, however long the history is.
FROM_UNFINISHED_INDEX = "INDEXED BY one_unfinished WHERE state IN ('queued', 'sending', 'unknown', 'review')"
# Legs on one remote order are sent one after another; one in review holds up only its own line. Points wait for money,
# and the end of a checkout for its redemption.
IN_TURN = """NOT (o.leg > 0 AND EXISTS (
        SELECT 1 FROM operations e INDEXED BY one_unfinished
        WHERE e.state IN ('queued', 'sending', 'unknown', 'review') AND e.order_key = o.order_key
        AND e.connection = o.connection AND e.system = o.system AND e.id < o.id
        AND (e.state <> 'review' OR e.remote_line = o.remote_line)
    )) AND NOT (o.after_money AND EXISTS (
        SELECT 1 FROM operations m INDEXED BY one_unfinished
        WHERE m.state IN ('queued', 'sending', 'unknown', 'review') AND m.return_id = o.return_id AND m.id <> o.id
    )) AND NOT (o.checkout_id <> '' AND o.ends_checkout AND EXISTS (
        SELECT 1 FROM operations r INDEXED BY one_unfinished
        WHERE r.state IN ('queued', 'sending', 'unknown', 'review')
        AND r.checkout_id = o.checkout_id AND NOT r.ends_checkout
    ))"""
WAITING = f"""SELECT o.id FROM operations o
    {FROM_UNFINISHED_INDEX} AND o.state IN ('queued', 'unknown') AND o.system = ?3 AND o.connection = ?4"""
# The end of a checkout belongs to where its redemption was sent: elsewhere, its code and id name another one.
ELSEWHERE = """(o.account NOT IN ('', coalesce(?2, o.account)) OR EXISTS (
        SELECT 1 FROM attempts a WHERE a.operation_id = o.id AND a.possibly_sent AND a.server_id <> ?1
    ) OR (o.checkout_id <> '' AND o.ends_checkout AND EXISTS (
        SELECT 1 FROM operations r JOIN attempts a ON a.operation_id = r.id
        WHERE r.checkout_id = o.checkout_id AND r.checkout_id <> '' AND NOT r.ends_checkout
        AND a.possibly_sent AND a.server_id <> ?1
    )))"""
# Oldest first; a redemption or reversal before all others, because a customer waits at the counter.
ORDER = "ORDER BY o.changes_order, o.id"
