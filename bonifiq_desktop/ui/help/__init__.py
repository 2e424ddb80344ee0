"""Help: the user guide."""
