"""A branch or a seller in an answer: the vendor's pages say that there is one, and nothing of its shape."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from bonifiq_desktop.domain.coded_names import format_coded_name


def _party(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    parts = [value.get(name) for name in ("OriginalId", "Name")]
    return format_coded_name(*(part if isinstance(part, str) else "" for part in parts))


Party = Annotated[str, BeforeValidator(_party)]
"""As `read_named` reads it; empty for any other shape than the request's."""
