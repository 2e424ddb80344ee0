"""Where things live, the shop's settings, and the credentials."""
