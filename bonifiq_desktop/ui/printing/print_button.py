"""The button that opens the preview of a slip: the same words and the same key everywhere."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.ui.widgets.buttons import ActionButton

PRINT_KEY = "F11"


def print_button(
    name: str, action: Callable[[], object], *, look: str = "secondary", icon: str = "print"
) -> ActionButton:
    """A button *Imprimir*; `action` is called at each press."""
    text = QCoreApplication.translate("print_button", "Imprimir")
    return ActionButton(name, text, PRINT_KEY, action, look=look, icon=icon, has_shortcut=True)
