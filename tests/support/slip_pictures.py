"""Slips for tests, and comparisons and readings of their pictures."""
