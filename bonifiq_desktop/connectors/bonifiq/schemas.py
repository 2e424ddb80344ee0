"""Schemas of BonifiQ's answers, and their conversion to the domain.

Field names and letter case are the vendor's (`isCanceled`). The vendor marks no field as required, so that none is
required here: callers check the fields that they need.

Fields that decide have exact types (see `field_types.py`), and an invalid value there makes the whole answer unreadable
(ValidationError): OriginalId of an order, OrderTotal, State, IsCancelledOrReturned, isCanceled, Status,
RefundErrorDetails, HasError, Severity, Result. Every other field is left out when its value is invalid.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from bonifiq_desktop.connectors.bonifiq.field_types import (
    ExactCents,
    ExactText,
    Flag,
    HasDate,
    Moment,
    ObjectList,
    OptionalCents,
    OptionalObject,
    Party,
    Points,
    Text,
    VisibleText,
    parse_state,
)
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.verdicts import Bonus

_SEVERITY_WARNING = 1
_SEVERITY_ERROR = 2


class Schema(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)


class RefundErrorDetails(Schema):
    """Why a refund was refused under HTTP 200."""

    code: Text = Field("", alias="Code")
    message: Text = Field("", alias="Message")
    field: Text = Field("", alias="Field")


class CancelResult(Schema):
    is_canceled: bool | None = Field(None, alias="isCanceled")
    updated_at: Moment = Field(None, alias="UpdatedAt")
    status: int | None = Field(None, alias="Status", ge=0, le=4)
    details: RefundErrorDetails | None = Field(None, alias="RefundErrorDetails")
    order_id: ExactText = Field("", alias="OriginalId")


class _EstimatedBonus(Schema):
    generate: Flag = Field(None, alias="GenerateBonus")
    points: Points = Field(None, alias="EstimatedPoints")
    cashback: OptionalCents = Field(None, alias="EstimatedCashback")

    def to_domain(self) -> Bonus | None:
        """The bonus; zero for a sale that earns nothing, None where the answer has no readable value."""
        if self.generate is False:
            return Bonus()
        if self.points is None and self.cashback is None:
            return None
        return Bonus(self.points or 0, self.cashback or 0)


class SaleResult(Schema):
    order_id: ExactText = Field("", alias="OriginalId")
    estimate: OptionalObject[_EstimatedBonus] = Field(None, alias="EstimatedBonus")

    @property
    def bonus(self) -> Bonus | None:
        return self.estimate.to_domain() if self.estimate else None


class Envelope(Schema):
    """The wrapper of most answers. `Result` is read by the caller, which knows its shape."""

    error_message: Text = Field("", alias="ErrorMessage")
    friendly_message: Text = Field("", alias="FriendlyErrorMessage")
    error_code: Text = Field("", alias="ErrorCode")
    code: Text = Field("", alias="Code")
    code_name: Text = Field("", alias="CodeName")
    severity: int | None = Field(None, alias="Severity", ge=0, le=2)
    has_error: bool | None = Field(None, alias="HasError")
    has_warning: Flag = Field(None, alias="HasWarning")

    @property
    def is_refusal(self) -> bool:
        return bool(self.has_error) or self.severity == _SEVERITY_ERROR

    @property
    def message(self) -> str:
        return self.error_message or self.friendly_message

    @property
    def warning(self) -> str:
        return self.message if self.has_warning or self.severity == _SEVERITY_WARNING else ""

    @property
    def reason_code(self) -> str:
        """Name or number of the refusal; the old ErrorCode only where there is no other, and never 0."""
        return self.code_name or self.code or (self.error_code.strip("0") and self.error_code)


class _Product(Schema):
    product_id: VisibleText = Field("", alias="OriginalId")
    title: Text = Field("", alias="Title")
    price: OptionalCents = Field(None, alias="ProductPrice")


class _Metadata(Schema):
    name: Text = Field("", alias="Name")
    value: Text = Field("", alias="Value")


class CustomerSchema(Schema):
    customer_id: VisibleText = Field("", alias="OriginalId")
    name: Text = Field("", alias="Name")
    document: Text = Field("", alias="Document")
    email: Text = Field("", alias="Email")
    phone: Text = Field("", alias="Phone")
    tier: Text = Field("", alias="TierName")
    points: Points = Field(None, alias="PointsBalance")
    balance_of_points: Points = Field(None, alias="BalanceOfPoints")
    cashback: OptionalCents = Field(None, alias="Cashback")
    enrolled: Flag = Field(None, alias="IsEnrolled")

    def to_domain(self) -> Customer:
        points = self.points if self.points is not None else self.balance_of_points
        return Customer(**self.model_dump(exclude={"points", "balance_of_points"}), points=points)


class OrderSchema(Schema):
    order_id: ExactText = Field("", alias="OriginalId")
    total: ExactCents = Field(None, alias="OrderTotal")
    cancelled: bool | None = Field(None, alias="IsCancelledOrReturned")
    state: OrderState | None = Field(None, alias="State")
    has_cancelled_date: HasDate = Field(default=False, alias="OrderCancelledDate")
    status_text: Text = Field("", alias="OrderStatus")
    placed_at: Moment = Field(None, alias="OrderPlacementDate")
    completed: Flag = Field(None, alias="IsCompleted")
    coupon: Text = Field("", alias="Coupon")
    customer: OptionalObject[CustomerSchema] = Field(None, alias="Customer")
    branch: Party = Field("", alias="Branch")
    sales_person: Party = Field("", alias="TenantSalesman")
    products: ObjectList[_Product] = Field(default_factory=list, alias="Products")
    metadata: ObjectList[_Metadata] = Field(default_factory=list, alias="Metadatas")

    @field_validator("state", mode="before")
    @classmethod
    def _parse_state(cls, value: Any, info: ValidationInfo) -> OrderState | None:
        """Read a State. An unknown one leaves the decision to the flag, and is an error where there is no flag."""
        state = parse_state(value)
        if state is None and value is not None and value != "" and info.data.get("cancelled") is None:
            raise ValueError("neither flag nor state")
        return state

    @property
    def is_cancelled(self) -> bool:
        """Whether any of the three fields says so, even against the others.

        Refunding a cancelled order would do harm; an order that wrongly counts as cancelled can be looked into.
        """
        return bool(self.cancelled) or self.state is OrderState.CANCELLED or self.has_cancelled_date

    def to_domain(self, requested_id: str, total: Cents) -> Order:
        """The order; under the requested number where the answer has none."""
        return Order(
            order_id=self.order_id or requested_id,
            total=total,
            state=self.state,
            status_text=self.status_text,
            placed_at=self.placed_at,
            cancelled=self.is_cancelled,
            completed=bool(self.completed),
            coupon=self.coupon,
            customer=self.customer.to_domain() if self.customer else None,
            branch=self.branch,
            sales_person=self.sales_person,
            products=tuple(Product(p.product_id, p.title, p.price) for p in self.products),
            metadata=tuple((pair.name, pair.value) for pair in self.metadata if pair.name and pair.value),
        )
