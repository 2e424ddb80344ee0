"""Scripts of `packaging/` as modules."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import bonifiq_desktop

REPOSITORY = Path(bonifiq_desktop.__file__).parents[1]
PACKAGING = REPOSITORY / "packaging"
ECOSYSTEM = "Py" + "PI"
"""As advisory services call the registry of Python packages."""


def build_tool(name: str) -> ModuleType:
    """Import a script with the scripts that it imports."""
    sys.path.append(str(PACKAGING))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(PACKAGING))
