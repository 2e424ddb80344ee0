"""Rewards of the loyalty service: what a basket may use, one-time codes, redemptions and their reversal."""
