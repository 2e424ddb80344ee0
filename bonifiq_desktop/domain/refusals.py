"""Whether the code of a refusal names its cause."""

import re

# CodeNames of the vendor's pages, example and mock (docs of the API, section 11) that name one cause, which is not the
# key. INVALID_REFUND stands there too, and names none.
_CLEAR = frozenset({"customernotfound", "valuemismatch", "productrefundtotalmismatch", "productmismatch"})
_SUBJECT = re.compile(r"value|amount|total|balance|order|customer|product")
# A name with one of these may mean that an equal return was made before.
_DONE_BEFORE = re.compile(r"key|duplic|repeat|used|conflict|exist|refunded|returned|processed|registered")


def has_clear_cause(code: str) -> bool:
    """Whether a refused refund would be refused with any key: its code names the value, the order or the customer.

    In doubt it has not: a person then decides, where a wrong yes would refuse a second equal return for ever.
    """
    name = re.sub(r"[\W_]+", "", code).casefold()
    return name in _CLEAR or bool(_SUBJECT.search(name) and not _DONE_BEFORE.search(name))
