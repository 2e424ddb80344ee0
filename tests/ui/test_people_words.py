"""What is said of a PIN that does not do."""

from bonifiq_desktop.services.errors import PinLocked, PinWrong
from bonifiq_desktop.ui.words import describe


def test_a_name_that_is_not_on_the_list_is_not_told_to_wait() -> None:
    words = describe(PinWrong(None))
    assert words.title == "O PIN não confere."
    assert words.to_do == "Confira o nome e tente de novo."


def test_a_wrong_pin_says_how_many_tries_are_left_and_when_it_is_time_to_wait() -> None:
    assert describe(PinWrong(3)).to_do == "Tentativas que restam antes de esperar: 3."
    assert describe(PinWrong(0)).to_do == "Agora é preciso esperar antes de tentar de novo."
    assert describe(PinLocked(61)).title == "Este PIN foi digitado errado vezes demais."
    assert describe(PinLocked(61)).to_do == "Espere 2 min com o programa aberto."
