"""Faults and answer forms that tests and practice switch on."""
