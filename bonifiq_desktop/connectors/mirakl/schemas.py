"""Pydantic models of Mirakl's answers: only the fields that this program uses; others and new words are accepted.

Source: Mirakl's seller API description (OR11, OR28, OR30, RE01, A01, PC01, RT01, RT11) and its general notes.
Amounts are JSON numbers, in some samples texts; both are read as exact decimals.
"""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bonifiq_desktop.connectors.bonifiq.field_types import (
    Flag,
    Moment,
    ObjectList,
    Text,
    VisibleText,
    parse_whole_number,
)

_MAX_AMOUNT = Decimal(10**13)
_MAX_FRACTION = Decimal("0.000001")  # finer digits are the noise of binary doubles
_MAX_UNITS = 10**6
_MAX_TEXT_AMOUNT = 40


def _amount(value: Any) -> Decimal | None:
    """An exact amount without the noise of a double, and without trailing zeros. Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("not an amount")
    try:
        number = Decimal(value[:_MAX_TEXT_AMOUNT].strip() if isinstance(value, str) else value)
    except InvalidOperation as error:
        raise ValueError("not an amount") from error
    if not number.is_finite() or number.copy_abs() > _MAX_AMOUNT:
        raise ValueError("amount beyond limits")
    if number == number.to_integral_value():
        return Decimal(int(number))
    return number.quantize(_MAX_FRACTION, rounding=ROUND_HALF_EVEN).normalize()


def _positive(value: Any) -> Decimal | None:
    """An amount that is not negative: a negative record would leave more of a line than was paid for it."""
    amount = _amount(value)
    if amount is not None and amount < 0:
        raise ValueError("negative amount")
    return amount


def _units(value: Any) -> int | None:
    number = parse_whole_number(value)
    return number if number is not None and 0 <= number <= _MAX_UNITS else None


def _name(value: Any) -> str:
    """An identifier as text. Raises ValueError where there is none."""
    name = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise ValueError("not an identifier")
    return name


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Price = Annotated[Decimal, BeforeValidator(_positive)]
OptionalPrice = Annotated[Decimal | None, BeforeValidator(_positive)]
Units = Annotated[int | None, BeforeValidator(_units)]
Name = Annotated[str, BeforeValidator(_name)]
_ZERO = Decimal(0)


class Answer(BaseModel):
    """A part of an answer; its validator is built at the first use, so that it does not delay the start."""

    model_config = ConfigDict(defer_build=True)


class CodedAmount(Answer):
    """A tax or a fee, of a line or of what was taken back. `rule`: of a line's tax only."""

    code: Name
    amount: Amount = _ZERO
    rule: Text = Field(default="", alias="tax_calculation_rule")


class RecordSchema(Answer):
    """An entry of a line's `cancelations` or `refunds`."""

    record_id: Name = Field(alias="id")
    amount: OptionalPrice = None
    shipping: Price = Field(default=_ZERO, alias="shipping_amount")
    units: Units = Field(default=None, alias="quantity")
    reason_code: Text = ""
    state: Text = Field(default="", alias="refund_state")
    created_at: Moment = Field(default=None, alias="created_date")
    taxes: ObjectList[CodedAmount] = []
    shipping_taxes: ObjectList[CodedAmount] = []
    fees: ObjectList[CodedAmount] = []


class LineSchema(Answer):
    """One of `order_lines`. `price` and `shipping` are totals of all units."""

    line_id: Name = Field(alias="order_line_id")
    state: Text = Field(default="", alias="order_line_state")
    can_refund: Flag = None
    units: Units = Field(default=None, alias="quantity")
    price: Price
    shipping: Price = Field(default=_ZERO, alias="shipping_price")
    offer_sku: VisibleText = ""
    product_sku: VisibleText = ""
    title: Text = Field(default="", alias="product_title")
    taxes: ObjectList[CodedAmount] = []
    shipping_taxes: ObjectList[CodedAmount] = []
    fees: ObjectList[CodedAmount] = []
    debited_at: Moment = Field(default=None, alias="debited_date")
    shipped_at: Moment = Field(default=None, alias="shipped_date")
    received_at: Moment = Field(default=None, alias="received_date")
    cancelations: list[RecordSchema] = []
    refunds: list[RecordSchema] = []


class ReferencesSchema(Answer):
    """Numbers that other systems know the order by."""

    for_customer: VisibleText = Field(default="", alias="order_reference_for_customer")
    for_seller: VisibleText = Field(default="", alias="order_reference_for_seller")


