"""Forms of an answer, for each point where the vendor documents none or several."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

RefusalForm = Literal["envelope", "details", "status"]

# Answers to a used CancelKey. The vendor documents none, so the client must handle all.
KeyUsedForm = Literal[
    "code_name",  # 200, CodeName CancelKeyAlreadyUsed
    "message_en",  # 200, no CodeName, the message names the key in English
    "message_pt",  # 200, no CodeName, the message names the key in Portuguese
    "http_400",  # as code_name, under 400
    "http_409",  # as code_name, under 409
    "silent",  # 200, a refusal without a word about the key
    "echo",  # 200, the first refund's answer again
]

# Answers to a look-up of an unknown order.
MissingForm = Literal[
    "envelope_404",  # a refusal in the API's form, under 404
    "envelope_200",  # the same, under 200
    "message",  # 404 and a Message about the order, in no envelope
    "text",  # 404 and plain text
    "json_text",  # 404 and a JSON string
    "empty",  # 404 without a body
    "no_content",  # 204
    "null",  # 200 and null
]

# Forms of a found order.
LookupForm = Literal[
    "bare",  # as documented
    "flat",  # beside HasError false and ErrorMessage null
    "flat_code",  # beside a CodeName that is null
    "envelope",  # as a Result
]

# Forms of the answer to an applied request.
ResultForm = Literal[
    "envelope",  # as documented
    "four_fields",  # the envelope of the older pages
    "flat",  # the result itself, beside HasError false and ErrorMessage null
]

# Status of an applied partial refund: Completed, Accepted, Cancel (with isCanceled true), or absent.
RefundStatus = Literal[3, 0, 4, None]

# IsEnrolled of the customer in a look-up.
Enrolment = Literal[
    "true",  # the stored value
    "never",  # always false
    "hidden",  # absent
]

# The answer to a query for rewards, which holds a customer's balance.
BalanceForm = Literal[
    "bare",  # as documented
    "envelope",  # as a Result
    "absent",  # 404 in no form of the API's: this shop's BonifiQ has no such call
]


@dataclass
class AnswerForms:
    """The chosen form of each answer. Every field may be set at any time."""

    key_used_form: KeyUsedForm = "code_name"
    refusal_form: RefusalForm = "envelope"
    refusal_status: Literal[200, 400] = 200
    missing_form: MissingForm = "envelope_404"
    lookup_form: LookupForm = "bare"
    result_form: ResultForm = "envelope"
    refund_status: RefundStatus = 3
    enrolment: Enrolment = "true"
    balance_form: BalanceForm = "bare"


ANSWER_FORMS: dict[str, tuple[Any, ...]] = {name: get_args(form) for name, form in get_type_hints(AnswerForms).items()}
"""The values of each field."""


def is_one_of(value: object, choices: Iterable[object]) -> bool:
    """Whether a value is among the choices. Types count: 1 == True in Python, but 1 is not a boolean setting."""
    return any(type(value) is type(choice) and value == choice for choice in choices)
