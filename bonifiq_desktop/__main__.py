"""`python -m bonifiq_desktop`."""

import sys

from bonifiq_desktop.cli import main

sys.exit(main())
