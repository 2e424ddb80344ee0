"""Time in which a registered refund or whole cancel can be taken back before its first byte leaves."""

UNDO_SECONDS = 4.0
"""On a monotonic clock, from the registration. A restart ends it: what is queued is then sent at once."""
