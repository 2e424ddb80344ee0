"""The documents that the help of the window shows."""

HELP_TEXTS = frozenset({"messages.en.md", "messages.pt-BR.md", "user-guide.en.md", "user-guide.pt-BR.md"})
