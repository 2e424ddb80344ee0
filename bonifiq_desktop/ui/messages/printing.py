"""User messages for slips and print jobs. The screen promises that a printer was sent something, and no more."""

from collections.abc import Callable

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintState
from bonifiq_desktop.domain.slips import Paper, SlipKind
from bonifiq_desktop.ui.messages.codes import PRINT_CODES
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate

TROUBLE = frozenset({PrintState.FAILED, PrintState.UNCERTAIN})
"""States in which a person should look at the printer."""


def slip_name(kind: SlipKind) -> str:
    return {
        SlipKind.SALE: translate("printing", "Comprovante de venda"),
        SlipKind.REFUND: translate("printing", "Comprovante de devolução"),
        SlipKind.RETURN: translate("printing", "Comprovante de devolução"),
        SlipKind.REDEMPTION: translate("printing", "Comprovante de benefício"),
        SlipKind.CANCELLATION: translate("printing", "Comprovante de cancelamento"),
        SlipKind.DAY_CLOSE: translate("printing", "Fechamento do dia"),
        SlipKind.TEST: translate("printing", "Página de teste"),
    }[kind]


def paper_name(paper: str) -> str:
    return {
        Paper.ROLL_80: translate("printing", "80 mm"),
        Paper.ROLL_58: translate("printing", "58 mm"),
        Paper.A4: translate("printing", "A4"),
    }[Paper(paper)]


def job_name(job: PrintJob) -> str:
    """The slip of a job, and what tells it from others."""
    if job.subject.kind is SlipKind.DAY_CLOSE:
        year, month, day = job.subject.id.split("-")
        return joined(slip_name(job.subject.kind), f"{day}/{month}/{year}")
    order = translate("printing", "pedido {0}").format(job.order_id) if job.order_id else ""
    return joined(slip_name(job.subject.kind), order)


def job_state(job: PrintJob) -> str:
    """The state of a job in a few words, with the reason where it was not sent."""
    state = {
        PrintState.QUEUED: translate("printing", "Na fila"),
        PrintState.SENDING: translate("printing", "Enviando"),
        PrintState.SENT: translate("printing", "Enviado à impressora"),
        PrintState.FAILED: translate("printing", "Não foi impresso"),
        PrintState.UNCERTAIN: translate("printing", "Talvez impresso"),
        PrintState.WITHDRAWN: translate("printing", "Desistiu"),
    }[job.state]
    return join_sentences(f"{state}:", _short_reason(job.failure)) if job.failure and job.state in TROUBLE else state


def message_for_job(job: PrintJob) -> Message:
    """Message for a job that ended."""
    if job.state not in TROUBLE or job.failure is None:
        return Message(
            "success", translate("printing", "Enviado à impressora: {0}.").format(job_name(job)), code="PAPEL-11"
        )
    reason, action = _reason_and_action(job)
    title = f"{job_name(job)}: {reason}"
    if job.state is PrintState.UNCERTAIN:
        return Message(
            "warning",
            title,
            translate("printing", "O papel pode ter saído, inteiro ou em parte."),
            translate("printing", "Olhe a impressora. Se não saiu, aperte Imprimir de novo: sai escrito «2ª via»."),
            PRINT_CODES[job.failure],
        )
    nothing = translate("printing", "Nada foi impresso. O registro está guardado.")
    return Message("danger", title, nothing, action, PRINT_CODES[job.failure])


def no_printer_message() -> Message:
    return Message(
        "info",
        translate("printing", "Nenhuma impressora foi escolhida neste caixa."),
        "",
        translate("printing", "Escolha em Ajustes › Impressora, ou salve o PDF ou a imagem."),
        PRINT_CODES[PrintFailure.NO_PRINTER],
    )


def slip_missing_message() -> Message:
    return Message(
        "warning", translate("printing", "Este registro não está no histórico deste caixa."), code="PAPEL-12"
    )


