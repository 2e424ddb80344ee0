"""Question before an alarm is cleared: a look-up showed a final operation otherwise."""

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ui.history.detail import contradiction_lines
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel
from bonifiq_desktop.ui.widgets.sheet import Sheet


class AcknowledgeSheet(Sheet):
    """The answer that clears nothing has the focus, so that a second press of F12 or Enter clears nothing."""

    def __init__(self, details: OperationDetails, parent: QWidget) -> None:
        asked = translate("AcknowledgeSheet", "O pedido {0} já foi conferido no BonifiQ?")
        heading = asked.format(details.operation.order_id)
        super().__init__(parent, "acknowledgeDialog", heading)
        verified = self.tr("Sim, apagar o aviso")
        confirm = ActionButton("acknowledgeConfirm", verified, action=self.accept, look="danger", tall=True)
        back = ActionButton("acknowledgeCancel", self.tr("Ainda não"), "Esc", self.reject, tall=True)
        self.fill(
            UntrustedLabel("section", text=heading),
            *map(paragraph, contradiction_lines(details)[:2]),
            paragraph(
                self.tr("Depois de apagado, o aviso só volta se o BonifiQ mostrar outra coisa de novo."), "muted"
            ),
            button_row(back, right=(confirm,)),
        )
        back.setFocus()
