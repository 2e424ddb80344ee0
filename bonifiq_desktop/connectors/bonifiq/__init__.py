"""Connector of the BonifiQ Private API."""
