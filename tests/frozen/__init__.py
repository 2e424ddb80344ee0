"""The packaged program, run as a shop's PC runs it: `make smoke`."""
