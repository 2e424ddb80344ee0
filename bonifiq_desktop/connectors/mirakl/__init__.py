"""Connector of the Mirakl Marketplace seller API."""
