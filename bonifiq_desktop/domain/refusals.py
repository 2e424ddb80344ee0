"""Classification of refusal codes by whether they name a cause."""

import re

# CodeNames that the vendor documents (API docs, section 11) and that name one cause other than the key. INVALID_REFUND
# is documented too, but names no cause.
_CLEAR = frozenset({"customernotfound", "valuemismatch", "productrefundtotalmismatch", "productmismatch"})
_SUBJECT = re.compile(r"value|amount|total|balance|order|customer|product")
# A code with one of these words may mean that an equal return was registered before.
_DONE_BEFORE = re.compile(r"key|duplic|repeat|used|conflict|exist|refunded|returned|processed|registered")


def has_clear_cause(code: str) -> bool:
    """Whether the code names the value, the order or the customer, so that any other key would be refused too.

    Doubtful codes return False and a person decides: a wrong True would refuse a second equal return for ever.
    """
    name = re.sub(r"[\W_]+", "", code).casefold()
    return name in _CLEAR or bool(_SUBJECT.search(name) and not _DONE_BEFORE.search(name))
