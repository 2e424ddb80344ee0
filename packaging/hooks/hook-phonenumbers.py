"""Numbering plans are imported by a region's name; of the places, carriers and time zones we ask nothing."""

from PyInstaller.utils.hooks import collect_submodules

hiddenimports = collect_submodules("phonenumbers.data")
