"""Texts for the person at the counter."""
