"""BonifiQ Desktop: the shop-counter program for the BonifiQ loyalty service."""

__version__ = "0.1.0"
