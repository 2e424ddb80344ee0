"""Texts of the side bar: the connection and the count of unfinished operations, as (text, tone)."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.worker.commands import Status

translate = QCoreApplication.translate


def connection_text(status: Status) -> tuple[str, str]:
    """The state of the connection to BonifiQ."""
    if status.stopped_by_credentials:
        return translate("status", "Token ou chave recusados: envio parado. Veja Ajustes (F9)."), "danger"
    if status.shop_unconfirmed:
        return translate("status", "Token novo: falta dizer de que loja é (F9)"), "danger"
    return {
        ConnectionStatus.OPENING: (translate("status", "Esperando o cofre de senhas deste computador…"), "neutral"),
        ConnectionStatus.NOT_SET_UP: (translate("status", "Falta configurar (F9)"), "danger"),
        ConnectionStatus.UNTRIED: (translate("status", "Pronto"), "neutral"),
        ConnectionStatus.ONLINE: (translate("status", "Conectado ao BonifiQ"), "success"),
        ConnectionStatus.OFFLINE: (translate("status", "Sem conexão com o BonifiQ"), "danger"),
        ConnectionStatus.CREDENTIALS: (translate("status", "Token ou chave recusados (F9)"), "danger"),
        ConnectionStatus.TROUBLE: (translate("status", "Sem resposta clara do BonifiQ"), "danger"),
    }[status.connection]


def pending_text(status: Status) -> tuple[str, str]:
    """The unfinished operations by what they wait for, a line each."""
    other_shop = status.pending_for_other_shop
    lines = []
    if status.contradictions:
        lines.append(translate("status", "%n registro(s) para conferir no BonifiQ", "", status.contradictions))
    if status.review:
        lines.append(translate("status", "%n registro(s) esperam decisão", "", status.review))
    if other_shop:
        lines.append(translate("status", "%n registro(s) de outra loja ou endereço esperam", "", other_shop))
    if status.pending > other_shop:
        lines.append(translate("status", "%n registro(s) em andamento", "", status.pending - other_shop))
    needs_person = status.review or status.contradictions
    tone = "danger" if needs_person else "warning" if status.pending else "neutral"
    return "\n".join(lines) or translate("status", "Nada pendente"), tone
