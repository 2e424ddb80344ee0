"""Settings card: the shop's lists, which the sale form offers."""

from PySide6.QtWidgets import QGridLayout, QPlainTextEdit

from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import text_list
from bonifiq_desktop.ui.widgets.labels import label


class ListsCard(SettingsCard):
    """One list per field, one entry per line, with its code if it has one: `17 = Ana`."""

    def __init__(self) -> None:
        super().__init__(self.tr("Listas, uma por linha"))
        payments = self.bind("payment_methods", text_list("settingsPaymentMethods"))
        sales_people = self.bind("sales_people", text_list("settingsSalesPeople"))
        brands = self.bind("brands", text_list("settingsBrands"))
        categories = self.bind("categories", text_list("settingsCategories"))
        categories.setPlaceholderText(self.tr("Roupas > Blusas"))
        lists: tuple[tuple[str, QPlainTextEdit], ...] = (
            (self.tr("Formas de pagamento"), payments),
            (self.tr("Vendedores"), sales_people),
            (self.tr("Marcas"), brands),
            (self.tr("Categorias"), categories),
        )
        grid = QGridLayout()
        for place, (heading, field) in enumerate(lists):
            field.setAccessibleName(heading)
            caption = label(heading, "figureName")
            caption.setBuddy(field)
            row, column = divmod(place, 2)
            grid.addWidget(caption, 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
        self.inside.addWidget(paragraph(self.tr("Com código, se a loja usa: 17 = Ana"), "muted"))
        self.inside.addLayout(grid)