def _short_reason(failure: PrintFailure) -> str:
    return {
        PrintFailure.NO_PRINTER: translate("printing", "sem impressora escolhida"),
        PrintFailure.PRINTER_GONE: translate("printing", "a impressora não existe mais"),
        PrintFailure.ADDRESS_REFUSED: translate("printing", "endereço fora da rede da loja"),
        PrintFailure.OFFLINE: translate("printing", "desligada ou sem conexão"),
        PrintFailure.OUT_OF_PAPER: translate("printing", "sem papel"),
        PrintFailure.RESOLUTION_TOO_LOW: translate("printing", "menos de 180 pontos por polegada"),
        PrintFailure.PAPER_REFUSED: translate("printing", "papel recusado pelo driver"),
        PrintFailure.TIMED_OUT: translate("printing", "não respondeu a tempo"),
        PrintFailure.HELPER_ENDED: translate("printing", "interrompido"),
        PrintFailure.SLIP_UNREADABLE: translate("printing", "o comprovante não pôde ser montado"),
    }[failure]


def _reason_and_action(job: PrintJob) -> tuple[str, str]:
    """What is wrong with the printer, and what to do about it."""
    again = translate("printing", "Depois aperte Imprimir de novo.")
    texts: dict[PrintFailure, Callable[[], tuple[str, str]]] = {
        PrintFailure.NO_PRINTER: lambda: (
            translate("printing", "nenhuma impressora foi escolhida neste caixa."),
            translate("printing", "Escolha em Ajustes › Impressora (F9)."),
        ),
        PrintFailure.PRINTER_GONE: lambda: (
            translate("printing", "a impressora {0} não existe mais neste PC, e nenhuma outra é usada no lugar dela."),
            translate("printing", "Escolha a impressora em Ajustes › Impressora (F9)."),
        ),
        PrintFailure.ADDRESS_REFUSED: lambda: (
            translate("printing", "o endereço {0} fica fora da rede da loja, e lá o comprovante iria sem proteção."),
            translate("printing", "Corrija o endereço em Ajustes › Impressora (F9)."),
        ),
        PrintFailure.OFFLINE: lambda: (
            translate("printing", "a impressora {0} está desligada ou sem conexão."),
            translate("printing", "Ligue a impressora e confira o cabo ou a rede."),
        ),
        PrintFailure.OUT_OF_PAPER: lambda: (
            translate("printing", "a impressora {0} está sem papel ou com a tampa aberta."),
            translate("printing", "Ponha papel e feche a tampa."),
        ),
        PrintFailure.RESOLUTION_TOO_LOW: lambda: (
            translate("printing", "a impressora {0} tem menos de 180 pontos por polegada, e sairia ilegível."),
            translate("printing", "Mude a resolução no driver, ou escolha outra impressora em Ajustes (F9)."),
        ),
        PrintFailure.PAPER_REFUSED: lambda: (
            translate("printing", "o driver da impressora {0} não aceitou o papel."),
            translate("printing", "Em Ajustes › Impressora (F9) escolha outro papel ou outra forma do driver."),
        ),
        PrintFailure.TIMED_OUT: lambda: (
            translate("printing", "a impressora {0} não respondeu a tempo."),
            translate("printing", "Desligue e ligue a impressora."),
        ),
        PrintFailure.HELPER_ENDED: lambda: (
            translate("printing", "a impressão em {0} foi interrompida."),
            translate("printing", "Se acontecer outra vez, o suporte precisa ver o driver da impressora."),
        ),
        PrintFailure.SLIP_UNREADABLE: lambda: (
            translate("printing", "o comprovante não pôde ser montado."),
            translate("printing", "Avise o suporte: o modelo da loja ou o registro não pôde ser lido."),
        ),
    }
    reason, action = texts[job.failure or PrintFailure.HELPER_ENDED]()
    return reason.format(job.printer), join_sentences(action, again)
