"""Answers of the API as models, read strictly, and turned into the domain's words.

Field names and letter case are the vendor's (`isCanceled`). The vendor marks no field as required, so neither is one
here; what a caller cannot do without is asked for where it is used.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bonifiq_desktop.api.parties import Party
from bonifiq_desktop.domain.money import Cents, from_wire
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.text import exposed, plain
from bonifiq_desktop.domain.verdicts import Bonus

_MAX_PRODUCTS = 1000
_MAX_POINTS = 10**15
_YEARS = range(1900, 3000)  # in others, a conversion to the PC's time zone may overflow


def _cents(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a JSON number")
    return from_wire(value)


def _string(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("not a JSON string")
    return value


def _text(value: Any) -> Any:
    return plain(_string(value))


def _name(value: Any) -> Any:
    return exposed(_string(value))


def _moment(value: Any) -> Any:
    """An API date: zero to seven fraction digits, and UTC where the offset is missing. Unreadable ones are no date."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _state(value: Any) -> Any:
    return value if type(value) is int and value in set(OrderState) else None


Money = Annotated[Cents | None, BeforeValidator(_cents)]
Points = Annotated[int | None, Field(ge=-_MAX_POINTS, le=_MAX_POINTS)]
Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, BeforeValidator(_name)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)


class RefundErrorDetails(_Model):
    """Why a refund was refused under HTTP 200."""

    code: Text = Field("", alias="Code")
    message: Text = Field("", alias="Message")
    field: Text = Field("", alias="Field")


class CancelResult(_Model):
    """Result of a whole or partial cancel."""

    is_canceled: bool | None = Field(None, alias="isCanceled")
    updated_at: Moment = Field(None, alias="UpdatedAt")
    status: int | None = Field(None, alias="Status", ge=0, le=4)
    details: RefundErrorDetails | None = Field(None, alias="RefundErrorDetails")
    order_id: Name = Field("", alias="OriginalId")


class EstimatedBonus(_Model):
    """What a sale is estimated to earn."""

    generate: bool | None = Field(None, alias="GenerateBonus")
    points: Points = Field(None, alias="EstimatedPoints")
    cashback: Money = Field(None, alias="EstimatedCashback")

    def to_domain(self) -> Bonus:
        """The bonus; nothing when the answer says that this sale earns nothing."""
        if self.generate is False:
            return Bonus()
        return Bonus(self.points or 0, self.cashback or 0)


class SaleResult(_Model):
    """Result of registering a sale."""

    order_id: Name = Field("", alias="OriginalId")
    bonus: EstimatedBonus | None = Field(None, alias="EstimatedBonus")


class Envelope(_Model):
    """The wrapper of most answers; `Result` is read by whoever knows its shape."""

    error_message: Text = Field("", alias="ErrorMessage")
    friendly_message: Text = Field("", alias="FriendlyErrorMessage")
    code: Text = Field("", alias="Code")
    code_name: Text = Field("", alias="CodeName")
    severity: int | None = Field(None, alias="Severity", ge=0, le=2)
    has_error: bool | None = Field(None, alias="HasError")
    has_warning: bool | None = Field(None, alias="HasWarning")

    @property
    def refuses(self) -> bool:
        """Whether the answer is a refusal by its own words."""
        return bool(self.has_error) or self.severity == 2  # noqa: PLR2004 - the API's number for an error

    @property
    def message(self) -> str:
        """What it says to people."""
        return self.error_message or self.friendly_message


class _Product(_Model):
    product_id: Name = Field("", alias="OriginalId")
    title: Text = Field("", alias="Title")
    price: Money = Field(None, alias="ProductPrice")


class _Pair(_Model):
    name: Text = Field("", alias="Name")
    value: Text = Field("", alias="Value")


class _Customer(_Model):
    customer_id: Name = Field("", alias="OriginalId")
    name: Text = Field("", alias="Name")
    document: Text = Field("", alias="Document")
    email: Text = Field("", alias="Email")
    phone: Text = Field("", alias="Phone")
    tier: Text = Field("", alias="TierName")
    points: Points = Field(None, alias="PointsBalance")
    balance_of_points: Points = Field(None, alias="BalanceOfPoints")
    cashback: Money = Field(None, alias="Cashback")
    enrolled: bool | None = Field(None, alias="IsEnrolled")

    def to_domain(self) -> Customer:
        return Customer(
            customer_id=self.customer_id,
            name=self.name,
            document=self.document,
            email=self.email,
            phone=self.phone,
            tier=self.tier,
            points=self.points if self.points is not None else self.balance_of_points,
            cashback=self.cashback,
            enrolled=self.enrolled,
        )


class OrderAnswer(_Model):
    """One order as looked up."""

    order_id: Name = Field("", alias="OriginalId")
    total: Money = Field(None, alias="OrderTotal")
    state: Annotated[int | None, BeforeValidator(_state)] = Field(None, alias="State")
    status_text: Text = Field("", alias="OrderStatus")
    placed_at: Moment = Field(None, alias="OrderPlacementDate")
    cancelled: bool | None = Field(None, alias="IsCancelledOrReturned")
    completed: bool | None = Field(None, alias="IsCompleted")
    coupon: Text = Field("", alias="Coupon")
    customer: _Customer | None = Field(None, alias="Customer")
    branch: Party = Field("", alias="Branch")
    sales_person: Party = Field("", alias="TenantSalesman")
    metadata: list[_Pair] | None = Field(None, alias="Metadatas", max_length=_MAX_PRODUCTS)
    products: list[_Product] | None = Field(None, alias="Products", max_length=_MAX_PRODUCTS)

    def to_domain(self, asked: str, total: Cents) -> Order:
        """The order; named as it was asked for when the answer leaves the name out."""
        state = None if self.state is None else OrderState(self.state)
        return Order(
            order_id=self.order_id or asked,
            total=total,
            state=state,
            status_text=self.status_text,
            placed_at=self.placed_at,
            cancelled=bool(self.cancelled) or state is OrderState.CANCELLED,
            completed=bool(self.completed),
            coupon=self.coupon,
            customer=self.customer.to_domain() if self.customer else None,
            branch=self.branch,
            sales_person=self.sales_person,
            metadata=tuple((pair.name, pair.value) for pair in self.metadata or ()),
            products=tuple(Product(p.product_id, p.title, p.price) for p in self.products or ()),
        )
