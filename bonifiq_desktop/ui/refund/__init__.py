"""Refund and whole-cancel pages."""
