"""Requests of the connectors against schema-driven mock servers; `make mocks`."""
