"""What the look-alikes of marketplaces and web shops share: listener, faults, credentials check."""
