"""Handlers of the search, the home page and a customer's balance."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.search import Balance, Home, SearchResult
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.Search)
def search(backend: "Backend", command: c.Search) -> SearchResult:
    return backend.search.search(command.text)


@Handler(c.HomeSummary)
def home_summary(backend: "Backend", _command: c.HomeSummary) -> Home:
    return backend.search.home()


@Handler(c.CustomerBalance, needs_credentials=True, shows_person=True)
async def customer_balance(backend: "Backend", command: c.CustomerBalance) -> Balance:
    return await backend.balances.ask(command.document_or_phone)
