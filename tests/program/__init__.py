"""The whole program, driven as a cashier drives it."""
