"""List of the last print jobs, with the way to print one again or to give it up."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.print_jobs import PrintJob, PrintState
from bonifiq_desktop.ui.messages.formats import short_date_and_time
from bonifiq_desktop.ui.messages.printing import TROUBLE, job_name, job_state
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.entry_row import EntryTable
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, Outcome, ReadPrintJobs, RepeatPrintJob, WithdrawPrintJob

_MAX_ROWS = 8
_WITHDRAWABLE = frozenset({PrintState.QUEUED, PrintState.FAILED})


class JobList(QWidget):
    """Reads the jobs while it is visible. Each action takes effect at once."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._jobs: tuple[PrintJob, ...] = ()
        headings = [self.tr("Impressão"), self.tr("Quando"), self.tr("Via"), self.tr("Situação")]
        name = self.tr("Últimas impressões")
        self._table = EntryTable("printJobs", name, headings, amounts={2}, max_rows=_MAX_ROWS)
        self._table.itemSelectionChanged.connect(self._show_actions)
        self._empty = paragraph(self.tr("Nada foi impresso neste caixa ainda."), "muted")
        self._message = Notice("printJobsMessage")
        self._again = ActionButton("printJobsAgain", self.tr("Imprimir de novo"), action=self._repeat, icon="print")
        self._give_up = ActionButton("printJobsGiveUp", self.tr("Desistir"), action=self._withdraw, look="dangerGhost")
        frame, inside = card()
        add_all(
            inside,
            label(name, "section"),
            self._empty,
            self._table,
            button_row(self._again, self._give_up),
            self._message,
        )
        lay_out(self, frame)
        client.printJobChanged.connect(self._read)
        self._show(())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._message.clear()
        self._read()

    @Slot()
    def _read(self) -> None:
        if self.isVisible():
            self._client.submit(ReadPrintJobs(), self._received)

    def _received(self, outcome: Outcome[tuple[PrintJob, ...]]) -> None:
        if outcome.value is not None:
            self._show(outcome.value)
        elif outcome.error is not None:
            self._message.show_error(outcome.error)

    def _show(self, jobs: tuple[PrintJob, ...]) -> None:
        selected = self._selected()
        self._jobs = jobs
        copy = self.tr("{0}ª")
        self._table.show_rows(
            [
                (job_name(job), short_date_and_time(job.created_at), copy.format(job.copy), job_state(job))
                for job in jobs
            ]
        )
        same = (row for row, job in enumerate(jobs) if selected is not None and job.id == selected.id)
        if jobs:
            self._table.setCurrentCell(next(same, 0), 0)
        self._empty.setVisible(not jobs)
        self._show_actions()

    def _selected(self) -> PrintJob | None:
        row = self._table.currentRow()
        return self._jobs[row] if 0 <= row < len(self._jobs) else None

    @Slot()
    def _show_actions(self) -> None:
        """Enable what the selected job allows; the buttons keep their places."""
        job = self._selected()
        self._again.setEnabled(job is not None and job.state in TROUBLE)
        self._give_up.setEnabled(job is not None and job.state in _WITHDRAWABLE)
        for button in (self._again, self._give_up):
            button.setVisible(bool(self._jobs))

    @Slot()
    def _repeat(self) -> None:
        job = self._selected()
        if job is not None:
            self._submit(RepeatPrintJob(job.id))

    @Slot()
    def _withdraw(self) -> None:
        job = self._selected()
        if job is not None:
            self._submit(WithdrawPrintJob(job.id))

    def _submit(self, command: Command[PrintJob]) -> None:
        self._message.clear()
        self._client.submit(command, self._changed)

    def _changed(self, outcome: Outcome[PrintJob]) -> None:
        """Show why nothing changed; a changed job is published."""
        if outcome.error is not None:
            self._message.show_error(outcome.error)
