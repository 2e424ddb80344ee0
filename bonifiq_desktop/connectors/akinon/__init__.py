"""Connector of the Akinon Omnitron integration API."""
