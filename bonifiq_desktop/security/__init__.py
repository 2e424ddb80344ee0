"""Credentials, staff and the audit log."""
