"""Slips for tests, and comparisons and readings of their pictures."""

from dataclasses import replace

import numpy as np
