"""The shop database: its PostgreSQL client, its functions, its administration. See docs/shop-database.md."""
