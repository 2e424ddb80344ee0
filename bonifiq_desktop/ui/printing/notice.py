"""Notice of print jobs that did not go well, with the way to print them again; a passing word on those that did."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintState
from bonifiq_desktop.domain.slips import SlipSubject
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.messages.printing import TROUBLE, message_for_job
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadPrintJobs, RepeatPrintJob

_JUST_ENDED = timedelta(minutes=10)


class PrintNotice(QWidget):
    """Tells about the last failed or uncertain job of each slip, the newest first; hidden without one.

    The jobs of earlier runs are read at the start: the failed ones, and those that the end of the program cut off.
    `settingsWanted`: the person wants to choose a printer.
    """

    settingsWanted = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._troubled: dict[SlipSubject, PrintJob] = {}
        self._is_read = False
        self._notice = Notice("printNotice")
        self._again = ActionButton(
            "printAgain", self.tr("Imprimir de novo"), "Ctrl+F11", self._print_again, icon="print", has_shortcut=True
        )
        self._choose = ActionButton("printSettings", self.tr("Ver impressões"), action=self._open_settings)
        self._later = ActionButton("printLater", self.tr("Agora não"), action=self._put_aside, look="ghost")
        buttons = QVBoxLayout()
        buttons.setSpacing(px(4))
        buttons.addWidget(self._again)
        buttons.addLayout(button_row(right=(self._choose, self._later)))
        self._notice.add_at_the_right(buttons)
        lay_out(self, self._notice)
        self.hide()
        client.printJobChanged.connect(self._job_changed)
        client.sessionChanged.connect(self._session_changed)

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        """Read the jobs of earlier runs, once a person may see them."""
        may_read = not session.requires_sign_in or session.current_user is not None
        if may_read and not self._is_read:
            self._is_read = True
            self._client.submit(ReadPrintJobs(), self._jobs_read)

    def _jobs_read(self, outcome: Outcome[tuple[PrintJob, ...]]) -> None:
        self._is_read = outcome.value is not None
        newest: dict[SlipSubject, PrintJob] = {}
        for job in outcome.value or ():
            newest.setdefault(job.subject, job)
        known = self._troubled
        self._troubled = {subject: job for subject, job in reversed(newest.items()) if _is_open(job)} | known
        self._show()

    @Slot(object)
    def _job_changed(self, job: PrintJob) -> None:
        self._troubled.pop(job.subject, None)
        if job.state in TROUBLE:
            self._troubled[job.subject] = job
        elif job.state is PrintState.SENT:
            self._say_sent(job)
        self._show()

    def _say_sent(self, job: PrintJob) -> None:
        """Say that a job was sent; never in place of a way back that is still open, nor over the lock."""
        text = message_for_job(job).title
        shop = self.parentWidget()
        if shop is None or not shop.isVisible():
            return
        undo = self.window().findChild(QWidget, "toastUndo")
        if undo is not None and undo.isVisible():
            announce(self, text)
        else:
            Toast.show_in(self.window(), text)

    def _newest(self) -> PrintJob | None:
        return next(reversed(self._troubled.values()), None)

    def _show(self) -> None:
        job = self._newest()
        self.setVisible(job is not None)
        if job is None:
            self._notice.clear()
            return
        message = message_for_job(job)
        others = len(self._troubled) - 1
        more = self.tr("Mais %n impressão(ões) espera(m) em Ajustes › Impressora.", "", others) if others else ""
        action = "\n".join(filter(None, (message.action, more)))
        self._notice.show_message(replace(message, action=action))
        self._choose.setVisible(bool(others) or job.failure is PrintFailure.NO_PRINTER)

    @Slot()
    def _print_again(self) -> None:
        job = self._newest()
        if job is not None:
            self._again.setEnabled(False)
            self._client.submit(RepeatPrintJob(job.id), self._repeated)

    def _repeated(self, outcome: Outcome[PrintJob]) -> None:
        """Show why nothing was queued; a queued job is published."""
        self._again.setEnabled(True)
        if outcome.error is not None:
            self._notice.show_error(outcome.error)

    @Slot()
    def _put_aside(self) -> None:
        """Hide the notice; the jobs stay in the list."""
        self._troubled.clear()
        self._show()

    @Slot()
    def _open_settings(self) -> None:
        self._put_aside()
        self.settingsWanted.emit()


def _is_open(job: PrintJob) -> bool:
    """Whether a person may not know of the job's trouble yet."""
    just_ended = job.ended_at is not None and datetime.now(UTC) - job.ended_at < _JUST_ENDED
    return job.state is PrintState.FAILED or (job.state is PrintState.UNCERTAIN and just_ended)
