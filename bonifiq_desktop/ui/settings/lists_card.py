"""Settings card: the shop's lists, which the sale form offers."""

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QPlainTextEdit

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import lines_of, text_list
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.commands import CurrentSettings


class ListsCard(SettingsCard):
    """One list per field, one entry per line, with its code if it has one: `17 = Ana`."""

    def __init__(self) -> None:
        super().__init__(self.tr("Listas, uma por linha"))
        self.inside.addWidget(paragraph(self.tr("Com código, se a loja usa: 17 = Ana"), "muted"))
        self._grid = QGridLayout()
        self._payments = self._add_list("settingsPaymentMethods", self.tr("Formas de pagamento"), 0, 0)
        self._sales_people = self._add_list("settingsSalesPeople", self.tr("Vendedores"), 0, 1)
        self._brands = self._add_list("settingsBrands", self.tr("Marcas"), 2, 0)
        self._categories = self._add_list("settingsCategories", self.tr("Categorias"), 2, 1)
        self._categories.setPlaceholderText(self.tr("Roupas > Blusas"))
        self.inside.addLayout(self._grid)

    def _add_list(self, name: str, heading: str, row: int, column: int) -> QPlainTextEdit:
        field = text_list(name)
        field.setAccessibleName(heading)
        caption = label(heading, "figureName")
        caption.setBuddy(field)
        self._grid.addWidget(caption, row, column)
        self._grid.addWidget(field, row + 1, column)
        return field

    def show_settings(self, current: CurrentSettings) -> None:
        """Show the lists in force."""
        settings = current.settings
        self._payments.setPlainText("\n".join(settings.payment_methods))
        self._sales_people.setPlainText("\n".join(settings.sales_people))
        self._brands.setPlainText("\n".join(settings.brands))
        self._categories.setPlainText("\n".join(settings.categories))

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with the typed lists."""
        return replace(
            settings,
            payment_methods=lines_of(self._payments),
            sales_people=lines_of(self._sales_people),
            brands=lines_of(self._brands),
            categories=lines_of(self._categories),
        )
