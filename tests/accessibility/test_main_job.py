"""The main job by ear: a screen reader's client finds elements by role and name, acts, and hears what came of it."""

import pytest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.screen_reader import ScreenReader
