"""A redemption whose key is used."""

from bonifiq_desktop.training_server.errors import Refusal
from bonifiq_desktop.training_server.rewards.models import Redemption


class KeyRedeemed(Refusal):
    """`earlier` has this OriginalKey; `echoes`: answer it again in place of a refusal."""

    def __init__(self, earlier: Redemption, *, echoes: bool) -> None:
        super().__init__("OriginalKeyAlreadyUsed", "Esta chave (OriginalKey) já foi utilizada.", field="OriginalKey")
        self.earlier = earlier
        self.echoes = echoes
