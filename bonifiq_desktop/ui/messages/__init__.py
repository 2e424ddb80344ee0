"""User messages: texts for errors, operations, decisions and settings."""
