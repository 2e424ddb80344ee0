"""Pictures and questions of the owner in the window."""
