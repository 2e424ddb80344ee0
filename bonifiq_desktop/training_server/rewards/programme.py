"""The reward programme: one-time codes, redemptions and their reversal, and the rules that change balances.

Points and cashback are two balances here: a redemption takes from the one in which the reward has its price.
"""

import base64
import copy
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Unpack

from bonifiq_desktop.training_server import validation
from bonifiq_desktop.training_server.errors import CHALLENGE_INVALID, CUSTOMER_NOT_FOUND, REWARD_NOT_FOUND, Refusal
from bonifiq_desktop.training_server.fault_injection.answer_forms import is_one_of
from bonifiq_desktop.training_server.json_codec import parse_timestamp
from bonifiq_desktop.training_server.models import AppliedKind, Customer, Order
from bonifiq_desktop.training_server.rewards import rules
from bonifiq_desktop.training_server.rewards.catalogue import REWARDS
from bonifiq_desktop.training_server.rewards.errors import KeyRedeemed
from bonifiq_desktop.training_server.rewards.models import (
    CASHBACK,
    Basket,
    Configuration,
    Offer,
    OneTimeCode,
    Reason,
    Redemption,
)
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS, RewardOptions

_FIRST_NUMBER = 70001
_CENTS_OF_A_POINT = 5
_CODE_LIFE = timedelta(minutes=10)
_CHECK_LIFE = timedelta(minutes=30)
_MOST_WRONG_TRIES = 5


