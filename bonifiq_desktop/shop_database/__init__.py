"""Client and administration of the shop database (PostgreSQL)."""
