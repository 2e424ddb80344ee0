"""Read the meaning of a refusal's texts by the table in `refusal_wordings.py`.

No page documents the texts, so that a single word decides nothing. A text is cut into clauses. It has a meaning only
when one clause is a sentence of the table from its first word to its last, and every other clause is one, too, or a
neutral phrase. A word that no row foresees (another subject, a negation, "must", "invalid", "expired") takes the
meaning away. In doubt a key is not *used* and an order not *missing*: a person decides then.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from bonifiq_desktop.connectors.bonifiq import refusal_wordings as w
from bonifiq_desktop.connectors.bonifiq.refusal_wordings import Meaning


def meaning_for_key(
    codes: Iterable[str],
    texts: Iterable[str],
    *,
    cancel_key: str | None,
    order_id: str,
    field: str = "",
    redeems: bool = False,
) -> Meaning | None:
    """What a refusal says of the client's key: KEY_USED, KEY_USE_CONTRADICTED, IN_PROGRESS or nothing.

    `field`: the field that the answer refuses; where it is the key, "value already used" is about the key.
    `redeems`: the request redeems a reward, and its key is the OriginalKey.
    """
    if redeems:
        codes, texts, field = (
            map(_in_words_of_refund, codes),
            map(_in_words_of_refund, texts),
            _in_words_of_refund(field),
        )
    about_key = _normalized_code(field) == "cancelkey"
    names = [_normalized_code(code) for code in codes if code]
    told = [_clauses(text, cancel_key, order_id, about_key=about_key) for text in texts if text]
    if any(map(w.PROGRESS_CODE.fullmatch, names)) or any(map(_is_in_progress, told)):
        return Meaning.IN_PROGRESS
    if cancel_key is None or any(w.DENIES_KEY_USE.search(clause) for clauses in told for clause in clauses):
        return None
    if not _is_stated(Meaning.KEY_USED, names, told):
        return None
    said = any(_is_sentence(Meaning.KEY_USED, clauses) for clauses in told)
    is_doubted = not said and any(w.CONTRADICTS_KEY_USE.search(clause) for clauses in told for clause in clauses)
    is_doubted |= any(w.EARLIER_REQUEST_FAILED.fullmatch(clause) for clauses in told for clause in clauses[1:])
    return Meaning.KEY_USE_CONTRADICTED if is_doubted else Meaning.KEY_USED


def says_order_missing(codes: Iterable[str], texts: Iterable[str], order_id: str) -> bool:
    """Whether a refusal says that the order is missing, and not another thing."""
    told = [_clauses(text, None, order_id) for text in texts if text]
    if any(
        w.OTHER_THING_MISSING.search(clause) or w.SEARCH_INCOMPLETE.search(clause)
        for clauses in told
        for clause in clauses
    ):
        return False
    return _is_stated(Meaning.ORDER_MISSING, [_normalized_code(code) for code in codes if code], told)


def _is_stated(meaning: Meaning, names: list[str], told: list[list[str]]) -> bool:
    """Whether a code name has this meaning, or a text has it and no code name gives another reason."""
    if any(re.fullmatch(w.CODES[meaning], name) for name in names):
        return True
    if not all(map(w.NEUTRAL_CODE.fullmatch, names)):
        return False
    return any(_is_sentence(meaning, clauses) for clauses in told)


def _is_sentence(meaning: Meaning, clauses: list[str]) -> bool:
    if len(clauses) == 1 and meaning in w.WHOLE_TEXTS and re.fullmatch(w.WHOLE_TEXTS[meaning], clauses[0]):
        return True
    says = [re.fullmatch(w.SENTENCES[meaning], clause) for clause in clauses]
    return any(says) and all(
        said or w.NEUTRAL_PHRASE.fullmatch(clause) for said, clause in zip(says, clauses, strict=True)
    )


def _is_in_progress(clauses: list[str]) -> bool:
    """Whether the clauses say that an earlier request, and not another thing, is under way."""
    plain = [w.ABOUT_ORDER.sub("", w.UNFINISHED.sub("in progress", clause)) for clause in clauses]
    if any(map(_is_under_way, plain)):
        return True
    if any(w.ONLY_WAITS.fullmatch(after) and _is_of_request(before) for before, after in pairwise(plain)):
        return True
    # "Retry later" means that only beside the key or the request, and where nothing is refused for another reason.
    text = " ".join(plain)
    asks_to_wait = w.LATER.search(text) and w.REPEATED.search(text)
    return bool(asks_to_wait) and not w.REFUSES.search(text) and not w.OTHER_SUBJECT.search(text)


def _is_under_way(clause: str) -> bool:
    return bool(w.PROGRESS.search(clause)) and _is_of_request(clause)


def _is_of_request(clause: str) -> bool:
    """Whether a clause is about the key or the request, and contains no refusal."""
    subject = w.WORKED_ON.search(clause)
    if subject is None or w.REFUSES.search(clause):
        return False
    other = w.OTHER_SUBJECT.search(clause)
    return other is None or other.start() > subject.start()


# --- a redemption's words in those of a refund, for which the table is written

_WITH_KEY = r"(?:with|using|under|for|com|usando|para|por)\b"
_REDEMPTION_WORDS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"original[\s_-]*key", "cancelkey"),
        (r"\b(?:redemption|redeem|reward)[\s_-]*key", "cancelkey"),
        (r"\bchave (?:original|d[eo] (?:resgate|recompensa))\b", "cancelkey"),
        (r"chave_?(?:de_?)?resgate", "chavedeestorno"),
        # A reward is the subject only beside the key with which it was redeemed.
        (rf"\breward(?= (?:(?:was|has|is) )?already (?:been )?redeemed {_WITH_KEY})", "refund"),
        (rf"\b(?:recompensa|beneficio)(?= ja (?:foi )?resgatad[ao] {_WITH_KEY})", "estorno"),
        (r"\bredeemed\b", "processed"),
        (r"\bresgatad([ao])\b", r"processad\1"),
        (r"\b(?:redemption|redeem)\b", "refund"),
        (r"\bresgate\b", "estorno"),
    )
)


def _in_words_of_refund(text: str) -> str:
    """A text about a redemption with the names that the table has for a refund and its key."""
    flat = _folded(text)
    for pattern, word in _REDEMPTION_WORDS:
        flat = pattern.sub(word, flat)
    return flat


# --- from a text to its clauses

_SEPARATORS = re.compile(
    r"[.;:!,()|\u2022\u00b7\u2026]|\s[-\u2010-\u2015]+\s|\b(?:because|since|pois|porque|ja que|uma vez que|sendo que)\b"
)
_QUOTES = re.compile(r"[\"'`\u00b4\u2018-\u201f\u00ab\u00bb\[\]{}*<>#]")
_KEY_NAME = re.compile(r"cancel[\s_-]*key")
_KEY_IN_BRACKETS = re.compile(r"[(\[]\s*((?:cancelkey|KEY|[\s:=])+)[)\]]")
_NAME_AND_VALUE = re.compile(
    r"\b(cancelkey|(?:key|chave|cancelamento|estorno)(?=\s*[:=]\s*KEY\b)"
    r"|(?:order|pedido|id|numero|number)(?=\s*[:=]\s*ORDER\b))\s*[:=]"
)
_GENERIC_SUBJECT = re.compile(r"^(?:(?:the|this|o|a|este|esta|esse|essa) )?(?:value|key|field|valor|chave|campo)\b")


def _clauses(text: str, cancel_key: str | None, order_id: str, *, about_key: bool = False) -> list[str]:
    """The clauses of a text in lower case and without accents. No row matches a question."""
    flat = _folded(text)
    if cancel_key:
        flat = _with_placeholder(flat, _folded(cancel_key), "KEY")
    if any(map(str.isdecimal, order_id)):  # an order number without digits could be a word of the sentence
        flat = _with_placeholder(flat, _folded(order_id), "ORDER")
    flat = _KEY_NAME.sub("cancelkey", flat)
    flat = _KEY_IN_BRACKETS.sub(r" \1 ", flat)
    flat = _NAME_AND_VALUE.sub(r"\1 ", _QUOTES.sub(" ", flat))
    clauses = (" ".join(re.sub(r"[-\u2010-\u2015]", " ", part).split()) for part in _SEPARATORS.split(flat))
    return [_GENERIC_SUBJECT.sub("cancelkey", clause) if about_key else clause for clause in clauses if clause]


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _with_placeholder(text: str, name: str, stand_in: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", stand_in, text)


def _normalized_code(code: str) -> str:
    return re.sub(r"[\W_]", "", _folded(code))
