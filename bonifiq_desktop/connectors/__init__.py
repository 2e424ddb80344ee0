"""Connectors of the remote systems behind one port, and what they share: HTTP, TLS, names, JSON."""
