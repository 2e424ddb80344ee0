"""Sheet that closes a day: one Enter for a clean day, else the name and the reason of the person who closes it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.day_close import ClosedDay, DayChanged, DayReport, ReasonNeeded
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.staff import MAX_NAME
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.day.changes import what_is_new
from bonifiq_desktop.ui.day.rows import fit, open_rows
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.messages.day_close import full_day, open_text, sales_text
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.forms import captions_above, limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CloseDay, Outcome, ReadDay

_WIDTH, _GAP = 740, 12  # pixels at 100 %
_MAX_REASON = 200


class CloseDaySheet(Sheet):
    """`closed` carries the record. A day that changed meanwhile is read again, and what is new is shown."""

    closed = Signal(ClosedDay)

    def __init__(self, client: WorkerClient, report: DayReport, parent: QWidget) -> None:
        heading = translate("CloseDaySheet", "Fechar o dia {0}").format(full_day(report.day))
        super().__init__(parent, "closeDayDialog", heading, _WIDTH)
        self._client = client
        self._report = report
        session = client.session
        self._is_named_by_pin = bool(session.managers)
        self._summary = UntrustedLabel("", "closeDaySummary")
        self._rows = RowList("closeDayOpen", self.tr("Registros em aberto"), two_lines=True)
        self._person = limited_text_field("closeDayPerson", max_length=MAX_NAME, hint=self.tr("Seu nome"))
        self._person.setText(session.current_user.name if session.current_user else "")
        self._person.setReadOnly(self._is_named_by_pin)
        example = self.tr("Por exemplo: sem internet")
        self._reason = limited_text_field("closeDayReason", max_length=_MAX_REASON, hint=example)
        self._missing = paragraph("", "muted", "closeDayMissing")
        self._message = Notice("closeDayMessage")
        self._message.fit_text()
        self._fields = QWidget()
        self._back = ActionButton("closeDayCancel", self.tr("Voltar"), "Esc", self.reject, look="ghost", tall=True)
        self._confirm = ActionButton(
            "closeDayConfirm", self.tr("Fechar o dia"), "Enter", self._confirmed, look="primary", tall=True
        )
        self._arrange(heading)
        self._draft = DraftKeeper(client, "close_day", self._read_draft, self._restore_draft, self)
        for field in (self._person, self._reason):
            field.textEdited.connect(self._draft.changed)
            field.textChanged.connect(self._check)
        EnterChain(self, self._person, self._reason, self._confirm)
        self._show_report(report)
        self._focus_first()

    def _arrange(self, heading: str) -> None:
        fields = captions_above(
            (self.tr("Quem fecha"), self._person, 0, 0, 1), (self.tr("Por quê"), self._reason, 0, 1, 2)
        )
        by_pin = paragraph(self.tr("O responsável que autorizar com o PIN fica como quem fechou."), "muted")
        by_pin.setVisible(self._is_named_by_pin)
        lay_out(self._fields, fields, by_pin, self._missing, spacing=px(_GAP) // 2)
        self.fill(
            UntrustedLabel("section", text=heading),
            self._summary,
            self._message,
            self._rows,
            self._fields,
            button_row(self._back, right=(self._confirm,)),
        )

    def _show_report(self, report: DayReport) -> None:
        self._report = report
        count = report.undecided
        sums = self.tr("{0}, {1}; devoluções e cancelamentos {2}.").format(
            sales_text(report.totals.sales.count),
            format_reais(report.totals.sales.value),
            format_reais(report.totals.refunds.value + report.totals.cancellations.value),
        )
        state = (
            self.tr("{0}: para fechar assim, diga quem fecha e por quê.").format(open_text(count))
            if count
            else self.tr("Tudo foi enviado e decidido.")
        )
        forever = self.tr("Um dia fechado não muda mais; o que mudar depois aparece no próximo fechamento.")
        only_here = self.tr("Fecha só o dia deste caixa: cada caixa fecha o seu.") if report.shop else ""
        self._summary.setText("\n".join(filter(None, (sums, state, only_here, forever))))
        self._rows.show_rows(open_rows(report))
        fit(self._rows)
        self._rows.setVisible(bool(count))
        self._fields.setVisible(bool(count))
        self._check()

    def _focus_first(self) -> None:
        """Focus the first field that has to be filled, else the button."""
        if self._fields.isHidden():
            self._confirm.setFocus()
        else:
            (self._reason if self._person.text() or self._is_named_by_pin else self._person).setFocus()

    @Slot()
    def _check(self) -> None:
        missing = ""
        if self._report.undecided and not (self._is_named_by_pin or plain(self._person.text())):
            missing = self.tr("Falta dizer quem fecha.")
        elif self._report.undecided and not plain(self._reason.text()):
            missing = self.tr("Falta dizer por quê.")
        self._missing.setText(missing)
        self._confirm.setEnabled(not missing and not self.is_waiting)

    # --- the close

    @Slot()
    def _confirmed(self) -> None:
        self._draft.flush()
        self._wait(waiting=True)
        report, has_open = self._report, bool(self._report.undecided)
        person = plain(self._person.text()) if has_open else ""
        reason = plain(self._reason.text()) if has_open else ""
        command = CloseDay(report.day, report.operations, person, reason)
        self._client.submit_with_approval(command, self._answered, asker=self)

    def _wait(self, *, waiting: bool) -> None:
        self.set_waiting(self._fields, self._back, waiting=waiting)
        self._check()

    def _answered(self, outcome: Outcome[ClosedDay]) -> None:
        self._wait(waiting=False)
        if outcome.value is not None:
            self._draft.discard()
            self.accept()
            self.closed.emit(outcome.value)
            return
        error = outcome.error or RuntimeError("outcome without value")
        self._message.show_error(error)
        if isinstance(error, DayChanged | ReasonNeeded):
            self._client.submit(ReadDay(self._report.day), self._read_again)
        else:
            self._confirm.setFocus()

    def _read_again(self, outcome: Outcome[DayReport]) -> None:
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        message = message_for_error(DayChanged())
        news = what_is_new(self._report, outcome.value)
        self._show_report(outcome.value)
        self._message.show_message(replace(message, effect=news or message.effect))
        self._focus_first()

    @Slot()
    def reject(self) -> None:
        """Leave; the draft stays."""
        self._draft.flush()
        super().reject()

    # --- the draft

    def _read_draft(self) -> dict[str, Any]:
        day, person = self._report.day.isoformat(), self._person.text()
        return {"day": day, "reason": self._reason.text(), "person": "" if self._is_named_by_pin else person}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the draft of the same day; the name of the person signed in stays."""
        if draft.get("day") == self._report.day.isoformat():
            self._reason.setText(str(draft.get("reason", "")))
            if not self._person.text():
                self._person.setText(str(draft.get("person", "")))
            self._focus_first()
