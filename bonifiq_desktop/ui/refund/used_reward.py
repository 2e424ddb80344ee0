"""What happens to the reward that was used in an order, when goods of it come back."""

from collections.abc import Sequence

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.reward_operations import reward_text
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, Outcome, ReadSettings


class UsedRewardNote(UntrustedLabel):
    """Named `<prefix>Reward`; hidden for an order in which this till used no reward.

    A refund states what the shop's setting says. A whole cancel states nothing: the API has no field for it there.
    """

    def __init__(self, client: WorkerClient, prefix: str, operations: Sequence[Operation], *, whole: bool) -> None:
        super().__init__("muted", f"{prefix}Reward")
        self._reward = used_reward(operations)
        self._setting: str | None = None
        self._whole = whole
        self.hide()
        if self._reward is not None:
            client.submit(ReadSettings(), self._settings_read)

    def show_whole(self, *, whole: bool) -> None:
        """Say what holds for a whole cancel, or for a part of the order."""
        self._whole = whole
        if self._reward is not None and self._setting is not None:
            self.setText(_text(self._reward, self._setting, whole=whole))
            self.show()

    def _settings_read(self, outcome: Outcome[CurrentSettings]) -> None:
        self._setting = outcome.value.settings.return_used_reward if outcome.value is not None else ""
        self.show_whole(whole=self._whole)


def used_reward(operations: Sequence[Operation]) -> Operation | None:
    """The redemption whose sale is among the operations of an order; None for an order without one."""
    sales = {o.checkout_id for o in operations if o.kind is Kind.SALE and o.state not in CLOSED_NEGATIVELY}
    used = (o for o in operations if o.kind is Kind.REDEMPTION and o.checkout_id in sales)
    return next((o for o in used if o.state not in CLOSED_NEGATIVELY), None)


def _text(redemption: Operation, setting: str, *, whole: bool) -> str:
    if whole:
        text = translate("UsedReward", "O cliente usou um {0}: no cancelamento inteiro, o BonifiQ decide se ele volta.")
    elif setting == "yes":
        text = translate("UsedReward", "O cliente usou um {0}: a devolução pede ao BonifiQ que ele volte ao saldo.")
    elif setting == "no":
        text = translate("UsedReward", "O cliente usou um {0}: pelos ajustes da loja, ele não volta ao saldo.")
    else:
        text = translate("UsedReward", "O cliente usou um {0}: o ajuste da loja no BonifiQ diz se ele volta ao saldo.")
    return text.format(reward_text(redemption))
