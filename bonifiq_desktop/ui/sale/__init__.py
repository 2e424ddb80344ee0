"""Sale page and its form."""
