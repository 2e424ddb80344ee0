"""A new member of the programme uses a reward: named in the first request for a code, then asked for a contact once."""

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.server import TrainingServer
from tests.program.test_rewards import begin_sale, customer, press, redemptions, register, use_cashback, wait_for_reward
from tests.support.cashier import Cashier, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json

Key = Qt.Key


@pytest.mark.parametrize(
    ("document", "name", "field", "typed", "sent"),
    [
        ("71460238001", "Tiago Ramos", "Phone", "11900000507", "+5511900000507"),
        ("15350946056", "Helena Castro", "Email", "helena@exemplo.com.br", "helena@exemplo.com.br"),
    ],
)
def test_new_member_is_named_and_asked_for_a_contact_once(
    cashier: Cashier, server: TrainingServer, document: str, name: str, field: str, typed: str, sent: str
) -> None:
    server.service.rewards.set_options(code_delivery="sent")
    begin_sale(cashier, document=document, name=name)
    use_cashback(cashier)
    wait_until(lambda: cashier.is_shown("codeContact"), "the field for the contact")
    cashier.type("codeContact", typed)
    press(Key.Key_Return, 2)
    wait_until(lambda: cashier.is_shown("rewardCode"), "the code's field")
    cashier.type("rewardCode", server.service.rewards.last_code(customer(server, document).original_id))
    press(Key.Key_Return)
    wait_for_reward(cashier)
    register(cashier)
    first, second = (exact_json(body) for body in bodies_sent_to(server, "/challenge"))
    assert (first["Document"], first["Name"]) == (document, name)
    assert second == {"TransactionId": first["TransactionId"], field: sent}
    assert redemptions(server)[0].order_id
