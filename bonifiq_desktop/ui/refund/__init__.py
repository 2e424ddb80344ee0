"""Refund and whole-cancel dialogs."""
