"""The dialog for one customer's data, in the whole program with real files."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.storage.settings import load_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.settings.personal_data_dialog import PersonalDataDialog
from tests.ledger.test_personal_data import held
from tests.support.cashier import Cashier, wait_until
from tests.support.staff_actions import open_settings

CPF = "529.982.247-25"
OF_MARIA = (b"52998224725", b"***.982.247-**", b"maria.santos", b'"Maria"')


@pytest.fixture(name="dialog")
def opened_dialog(cashier: Cashier) -> PersonalDataDialog:
    """Look up an order of Maria, then open the dialog from the settings."""
    cashier.look_up("1001")
    open_settings(cashier, "privacy")
    cashier.press(Qt.Key.Key_Space, "settingsCustomer")
    wait_until(lambda: cashier.window.findChild(PersonalDataDialog, "customerDialog") is not None, "the dialog")
    dialog: PersonalDataDialog = cashier.find("customerDialog", PersonalDataDialog)
    return dialog


def search(cashier: Cashier, typed: str) -> None:
    """Type a customer's number and press Enter."""
    cashier.type("customerField", typed)
    cashier.press(Qt.Key.Key_Return, "customerField")
    wait_until(lambda: cashier.text("customerCounts"), "the numbers")


def test_customer_is_found_exported_and_erased_on_the_second_press(
    cashier: Cashier, dialog: PersonalDataDialog, data: Path, tmp_path: Path
) -> None:
    assert not cashier.find("customerErase").isEnabled()
    assert not cashier.find("customerExport").isEnabled()
    search(cashier, CPF)
    assert "Pedidos consultados aqui: 1" in cashier.text("customerCounts")
    dialog.export_to(str(tmp_path / "maria.json"))
    assert "salvos" in cashier.wait_for_message("customerMessage", ("success",))
    assert "***.982.247-**" in (tmp_path / "maria.json").read_text(encoding="utf-8")
    cashier.press(Qt.Key.Key_Space, "customerErase")
    assert "outra vez" in cashier.wait_for_message("customerMessage")
    assert cashier.text("customerCounts") != ""
    cashier.press(Qt.Key.Key_Space, "customerErase")
    assert "foram apagados" in cashier.wait_for_message("customerMessage", ("success",))
    assert held(data, *OF_MARIA) == []
    search(cashier, CPF)
    assert cashier.text("customerCounts") == "Este caixa não guarda nada deste cliente."


def test_typing_another_customer_discards_result_and_first_press(cashier: Cashier, dialog: PersonalDataDialog) -> None:
    search(cashier, CPF)
    cashier.press(Qt.Key.Key_Space, "customerErase")
    cashier.type("customerField", "111.444.777-35")
    assert cashier.text("customerCounts") == ""
    assert not cashier.find("customerErase").isEnabled()
    assert not cashier.find("customerMessage").isVisible()
    search(cashier, CPF)
    cashier.press(Qt.Key.Key_Space, "customerErase")
    assert "outra vez" in cashier.wait_for_message("customerMessage")


def test_text_that_is_no_customer_number_is_rejected(cashier: Cashier, dialog: PersonalDataDialog) -> None:
    cashier.type("customerField", "Maria")
    cashier.press(Qt.Key.Key_Return, "customerField")
    assert "não é um CPF" in cashier.wait_for_message("customerMessage")
    assert not cashier.find("customerErase").isEnabled()


def test_customer_with_an_unfinished_operation_is_not_erased(
    cashier: Cashier, server: TrainingServer, data: Path
) -> None:
    server.faults.add("error_429", only="sale", retry_after=600)
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "unknown")
    open_settings(cashier, "privacy")
    cashier.press(Qt.Key.Key_Space, "settingsCustomer")
    search(cashier, CPF)
    assert "em andamento: 1" in cashier.text("customerCounts")
    for _ in range(2):
        cashier.press(Qt.Key.Key_Space, "customerErase")
    wait_until(lambda: "ainda está em andamento" in cashier.text("customerMessage"), "the reason")
    assert cashier.find("customerErase").isEnabled()
    assert held(data, b"52998224725") != []


@pytest.mark.parametrize("typed", ["0", " ", "muito", "-1", "3651"])
def test_retention_outside_its_range_is_rejected(cashier: Cashier, data: Path, typed: str) -> None:
    open_settings(cashier, "privacy")
    wait_until(lambda: cashier.text("settingsKeepDays") == "365", "the setting")
    cashier.type("settingsKeepDays", typed)
    cashier.press(Qt.Key.Key_Space, "settingsSave")
    assert "de 1 a 3650 dias" in cashier.wait_for_message("settingsMessage", ("danger",))
    assert load_settings(data / "settings.json").keep_personal_days == 365


def test_retention_is_stored(cashier: Cashier, data: Path) -> None:
    open_settings(cashier, "privacy")
    wait_until(lambda: cashier.text("settingsKeepDays") == "365", "the setting")
    cashier.type("settingsKeepDays", "30")
    cashier.press(Qt.Key.Key_Space, "settingsSave")
    cashier.wait_for_message("settingsMessage", ("success",))
    assert load_settings(data / "settings.json").keep_personal_days == 30
