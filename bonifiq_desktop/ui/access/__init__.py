"""Sign-in, lock, approval and staff dialogs."""
