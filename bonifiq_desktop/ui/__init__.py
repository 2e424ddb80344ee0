"""The window: pages, dialogs, item models and messages."""
