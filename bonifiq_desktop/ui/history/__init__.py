"""History page, operation details and decisions."""
