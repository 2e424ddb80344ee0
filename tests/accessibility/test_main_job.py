"""The main job by ear: keys and actions of assistive technology, and what a screen reader is told."""

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.screen_reader import ENTER, F3, F4, F6, SPACE, ScreenReader


def test_refund_by_keys_is_heard_from_look_up_to_outcome(reader: ScreenReader, server: TrainingServer) -> None:
    field = reader.focused()
    assert field is not None
    assert (field.object_name, field.role) == ("lookupField", "text")
    assert field.name
    reader.type("1001")
    reader.press(ENTER)
    reader.named("refundButton", "enabled")
    reader.press(F6)
    reader.named("refundItems", "focused")
    reader.press(SPACE)
    assert reader.named("refundValue").text == "49,90"
    reader.named("refundConfirm", "enabled").focus()
    reader.press(ENTER)
    assert "R$" in reader.wait_to_hear("49,90")
    assert "R$" in reader.wait_to_hear("feita no BonifiQ")
    assert [entry.cents for entry in server.service.applied] == [4990]


def test_refund_by_actions_alone_is_registered(reader: ScreenReader, server: TrainingServer) -> None:
    reader.named("lookupField").enter_text("1001")
    reader.named("lookupButton").do("Press")
    reader.named("refundButton", "enabled").do("Press")
    reader.named("refundValue", "editable").enter_text("25,90")
    confirm = reader.named("refundConfirm", "enabled")
    assert "25,90" in confirm.name
    confirm.do("Press")
    assert "25,90" in reader.wait_to_hear("feita no BonifiQ")
    assert [entry.cents for entry in server.service.applied] == [2590]


def test_refused_amount_is_heard(reader: ScreenReader, server: TrainingServer) -> None:
    reader.named("lookupField").enter_text("1001")
    reader.named("lookupButton").do("Press")
    reader.named("refundButton", "enabled").do("Press")
    reader.named("refundValue", "editable").enter_text("999,99")
    reader.wait_to_hear("129,90")
    assert server.service.applied == []


def test_sale_and_its_history_are_heard(reader: ScreenReader, server: TrainingServer) -> None:
    reader.press(F3)
    for name, text in (("saleDocument", "52998224725"), ("saleName", "Maria Aparecida"), ("saleTotal", "15990")):
        reader.named(name, "focused")
        reader.type_into(name, text)
        reader.press(ENTER)
    reader.named("saleSubmit", "enabled").do("Press")
    assert "159" in reader.wait_to_hear("pontos")
    [sale] = server.service.applied
    assert (sale.kind, sale.cents) == ("sale", 15990)
    reader.press(F4)
    assert reader.named("historyTable").name
    reader.find("cell", "Venda")
    cells = [cell for cell in reader.named("historyTable").below() if cell.role in {"cell", "table cell"}]
    assert [cell for cell in cells if not cell.name] == []
    assert any("159,90" in cell.name for cell in cells)