class RewardProgramme:
    """Codes and redemptions of the service's customers. Every public method is thread-safe; `lock` is the service's.

    Each option is an attribute that may be set at any time.
    """

    repeated_key: str
    key_after_undo: str
    key_place: str
    repeated_undo: str
    undo_takes: str
    used_reward: str
    cancel_returns_reward: bool
    refund_returns_reward: bool
    needs_check: bool
    code_delivery: str
    code_style: str
    reward_form: str

    def __init__(
        self,
        customers: Mapping[str, Customer],
        *,
        lock: threading.RLock,
        now: Callable[[], str],
        record: Callable[[AppliedKind, str, str, int], None],
    ) -> None:
        self.set_options(**{name: values[0] for name, values in REWARD_OPTIONS.items()})
        self.redemptions: list[Redemption] = []
        self._customers = customers
        self._codes: dict[tuple[str, str], OneTimeCode] = {}
        self._asked_to_undo: set[int] = set()
        self._named: set[tuple[str, str]] = set()
        self._lock = lock
        self._now = now
        self._record = record

    def set_options(self, **options: Unpack[RewardOptions]) -> None:
        """Set some options. Raises ValueError for an unknown name or value and changes nothing then."""
        for name, value in options.items():
            if not is_one_of(value, REWARD_OPTIONS.get(name, ())):
                raise ValueError(f"unknown reward option or value: {name}")
        for name, value in options.items():
            setattr(self, name, value)

    def offers(self, customer: Customer | None, basket: Basket) -> list[Offer]:
        with self._lock:
            return rules.offers(REWARDS, customer, basket, self.redemptions)

    def is_named(self, customer: Customer, transaction: str, body: Mapping[str, Any]) -> bool:
        """Whether a new member was named by document and name, now or earlier in the transaction.

        The vendor's example names a new member in the first request, and repeats it with the missing contact alone.
        """
        with self._lock:
            if body.get("Document") and body.get("Name"):
                self._named.add((customer.original_id, transaction))
            return customer.check != "signup" or (customer.original_id, transaction) in self._named

    def send_code(self, customer: Customer, transaction: str, *, by_sms: bool) -> OneTimeCode:
        """Make a new code for a transaction; it replaces an earlier one."""
        with self._lock:
            fresh = OneTimeCode(_new_code(self.code_style), self._now(), by_sms)
            self._codes[customer.original_id, transaction] = fresh
            return copy.copy(fresh)

    def check_code(self, customer: Customer, transaction: str, code: str) -> bool:
        with self._lock:
            sent = self._codes.get((customer.original_id, transaction))
            if sent is None or self._is_older(sent.sent, _CODE_LIFE) or sent.wrong_tries >= _MOST_WRONG_TRIES:
                return False
            if not secrets.compare_digest(sent.code.encode(), code.strip().encode()):
                sent.wrong_tries += 1
                return False
            sent.passed = self._now()
            return True

    def last_code(self, customer_id: str) -> str:
        """The code that was sent last to a customer; "" if none was."""
        with self._lock:
            return next((sent.code for (name, _), sent in reversed(self._codes.items()) if name == customer_id), "")

    def redeem(self, reward_number: int, customer: Customer | None, body: Mapping[str, Any]) -> Redemption:
        """Redeem a reward, once per OriginalKey, and return a copy.

        Raises:
            KeyRedeemed: the key has a redemption of this reward and customer.
            Refusal: a rule is broken.
        """
        with self._lock:
            reward = next((each for each in REWARDS if each.number == reward_number), None)
            if reward is None:
                raise Refusal(REWARD_NOT_FOUND, "Benefício não encontrado.", field="id")
            holder = None if customer is None else self._customers.get(customer.original_id)
            if holder is None:
                raise Refusal(CUSTOMER_NOT_FOUND, "Cliente não encontrado.", field="CustomerId")
            cents = _chosen_cents(reward, body)
            self._refuse_known_key(body["OriginalKey"], reward, holder, cents)
            self._check_holder(reward, holder, cents)
            redemption = self._new_redemption(reward, holder, cents, body)
            self.redemptions.append(redemption)
            holder.points -= redemption.points
            holder.cashback_cents -= redemption.cents
            self._record("redemption", "", redemption.key, redemption.cents)
            return copy.copy(redemption)

    def find(self, number: int) -> Redemption | None:
        with self._lock:
            return copy.copy(next((each for each in self.redemptions if each.number == number), None))

    def of_customer(self, customer_id: str) -> list[Redemption]:
        """Copies of a customer's redemptions, oldest first, undone ones included."""
        with self._lock:
            return [copy.copy(each) for each in self.redemptions if each.customer_id == customer_id]

    def undo(self, number: int) -> Redemption:
        """Undo a redemption by its RewardId, as `undo_takes` says, and return a copy. Raises Refusal."""
        with self._lock:
            return self._undo(next((each for each in self.redemptions if each.number == number), None))

    def undo_by_key(self, key: str) -> Redemption:
        """Undo the latest redemption with this OriginalKey and return a copy. Raises Refusal."""
        with self._lock:
            return self._undo(next((each for each in reversed(self.redemptions) if each.key == key), None))

    def check_coupon(self, coupon: str | None, order_id: str) -> Redemption | None:
        """The redemption that an order's Coupon names, if any. Raises Refusal for one undone or used elsewhere."""
        named = next((each for each in self.redemptions if coupon and each.external_code == coupon), None)
        if named is not None and named.cancelled:
            raise Refusal("RewardCanceled", "O benefício deste cupom foi desfeito.", field="Coupon")
        if named is not None and named.order_id not in {"", order_id}:
            raise Refusal("RewardAlreadyUsed", "O benefício deste cupom já foi usado em outro pedido.", field="Coupon")
        return named

    def use(self, named: Redemption | None, order: Order) -> None:
        """Bind an order to the redemption that its Coupon names, and to no other one."""
        for each in self.redemptions:
            if each.order_id == order.original_id and each is not named:
                each.order_id = ""
        if named is not None:
            named.order_id = order.original_id

    def used_by(self, order_id: str) -> Redemption | None:
        """The live redemption that an order uses."""
        with self._lock:
            return copy.copy(self._used_by(order_id))

    def give_back(self, order_id: str) -> None:
        """Undo the redemption that an order uses, because the order was cancelled or refunded."""
        used = self._used_by(order_id)
        if used is not None:
            self._cancel(used)

    def _used_by(self, order_id: str) -> Redemption | None:
        return next((each for each in self.redemptions if each.order_id == order_id and not each.cancelled), None)

    def _refuse_known_key(self, key: str, reward: Configuration, holder: Customer, cents: int) -> None:
        known = next((each for each in reversed(self.redemptions) if each.key == key), None)
        if known is None or (known.cancelled and self.key_after_undo == "redeems_again"):
            return
        if (known.reward, known.customer_id, known.cents) != (reward.number, holder.original_id, cents):
            raise Refusal("OriginalKeyMismatch", "Esta OriginalKey é de outro resgate.", field="OriginalKey")
        echoes = self.key_after_undo if known.cancelled else self.repeated_key
        raise KeyRedeemed(copy.copy(known), echoes=echoes == "first_result")

    def _check_holder(self, reward: Configuration, holder: Customer, cents: int) -> None:
        held = [each for each in self.redemptions if each.customer_id == holder.original_id and not each.cancelled]
        reason = rules.reason_of_customer(reward, holder, held)
        if reason != Reason.CAN_USE:
            raise Refusal("RewardNotAvailable", f"O benefício não pode ser usado ({reason.name}).", field="id")
        if cents > holder.cashback_cents:
            raise Refusal(
                "CashbackAboveBalance",
                "O valor é maior que o cashback do cliente.",
                field="Value",
                expected=holder.cashback_cents,
                actual=cents,
            )
        if self.needs_check and holder.check != "none" and not self._passed_check(holder):
            raise Refusal(CHALLENGE_INVALID, "Confirme a identidade do cliente antes de usar o benefício.")

    def _passed_check(self, holder: Customer) -> bool:
        passed = [sent.passed for (name, _), sent in self._codes.items() if name == holder.original_id and sent.passed]
        return any(not self._is_older(each, _CHECK_LIFE) for each in passed)

    def _is_older(self, then: str, life: timedelta) -> bool:
        return parse_timestamp(self._now()) - parse_timestamp(then) > life

    def _new_redemption(
        self, reward: Configuration, holder: Customer, cents: int, body: Mapping[str, Any]
    ) -> Redemption:
        number = max((each.number for each in self.redemptions), default=_FIRST_NUMBER - 1) + 1
        return Redemption(
            number=number,
            key=body["OriginalKey"],
            reward=reward.number,
            customer_id=holder.original_id,
            external_code=_external_code(number, body["OriginalKey"]),
            at=self._now(),
            cents=cents,
            points=reward.points,
            product_id=reward.product.product_id if reward.product else None,
            has_coupon=bool(body.get("ForceGenerateCoupon")),
        )

    def _undo(self, redemption: Redemption | None) -> Redemption:
        if redemption is None:
            raise Refusal(REWARD_NOT_FOUND, "Resgate não encontrado.", field="id")
        if redemption.cancelled:
            if self.repeated_undo == "same_answer":
                return copy.copy(redemption)
            if self.repeated_undo == "refuses":
                raise Refusal("RewardAlreadyCanceled", "Este resgate já foi desfeito.", field="id")
            raise Refusal(REWARD_NOT_FOUND, "Resgate não encontrado.", field="id")
        if redemption.order_id and self.used_reward == "kept":
            raise Refusal("RewardAlreadyUsed", "Este resgate já foi usado em um pedido.", field="id")
        if self.undo_takes == "one_delete" or redemption.number in self._asked_to_undo:
            self._cancel(redemption)
        self._asked_to_undo.add(redemption.number)
        return copy.copy(redemption)

    def _cancel(self, redemption: Redemption) -> None:
        redemption.cancelled = self._now()
        holder = self._customers.get(redemption.customer_id)
        if holder is not None:
            holder.points += redemption.points
            holder.cashback_cents += redemption.cents
        self._record("reversal", redemption.order_id, redemption.key, redemption.cents)


def _chosen_cents(reward: Configuration, body: Mapping[str, Any]) -> int:
    """The cashback that a redemption spends; 0 for other rewards. Raises Refusal."""
    value, points = body.get("Value"), body.get("Points")
    if reward.kind != CASHBACK:
        if value is not None or points is not None:
            raise Refusal("InvalidValue", "Este benefício não aceita um valor.", field="Value")
        return 0
    if (value is None) == (points is None):
        raise Refusal("InvalidValue", "Informe o valor do cashback em Value ou em Points.", field="Value")
    cents = int(points or 0) * _CENTS_OF_A_POINT if value is None else validation.amount_in_cents(value, "Value")
    if cents <= 0:
        raise Refusal("InvalidValue", "O valor do cashback deve ser maior que zero.", field="Value")
    return cents


def _external_code(number: int, key: str) -> str:
    digest = hashlib.sha256(f"{number} {key}".encode()).digest()
    return f"BQ-{base64.b32encode(digest)[:10].decode()}"


def _new_code(style: str) -> str:
    if style == "letters":
        return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
    length = 4 if style == "four_digits" else 6
    return f"{secrets.randbelow(10**length):0{length}d}"
