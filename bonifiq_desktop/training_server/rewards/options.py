"""Options of rewards: behaviour and forms that the vendor does not document. The client is right under each."""

from typing import Any, Literal, TypedDict, get_args, get_type_hints

RepeatedKey = Literal[
    "first_result",  # the first redemption's answer again, as in the vendor's mock
    "code_name",  # a refusal whose CodeName names the key
    "message_pt",  # a refusal without CodeName, whose message names the key
    "message_en",  # the same in English
    "http_409",  # as code_name, under 409
    "silent",  # a refusal without a word about the key
]
KeyAfterUndo = Literal["refuses", "first_result", "redeems_again"]
RepeatedUndo = Literal["same_answer", "refuses", "not_found"]
CodeDelivery = Literal[
    "test",  # Success false, and the code in the answer: the vendor's test environment
    "sent",  # Success true, no code
    "sent_with_code",  # Success true, and the code in the answer
    "not_sent",  # Success false without a code
]
CodeStyle = Literal["six_digits", "four_digits", "letters"]
KeyPlace = Literal[
    "query",  # ?originalKey=, in any letter case, as ASP.NET reads it
    "body",  # {"OriginalKey": ...}
]
UndoTakes = Literal[
    "one_delete",
    "two_deletes",  # the first one is answered under 200, with IsCanceled false
]
RewardForm = Literal["bare", "envelope"]


class RewardOptions(TypedDict, total=False):
    """The first value of each option is the default."""

    repeated_key: RepeatedKey
    """The answer to a redemption whose OriginalKey has a redemption."""
    key_after_undo: KeyAfterUndo
    """The effect of an OriginalKey whose redemption was undone."""
    key_place: KeyPlace
    """Where DELETE POS/rewards takes the OriginalKey."""
    repeated_undo: RepeatedUndo
    """The answer to a DELETE of an undone redemption."""
    undo_takes: UndoTakes
    """How many DELETEs undo a redemption."""
    used_reward: Literal["kept", "undone"]
    """Whether a reward that an order uses can be undone."""
    cancel_returns_reward: Literal[True, False]
    """Whether a whole cancel gives the order's reward back."""
    refund_returns_reward: Literal[False, True]
    """Whether a partial refund without ShouldRefundRedeem gives it back."""
    needs_check: Literal[True, False]
    """Whether a redemption needs a passed check of a customer who must be checked."""
    code_delivery: CodeDelivery
    code_style: CodeStyle
    reward_form: RewardForm
    """The form of GET Rewards/{id}."""


REWARD_OPTIONS: dict[str, tuple[Any, ...]] = {
    name: get_args(values) for name, values in get_type_hints(RewardOptions).items()
}
"""The values of each option."""
