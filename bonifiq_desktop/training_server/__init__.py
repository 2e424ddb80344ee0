"""A loyalty service on a real HTTP server, for training mode and tests.

The server answers as BonifiQ's documents say, keeps its own orders and balances, and injects faults on request. It
shares no code with the connectors: a misreading of the contract must not be on both sides (`docs/adr`).

Only training mode imports this package, because it loads Starlette, uvicorn and jsonschema.
"""