class OrderSchema(Answer):
    """One of OR11's `orders`. `tax_mode` and `fully_refunded` were missing in answers until 2021."""

    order_id: Name
    commercial_id: VisibleText = ""
    state: Text = Field(default="", alias="order_state")
    can_cancel: Flag = None
    fully_refunded: Flag = None
    workflow: Text = Field(default="", alias="payment_workflow")
    customer_debited_at: Moment = Field(default=None, alias="customer_debited_date")
    pays_seller: Flag = Field(default=None, alias="customer_directly_pays_seller")
    currency: Name = Field(alias="currency_iso_code")
    tax_mode: Text = Field(default="", alias="order_tax_mode")
    order_taxes: list[dict[str, Any]] | None = None
    price: Price
    created_at: Moment = Field(default=None, alias="created_date")
    changed_at: Text = Field(default="", alias="last_updated_date")
    references: ReferencesSchema = Field(default_factory=ReferencesSchema)
    for_customer: VisibleText = Field(default="", alias="order_reference_for_customer")
    for_seller: VisibleText = Field(default="", alias="order_reference_for_seller")
    lines: list[LineSchema] = Field(alias="order_lines")


class OrderList(Answer):
    """The answer to OR11."""

    orders: list[OrderSchema]


class AnyOrders(Answer):
    """The answer to OR11, where only its form counts."""

    orders: list[dict[str, Any]]


class CreatedSchema(Answer):
    """An entry that OR30 or OR28 made, as it answers it."""

    cancelation_id: Text = ""
    refund_id: Text = ""
    line_id: Name = Field(alias="order_line_id")
    amount: OptionalPrice = None
    shipping: Price = Field(default=_ZERO, alias="shipping_amount")
    reason_code: Text = ""
    units: Units = Field(default=None, alias="quantity")
    taxes: ObjectList[CodedAmount] = []
    shipping_taxes: ObjectList[CodedAmount] = []


class CreatedList(Answer):
    """The answer to OR30 or OR28."""

    cancelations: list[CreatedSchema] = []
    refunds: list[CreatedSchema] = []


class ReturnLineSchema(Answer):
    line_id: Name = Field(alias="order_line_id")
    units: Units = Field(default=None, alias="quantity")
    reason_code: Text = ""


class ReturnSchema(Answer):
    """A return of RT01's `return_success` or RT11's `data`."""

    return_id: Name = Field(alias="id")
    rma: Text = ""
    order_id: Text = ""
    commercial_id: Text = Field(default="", alias="order_commercial_id")
    state: Text = ""
    created_at: Moment = Field(default=None, alias="date_created")
    lines: list[ReturnLineSchema] = Field(default=[], alias="return_lines")


class ReturnErrorSchema(Answer):
    message: Text = ""
    commercial_id: Text = Field(default="", alias="order_commercial_id")


class CreatedReturns(Answer):
    """The answer to RT01."""

    made: list[ReturnSchema] = Field(default=[], alias="return_success")
    errors: list[ReturnErrorSchema] = Field(default=[], alias="return_errors")


class ReturnList(Answer):
    """The answer to RT11."""

    returns: list[ReturnSchema] = Field(alias="data")
    next_page: str | None = Field(default=None, alias="next_page_token")


class ReasonSchema(Answer):
    code: Name
    label: Text = ""
    purpose: Text = Field(default="", alias="type")
    is_shop_right: Flag = None


class ReasonList(Answer):
    """The answer to RE01."""

    reasons: list[ReasonSchema]


class TaxRuleSchema(Answer):
    code: Name
    rule: Text = Field(default="", alias="tax_calculation_rule")


class TaxRuleList(Answer):
    """The answer to OR75."""

    taxes: list[TaxRuleSchema]


class ShopSchema(Answer):
    """The answer to A01."""

    shop_id: Name
    shop_name: Text = ""
    shop_state: Text = ""
    currency: Text = Field(default="", alias="currency_iso_code")


class _DirectPayment(Answer):
    refund_cancel_authorized: Flag = None


class _Features(Answer):
    direct_payment: _DirectPayment = Field(default_factory=_DirectPayment, alias="direct_payment_customer_store")


class Configuration(Answer):
    """The answer to PC01."""

    features: _Features = Field(default_factory=_Features)

    @property
    def refund_cancel_authorized(self) -> bool | None:
        """Whether shops may cancel and refund what customers pay them directly; None: not said."""
        return self.features.direct_payment.refund_cancel_authorized
