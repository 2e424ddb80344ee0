"""Items of a sale: code, name, quantity and price."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.coded_names import read_coded_name, read_path
from bonifiq_desktop.domain.money import MAX_CENTS, Cents, format_reais
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.entry_row import EntryRow, EntryTable
from bonifiq_desktop.ui.widgets.forms import captions_above, editable_combo_box, limited_text_field, set_entries
from bonifiq_desktop.ui.widgets.labels import set_invalid, tooltip
from bonifiq_desktop.ui.widgets.money_field import MoneyField

_ONE = "1"


class SaleItems(EntryRow):
    """Fields of one item, and the table of the added ones. Brand and category appear where the shop has lists."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saleItemRow")
        self._products: list[Product] = []
        self._code = limited_text_field("saleItemCode", self.tr("Código do item"), takes_scan=True)
        self._name = limited_text_field("saleItemName", self.tr("Nome do item"))
        self._quantity = limited_text_field("saleItemQuantity", self.tr("Quantidade"))
        for field in (self._code, self._name, self._quantity):
            field.textEdited.connect(self.edited)
        self._quantity.setText(_ONE)
        self._quantity.setValidator(QRegularExpressionValidator("[0-9]{0,4}", self))
        self._quantity.setToolTip(tooltip(self.tr("Quantidade")))
        self._price = MoneyField("saleItemPrice")
        self._price.setAccessibleName(self.tr("Valor de um"))
        self._price.setToolTip(tooltip(self.tr("Valor de um")))
        self._price.valueEdited.connect(self.edited)
        self._brand = editable_combo_box("saleItemBrand", self.tr("Marca"), self.tr("Marca"))
        self._category = editable_combo_box("saleItemCategory", self.tr("Categoria"), self.tr("Categoria"))
        for box in (self._brand, self._category):
            box.editTextChanged.connect(self.edited)
            box.hide()
        add = ActionButton("saleItemAdd", self.tr("Incluir"), "Enter", self.add)
        headings = [self.tr("Item (Del retira)"), self.tr("Qtd."), self.tr("Valor")]
        name = self.tr("Itens da venda")
        self.table = EntryTable("saleItems", name, headings, amounts={1, 2}, max_rows=4)
        self.table.deletePressed.connect(self._remove)
        self._arrange(add)
        self.link_fields(self._code, self._name, self._brand, self._category, self._quantity, self._price, required=2)
        self._fill_table()

    def _arrange(self, add: ActionButton) -> None:
        groups = QHBoxLayout()
        groups.addWidget(self._brand, 1)
        groups.addWidget(self._category, 1)
        what = captions_above(
            (self.tr("Código"), self._code, 0, 0, 1),
            (self.tr("Nome do item"), self._name, 0, 1, 1),
        )
        what.setColumnStretch(1, 2)
        how_much = captions_above(
            (self.tr("Quantidade"), self._quantity, 0, 0, 1),
            (self.tr("Valor de um"), self._price, 0, 1, 1),
        )
        how_much.setColumnStretch(1, 2)
        how_much.addWidget(add, 1, 2)
        lay_out(self, what, groups, how_much, self.table)

    def set_lists(self, settings: Settings) -> None:
        """Use the shop's brands and categories; an empty list hides its field."""
        for box, entries in ((self._brand, settings.brands), (self._category, settings.categories)):
            set_entries(box, entries)
            box.setVisible(bool(entries))

    # --- the items

    def products(self) -> tuple[Product, ...]:
        """The added items, at full price."""
        return tuple(self._products)

    def total(self) -> Cents:
        """The sum of the items, at full price."""
        return sum(product.price or 0 for product in self._products)

    def is_half_typed(self) -> bool:
        return bool(self._code.text().strip() or self._name.text().strip() or self._price.value())

    def mark_incomplete(self, *, wrong: bool) -> None:
        """Mark the fields that the typed item lacks and focus the first; or unmark them."""
        named = bool(self._code.text().strip() or self._name.text().strip())
        line = self._price.value() * self._units()
        missing: dict[QWidget, bool] = {
            self._name: not named,
            self._quantity: not self._units(),
            self._price: not self._price.value() or line > MAX_CENTS,
        }
        if wrong and not any(missing.values()):
            missing[self._name] = True  # complete, but not added
        for field, is_missing in missing.items():
            set_invalid(field, wrong=wrong and is_missing)
        if wrong:
            next(field for field, is_missing in missing.items() if is_missing).setFocus()

    @Slot()
    def add(self) -> bool:
        code, name = self._code.text().strip(), self._name.text().strip()
        price = self._price.value() * self._units()
        if not (code or name) or not 0 < price <= MAX_CENTS:
            self.mark_incomplete(wrong=True)
            return False
        groups = (self._brand.currentText().strip(), self._category.currentText().strip())
        self._products.append(Product(code or name, name or code, price, self._units(), *groups))
        self._clear_fields()
        self._fill_table()
        self._code.setFocus()
        self.edited.emit()
        return True

    def _units(self) -> int:
        return int(self._quantity.text() or 0)

    def _clear_fields(self) -> None:
        self.mark_incomplete(wrong=False)
        self._code.clear()
        self._name.clear()
        self._quantity.setText(_ONE)
        self._price.set_value(0)
        self._brand.setCurrentText("")
        self._category.setCurrentText("")

    @Slot(int)
    def _remove(self, row: int) -> None:
        del self._products[row]
        self._fill_table()
        self.edited.emit()

    # --- drafts

    def clear(self) -> None:
        self._products.clear()
        self._clear_fields()
        self._fill_table()

    def read_draft(self) -> dict[str, Any]:
        """The added and the typed items as plain values, empty when there are none."""
        if not self._products and not self.is_half_typed():
            return {}
        texts = [field.text() for field in (self._code, self._name, self._quantity)]
        boxes = [box.currentText() for box in (self._brand, self._category)]
        return {"added": [dict(vars(p)) for p in self._products], "typed": [*texts, *boxes, self._price.value()]}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft`. Raises TypeError, ValueError, KeyError for another shape."""
        self.clear()
        if not draft:
            return
        products = [Product(**fields) for fields in draft["added"]]
        if not all(isinstance(p.price, int) and isinstance(p.quantity, int) for p in products):
            raise ValueError
        code, name, quantity, brand, category, price = draft["typed"]
        self._products = products
        self._code.setText(str(code))
        self._name.setText(str(name))
        self._quantity.setText(str(quantity))
        self._brand.setCurrentText(str(brand))
        self._category.setCurrentText(str(category))
        self._price.set_value(int(price))
        self._fill_table()

    def _fill_table(self) -> None:
        self.table.show_rows([(_item_text(p), str(p.quantity), format_reais(p.price or 0)) for p in self._products])
        self.table.scrollToBottom()


def _item_text(product: Product) -> str:
    code = product.product_id if product.product_id != product.title else ""
    brand, category = read_coded_name(product.brand), read_path(product.category)[-1:]
    groups = [named.name for named in (brand, *category) if named]
    return "  ·  ".join(part for part in (code, product.title, *groups) if part)
