"""Settings page and its cards."""
