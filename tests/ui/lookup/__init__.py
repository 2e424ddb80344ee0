"""Look-up page."""
