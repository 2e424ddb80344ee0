"""Number of pictures that the `tour` command takes."""

OF_ALL_SYSTEMS = 23
"""With the embedded training server, whose marketplace and web shop are connected."""
OF_BONIFIQ_ALONE = 20
"""Against another training server."""
