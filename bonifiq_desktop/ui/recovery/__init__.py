"""Recovery page and crash handling."""
