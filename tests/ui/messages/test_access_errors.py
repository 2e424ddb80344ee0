"""Messages for a wrong PIN."""

from bonifiq_desktop.domain.staff import PinLocked, PinWrong
from bonifiq_desktop.ui.messages.errors import message_for_error


def test_unknown_name_is_not_told_to_wait() -> None:
    words = message_for_error(PinWrong(None))
    assert words.title == "O PIN não confere."
    assert words.action == "Confira o nome e tente de novo."


def test_wrong_pin_states_the_remaining_attempts() -> None:
    assert message_for_error(PinWrong(3)).action == "Tentativas que restam antes de esperar: 3."
    assert message_for_error(PinWrong(0)).action == "Agora é preciso esperar antes de tentar de novo."
    assert message_for_error(PinLocked(61)).title == "Este PIN foi digitado errado vezes demais."
    assert message_for_error(PinLocked(61)).action == "Espere 2 min com o programa aberto."
