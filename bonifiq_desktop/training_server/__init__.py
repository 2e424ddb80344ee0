"""A small shop behind a real HTTP server, for practice and for tests.

The server answers like BonifiQ as far as its behaviour is known, keeps its own books and can be told to fail in
chosen ways. It shares no code with the client on purpose: it is a second, independent reading of the contract.

Import it only where practice mode starts; it loads Starlette, uvicorn and jsonschema.
"""
