"""Look-up page and order card."""
