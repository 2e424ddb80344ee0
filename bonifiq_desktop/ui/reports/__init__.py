"""Pictures and questions of the owner, sections of the day page."""
