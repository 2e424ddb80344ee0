"""Clients of the remote systems, behind one port."""
