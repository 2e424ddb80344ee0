"""Slips on paper: the picture of a slip, the printers, and the helper process that prints."""
