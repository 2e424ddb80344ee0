"""Refund and whole cancel as pages over the look-up page: they cover the order, and give it back."""

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from tests.support.cashier import Cashier


def open_page(cashier: Cashier) -> CancelPage:
    found = cashier.find("orderCard").found
    page = CancelPage(cashier.app.client, found, cashier.window.lookup)
    cashier.window.lookup.show_operation(page)
    return page


def test_operation_page_covers_the_order_until_it_has_finished(cashier: Cashier) -> None:
    cashier.look_up("1001")
    page = open_page(cashier)
    assert page.isVisible()
    assert not page.isWindow()
    assert not cashier.find("lookupField").isVisible()
    assert not cashier.find("orderCard").isVisible()
    page.reject()
    assert cashier.window.lookup.operation is None
    assert cashier.find("orderCard").isVisible()
    assert cashier.find("lookupField").hasFocus()


def test_second_operation_page_takes_the_place_of_the_first(cashier: Cashier) -> None:
    cashier.look_up("1001")
    first, second = open_page(cashier), open_page(cashier)
    assert not first.isVisible()
    assert cashier.window.lookup.operation is second
    assert second.isVisible()


def test_operation_page_keeps_the_focus_when_its_page_is_shown_again(cashier: Cashier) -> None:
    cashier.look_up("1001")
    page = open_page(cashier)
    cashier.window.content.show_page("navHistory")
    cashier.window.content.show_page("navLookup")
    assert page.isVisible()
    focused = cashier.window.focusWidget()
    assert isinstance(focused, QWidget)
    assert page is focused or page.isAncestorOf(focused)
