"""The shop's own lists: what the sale's form offers to choose from."""

from dataclasses import replace

from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.messages.formats import translate
from bonifiq_desktop.ui.widgets.forms import lines_of, text_list
from bonifiq_desktop.ui.widgets.labels import label


class ListsCard(QFrame):
    """One list per field, one entry per line, each with a code where it has one: `17 = Ana`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._payments = text_list("settingsPaymentMethods")
        self._people = text_list("settingsSalesPeople")
        self._brands = text_list("settingsBrands")
        self._categories = text_list("settingsCategories")
        self._categories.setPlaceholderText(translate("ListsCard", "Roupas > Blusas"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(label(translate("ListsCard", "Listas, uma por linha"), "section"))
        how = label(translate("ListsCard", "Com código, se a loja usa: 17 = Ana"), "muted")
        how.setWordWrap(True)
        layout.addWidget(how)
        grid = QGridLayout()
        for place, (name, field) in enumerate(self._fields()):
            caption = label(name, "figureName")
            caption.setBuddy(field)
            field.setAccessibleName(name)
            row, column = divmod(place, 2)
            grid.addWidget(caption, 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
        layout.addLayout(grid)

    def _fields(self) -> list[tuple[str, QPlainTextEdit]]:
        return [
            (translate("ListsCard", "Formas de pagamento"), self._payments),
            (translate("ListsCard", "Vendedores"), self._people),
            (translate("ListsCard", "Marcas"), self._brands),
            (translate("ListsCard", "Categorias"), self._categories),
        ]

    def show_settings(self, settings: Settings) -> None:
        """Show the lists in force."""
        self._payments.setPlainText("\n".join(settings.payment_methods))
        self._people.setPlainText("\n".join(settings.sales_people))
        self._brands.setPlainText("\n".join(settings.brands))
        self._categories.setPlainText("\n".join(settings.categories))

    def read(self, settings: Settings) -> Settings:
        """These settings with the lists that are typed."""
        return replace(
            settings,
            payment_methods=lines_of(self._payments),
            sales_people=lines_of(self._people),
            brands=lines_of(self._brands),
            categories=lines_of(self._categories),
        )
