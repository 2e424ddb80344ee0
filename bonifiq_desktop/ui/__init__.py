"""The window: pages, dialogs, item models, and the words for everything that can happen."""
