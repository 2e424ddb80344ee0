"""User messages for slips."""

from bonifiq_desktop.domain.slips import SlipWarning, TemplateProblem
from bonifiq_desktop.ui.messages.message import translate


def slip_warning_text(warning: SlipWarning) -> str:
    """Why a file of the shop's folder `slips` was not used for a slip, and what stands in for it."""
    why = {
        TemplateProblem.UNREADABLE: translate("slips", "não pode ser lido"),
        TemplateProblem.TOO_LARGE: translate("slips", "é grande demais"),
        TemplateProblem.NOT_UTF8: translate("slips", "não está em UTF-8"),
        TemplateProblem.UNKNOWN_PLACEHOLDER: translate("slips", "tem um nome entre chaves que não existe"),
        TemplateProblem.STATUS_MISSING: translate("slips", "não tem a linha da situação, {status}"),
        TemplateProblem.NOT_A_PICTURE: translate("slips", "não é uma imagem PNG inteira"),
    }[warning.problem]
    if warning.file == "logo.png":
        return translate("slips", "{0} {1}: o comprovante sai sem ele.").format(warning.file, why)
    return translate("slips", "{0} {1}: vale o modelo do programa.").format(warning.file, why)
