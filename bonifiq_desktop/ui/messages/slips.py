"""User messages for slips."""

from bonifiq_desktop.domain.slips import SlipWarning


def slip_warning_text(warning: SlipWarning) -> str:
    return f"{warning.file}: {warning.problem.value}"
