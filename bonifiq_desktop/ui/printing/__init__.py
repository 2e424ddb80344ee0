"""Printing in the window: preview, print jobs and what the screen says of them."""
