"""Sale page."""
