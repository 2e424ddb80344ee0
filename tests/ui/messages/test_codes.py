"""Codes of messages: one for each message, each explained in both languages, none without a message."""

import ast
import html
import re
from functools import cache

import pytest

from bonifiq_desktop.domain.operations import Kind, ReviewReason
from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble, ShopDatabaseError, Trouble
from bonifiq_desktop.domain.staff import PinLocked, PinWrong
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.storage.paths import document, resource
from bonifiq_desktop.ui.help.guide import MessageEntry, read_messages
from bonifiq_desktop.ui.messages import codes
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.field_errors import message_for_field, message_for_person_field
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import review_text
from bonifiq_desktop.ui.messages.shop_database import message_for_trouble
from tests.support.message_sources import UI, message_sources

LANGUAGES = ("pt-BR", "en")
SPOKEN = re.compile(r"[A-Z]{2,8}-\d\d")


@cache
def entries(language: str) -> tuple[MessageEntry, ...]:
    return read_messages(document(f"messages.{language}.md").read_text(encoding="utf-8"))


@cache
def explained(code: str) -> MessageEntry:
    [entry] = [each for each in entries("pt-BR") if each.code == code]
    return entry


def sentences_of(entry: MessageEntry) -> list[str]:
    return entry.sentences.split(" / ")


def with_gaps(sentence: str) -> str:
    """A sentence as the documents write it: `…` for what the program fills in."""
    return re.sub(r"…+", "…", re.sub(r"\{\d\}|%n", "…", sentence))


def window_texts(language: str) -> str:
    """All texts of the window in a language; the plural forms, too."""
    catalogue = resource("translations/bonifiq_en.ts").read_text(encoding="utf-8")
    pattern = r"<source>(.*?)</source>" if language == "pt-BR" else r"<(?:translation|numerusform)>(.*?)</"
    return html.unescape("\n".join(re.findall(pattern, catalogue, re.DOTALL)))


# --- the registry


def test_each_code_can_be_read_out() -> None:
    assert [code for code in codes.CODES if not SPOKEN.fullmatch(code)] == []


def test_no_code_stands_for_two_things() -> None:
    reasons = (*codes.FAILURE_CODES.values(), *codes.REVIEW_CODES.values(), *codes.PRINT_CODES.values())
    shop = (*codes.TROUBLE_CODES.values(), *codes.ENROLMENT_CODES.values(), *codes.INVITATION_CODES.values())
    named = (*reasons, *shop, *codes.FIELD_CODES.values(), *codes.PERSON_FIELD_CODES.values())
    assert len(named) + len(codes.MEANINGS) + 1 == len(codes.CODES)


def test_every_failure_and_review_reason_has_a_code() -> None:
    assert set(codes.FAILURE_CODES) == set(FailureReason)
    assert set(codes.REVIEW_CODES) == set(ReviewReason)
    assert set(codes.TROUBLE_CODES) == set(Trouble)
    assert set(codes.ENROLMENT_CODES) == set(EnrolmentTrouble)


def test_every_code_of_the_registry_belongs_to_a_message() -> None:
    in_code = {
        node.value
        for file in UI.rglob("*.py")
        if file.name != "codes.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SPOKEN.fullmatch(node.value)
    }
    assert set(codes.MEANINGS) <= in_code <= codes.CODES


def test_every_message_has_a_code() -> None:
    sources = [*message_sources(UI / "messages"), *(each for each in message_sources() if each.file == "notices.py")]
    assert len(sources) > 80
    assert [f"{each.file}:{each.line}" for each in sources if not each.has_code] == []


# --- the documents


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_explain_each_code_once(language: str) -> None:
    written = [entry.code for entry in entries(language)]
    assert sorted(written) == sorted(codes.CODES)
    assert written == [entry.code for entry in entries("pt-BR")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_say_what_happened_what_moved_and_what_to_do(language: str) -> None:
    assert [
        entry.code for entry in entries(language) if len(entry.facts) != 3 or not all(dict(entry.facts).values())
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_quote_sentences_of_the_window(language: str) -> None:
    texts = with_gaps(window_texts(language))
    quoted = [(entry.code, each) for entry in entries(language) for each in sentences_of(entry)]
    assert [(code, each) for code, each in quoted if each not in texts] == []


def test_sentence_of_each_message_stands_at_its_code() -> None:
    coded = [each for each in message_sources() if each.code]
    assert len(coded) > 90
    wrong = [
        (each.file, each.line, sentence)
        for each in coded
        for sentence in each.sentences
        if with_gaps(sentence) not in sentences_of(explained(each.code))
    ]
    assert wrong == []


def shown(message: Message) -> tuple[str, str]:
    return message.code, message.title


COMPUTED = [
    *(shown(message_for_field(field)) for field in codes.FIELD_CODES),
    shown(message_for_field("unknown")),
    *(shown(message_for_person_field(field)) for field in codes.PERSON_FIELD_CODES),
    *(shown(message_for_error(LookupFailed(reason))) for reason in FailureReason),
    *((codes.REVIEW_CODES[reason], review_text(reason, Kind.REFUND)) for reason in ReviewReason),
    *(shown(message_for_error(ShopDatabaseError(trouble))) for trouble in Trouble),
    *(shown(message_for_error(EnrolmentError(trouble))) for trouble in EnrolmentTrouble),
    shown(message_for_trouble(Trouble.NEWER, "CAIXA3")),
    shown(message_for_error(PinWrong(3, ""))),
    shown(message_for_error(PinLocked(60, ""))),
]


@pytest.mark.parametrize(("code", "title"), COMPUTED, ids=[code for code, _ in COMPUTED])
def test_sentence_made_at_run_time_stands_at_its_code(code: str, title: str) -> None:
    patterns = [re.escape(each).replace("…", ".+") for each in sentences_of(explained(code))]
    assert any(re.fullmatch(pattern, title) for pattern in patterns)
