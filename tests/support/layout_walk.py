"""Open each page and state of the program, and print what does not fit as JSON. Run in a process of its own.

Arguments: data folder, server, language, folder for pictures (empty: none). `NUMBERS`: the orders to open. Without
credentials in the environment it walks through the first start.
"""

import json
import os
import sys
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QListWidget, QTableView

from bonifiq_desktop.app import build
from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble, ShopDatabaseStatus, Trouble
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.security.credentials import TOKEN_VARIABLE
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from bonifiq_desktop.ui.printing.slip_choice import SlipChoice
from bonifiq_desktop.ui.settings.first_start import FirstStartPage
from bonifiq_desktop.ui.settings.invite_sheet import InviteSheet
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.commands import PrintSlip
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.layout_check import problems
from tests.support.open_checkouts import MARIA, choose_first, home_rows, redeem
from tests.support.shop_window import exchange, publish, told_by_another_till
from tests.support.staff import ANA, BIA
from tests.support.staff_actions import add_person, open_settings, sign_out

BUSY_ORDER, LONG_TILL = "1002", "BALCAODOFUNDO"
_TARGET = Qt.ItemDataRole.UserRole
_SETTLE_SECONDS = 2.0
"""How long a layout may take until it counts; only a problem waits that long."""

Found = list[tuple[str, str, str, str]]


class Walk:
    """Walks through the program; `found` has the state before each problem."""

    def __init__(self, cashier: Cashier, pictures: str) -> None:
        self.cashier = cashier
        self.window = cashier.window
        self.pictures = pictures
        self.found: Found = []
        self.states = 0

    def look(self, state: str) -> None:
        end = monotonic() + _SETTLE_SECONDS
        let_work(0.02)
        while (found := problems(self.window)) and monotonic() < end:
            let_work(0.05)
        self.states += 1
        if self.pictures:
            self.window.grab().save(f"{self.pictures}/{self.states:02}-{state.replace(' ', '-')}.png")
        self.found += [(state, *problem) for problem in found]
        if QApplication.activeWindow() is not self.window:
            # A part that is shown before it has a parent is a window of its own for a moment, and takes the keys.
            self.found.append((state, "no longer the active window", "", ""))

    def pages(self) -> None:
        self.look("home")
        self.cashier.type("lookupField", "mar")
        self.look("results")
        self.cashier.press(Qt.Key.Key_F3)
        self.look("sale")
        self.cashier.press(Qt.Key.Key_F8)
        self.look("sale details")
        for field, text in (("saleItemName", "Vestido"), ("saleItemPrice", "99999900"), ("saleDiscount", "99999900")):
            self.cashier.type(field, text)
            self.cashier.press(Qt.Key.Key_Return, field)
        self.look("sale of items")
        self.cashier.press(Qt.Key.Key_F8)
        self.cashier.press(Qt.Key.Key_F4)
        self.look("history")
        self.day()
        self.settings()
        self.help()

    def help(self) -> None:
        """The help with a chapter, its key map, and a search with and without hits."""
        self.cashier.press(Qt.Key.Key_F1)
        self.look("guide")
        chapters = self.cashier.find("guideChapters", QListWidget)
        chapters.setCurrentRow(chapters.count() - 1)
        self.look("guide messages")
        keys = self.cashier.find("userGuide", UserGuideDialog)._guide.places["keys"]
        chapters.setCurrentRow(next(r for r in range(chapters.count()) if chapters.item(r).data(_TARGET) == keys))
        self.look("guide keys")
        for state, query in (("hits", "pix"), ("hits of a long word", "impressora"), ("no hit", "zzzz")):
            self.cashier.type("guideSearch", query)
            self.look(f"guide {state}")
        self.cashier.press(Qt.Key.Key_Escape, "userGuide")

    def day(self) -> None:
        """The page of the day close, in each of its sections."""
        self.cashier.press(Qt.Key.Key_F10)
        view = self.window.content.day.day
        wait_until(lambda: view.report is not None, "the day")
        self.look("day")
        sections = self.window.content.day._sections
        for place, name in enumerate(sections):
            self.cashier.find(f"daySections{place + 1}").click()
            self.look(f"day section {name}")

    def close_of_day(self) -> None:
        """A day with an operation in review: checked, asked about, closed, and as a record with a long reason."""
        self.cashier.press(Qt.Key.Key_F10)
        wait_until(lambda: self.cashier.is_shown("dayRows"), "what is to do")
        self.look("day in review")
        self.cashier.press(Qt.Key.Key_F5)
        wait_until(lambda: self.cashier.is_shown("dayMessage"), "the check")
        self.look("day checked")
        tables = self.cashier.find("dayRefundsByReason")
        self.window.content.day.day._scroll.ensureWidgetVisible(tables)
        self.look("day tables")
        self.cashier.press(Qt.Key.Key_Return, "dayClose")
        wait_until(lambda: self.cashier.is_open("closeDayDialog"), "the question")
        self.look("close of the day")
        self.cashier.type("closeDayPerson", "Wilhelmina Aparecida dos Santos e Silva")
        self.cashier.type("closeDayReason", "sem internet " * 15)
        self.cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
        wait_until(lambda: self.cashier.is_shown("dayRecord"), "the record")
        self.look("closed day")
        self.cashier.find("daySections2").click()
        self.look("closed days")

    def settings(self) -> None:
        self.cashier.press(Qt.Key.Key_F9)
        self.look("settings")
        sections = self.cashier.find("settingsSections", QListWidget)
        for row in range(1, sections.count()):
            sections.setCurrentRow(row)
            self.look(f"settings {row}")

    def people(self) -> None:
        """A till with people asks who is there."""
        add_person(self.cashier, "Ana", "manager", ANA.pin)
        open_settings(self.cashier, "people")
        self.look("people")
        self.cashier.find("peopleAdd").click()
        wait_until(lambda: self.cashier.is_open("personDialog"), "the question")
        self.look("new person")
        self.close_sheet()
        add_person(self.cashier, "Wilhelmina Aparecida dos Santos", "cashier", BIA.pin, approved_by=ANA.pin)
        sign_out(self.cashier)
        self.window.activateWindow()  # the menu of the person is a window of its own
        wait_until(lambda: self.cashier.find("lockPin").isVisible(), "the lock")
        self.look("lock")

    def first_start(self) -> None:
        wait_until(lambda: self.cashier.is_shown("firstStart"), "the first step")
        page = self.cashier.find("firstStart", FirstStartPage)
        for step in range(len(page._steps)):
            page._show_step(step)
            self.look(f"first start {step}")

    def order(self, number: str) -> None:
        name = number[:8]
        self.cashier.look_up(number)
        self.look(f"order {name}")
        self.cashier.open_refund()
        self.look(f"refund {name}")
        self.cashier.type("refundValue", "99999999")
        self.look(f"refund too much {name}")
        self.cashier.close_refund()
        self.cashier.open_cancel()
        self.look(f"cancel {name}")
        self.cashier.press(Qt.Key.Key_Escape, "cancelDialog")
        wait_until(lambda: not self.cashier.is_open("cancelDialog"), "the page to close")

    def decision(self) -> None:
        self.cashier.refund(state="review")
        self.look("order with a refund in review")
        self.cashier.press(Qt.Key.Key_F4)
        table = self.cashier.find("historyTable", QTableView)
        wait_until(lambda: table.model().rowCount() > 1, "the review beside the other till's row")
        table.selectRow(0)
        wait_until(lambda: self.cashier.find("historyDecide").isVisible(), "the button")
        self.look("history of a review")
        self.cashier.press(Qt.Key.Key_F8)
        wait_until(lambda: self.cashier.is_open("reviewDialog"), "the decision")
        self.look("decision")
        self.cashier.press(Qt.Key.Key_Escape, "reviewDialog")

    def printing(self) -> None:
        """The slips of an order, a job without a printer, and the printer's settings."""
        self.cashier.look_up("1001")
        wait_until(lambda: self.cashier.find("orderPrint").isEnabled(), "the order's operations")
        [operation] = self.cashier.find("orderCard", OrderCard).purchase.operations
        SlipChoice({SlipSubject(SlipKind.REFUND, str(number)): operation for number in range(12)}, self.window).open()
        self.look("choice of a slip")
        self.close_sheet()
        self.cashier.press(Qt.Key.Key_F11)
        wait_until(lambda: self.cashier.is_shown("previewSlip") and self.cashier.find("previewSlip").pages, "the slip")
        self.look("preview without a printer")
        self.close_sheet()
        self.cashier.app.client.submit(PrintSlip(SlipSubject(SlipKind.TEST)))
        wait_until(lambda: self.cashier.find("printNotice").isVisible(), "the notice")
        self.look("print notice")
        open_settings(self.cashier, "printer")
        for route in (1, 2):
            self.cashier.find("settingsPrintRoute", QComboBox).setCurrentIndex(route)
            self.look(f"printer by route {route}")
        self.cashier.find("printLater").click()

    def checkout(self) -> None:
        """A reward that was redeemed and has no sale; the customer's balance with rewards."""
        redeem(self.cashier)
        self.cashier.press(Qt.Key.Key_F2)
        self.cashier.press(Qt.Key.Key_Escape, "lookupField")
        wait_until(lambda: len(home_rows(self.cashier)) > 1, "the open checkout")
        self.look("home with an open checkout")
        choose_first(self.cashier)
        self.look("question about a checkout")
        self.cashier.find("checkoutUndo").click()
        self.cashier.wait_for_state("checkoutOutcome", "confirmed")
        self.look("reward undone")
        self.close_sheet()
        self.cashier.type("lookupField", MARIA.document)
        self.cashier.press(Qt.Key.Key_F5)
        wait_until(lambda: self.cashier.find("balanceRewards").isVisible(), "the rewards")
        self.look("balance with rewards")
        self.cashier.press(Qt.Key.Key_F4)
        wait_until(lambda: self.cashier.find("historyDetail").toPlainText(), "the details")
        self.look("history of a checkout")

    def reports(self) -> None:
        """The pictures and the owner's questions, with a refund and without anything."""
        self.cashier.press(Qt.Key.Key_F10)
        day = self.window.content.day
        for section, choice, count in (("charts", "chartsPicture", 4), ("questions", "questionsQuestion", 4)):
            day.show_section(section)
            for place in range(count):
                self.cashier.find(choice, Choice).choose(place)
                let_work(0.2)
                self.look(f"{section} {place}")
        day.show_section("charts")
        self.cashier.find("chartsTable").click()
        self.look("figures of a chart")
        self.cashier.find("chartsPeriod", Choice).choose(4)
        self.look("charts of a period")

    def shop(self) -> None:
        """An order that another till has, what is not known of it, the take-over, and the shop database's settings."""
        publish(self.cashier, exchange(till=LONG_TILL))
        self.cashier.look_up(BUSY_ORDER)
        wait_until(lambda: self.cashier.is_shown("takeOverButton"), "the other till's refund")
        self.look("order of another till")
        self.cashier.press(Qt.Key.Key_F8)
        self.cashier.type("takeOverReason", "desligado " * 15)
        self.look("take-over")
        self.close_sheet()
        publish(self.cashier, exchange(3000, Trouble.UNREACHABLE, till=LONG_TILL))
        self.look("order of another till while offline")
        self.cashier.press(Qt.Key.Key_F4)
        table = self.cashier.find("historyTable", QTableView)
        table.selectRow(table.model().rowCount() - 1)
        wait_until(lambda: self.cashier.is_shown("historyTakeOver"), "the other till's row")
        self.look("history of another till")
        self.cashier.look_up(json.loads(os.environ["NUMBERS"])[1])
        self.look("order of old knowledge")
        self.cashier.open_refund()
        self.look("refund of old knowledge")
        self.cashier.close_refund()
        open_settings(self.cashier, "shop")
        for trouble in Trouble:
            publish(self.cashier, exchange(3000, trouble, till=LONG_TILL))
            self.look(f"shop database {trouble}")
        for button in ("shopBegin", "shopLeave"):
            publish(self.cashier, exchange(3000, Trouble.FORK, till=LONG_TILL))
            self.cashier.find(button).click()
            self.look(f"question of {button}")
        self.invite()
        publish(self.cashier, ShopDatabaseStatus("", ""))
        self.cashier.click_when_enabled("shopJoin")
        self.cashier.type("joinPath", "x" * 300)
        self.cashier.type("joinCode", "ABCDE-FGHIJ-KLMNP-QRSTU")
        self.cashier.press(Qt.Key.Key_Return, "joinConfirm")
        self.cashier.wait_for_message("joinMessage")
        self.look("joining")
        self.close_sheet()

    def invite(self) -> None:
        """The invitation of another till: with a name that is taken, and with the code."""
        publish(self.cashier, exchange(till=LONG_TILL))
        self.cashier.find("shopInvite").click()
        self.look("invitation")
        self.cashier.type("inviteTill", LONG_TILL)
        self.cashier.find("inviteSheet", InviteSheet)._show_error(InvitationError(InvitationTrouble.NAME_IN_USE))
        self.look("invitation of a till in use")
        self.cashier.find("inviteSheet", InviteSheet)._show_code("WWWWW-WWWWW-WWWWW-WWWWW")
        self.look("invitation with its code")
        self.cashier.click_when_enabled("inviteDone")
        let_work(0.1)

    def messages(self) -> None:
        self.cashier.ask_for("x" * 300)
        self.cashier.wait_for_message("lookupMessage")
        self.look("message")
        Toast.show_in(self.window, "Um texto que fica embaixo da janela, com desfazer. " * 3, lambda: None)
        self.look("toast")
        self.window.close()
        wait_until(lambda: Sheet.open_in(self.window) is not None, "the question")
        self.look("close")
        self.close_sheet()

    def close_sheet(self) -> None:
        sheet = Sheet.open_in(self.window)
        if sheet is not None:
            sheet.reject()
        let_work(0.1)


def main(data: str, url: str, language: str, pictures: str) -> None:
    undo.UNDO_SECONDS = 0  # what can be undone waits on the screen of a test of its own
    if TOKEN_VARIABLE in os.environ:
        told_by_another_till(Path(data) / "ledger.db", order_id=BUSY_ORDER, till=LONG_TILL)
    app = build(["--data-dir", data, "--api-url", url, "--lang", language])
    walk = Walk(Cashier(app), pictures)
    app.start()
    wait_until(app.paths.ledger.exists, "the worker")
    if TOKEN_VARIABLE in os.environ:
        walk.pages()
        for number in json.loads(os.environ["NUMBERS"]):
            walk.order(number)
        walk.decision()
        walk.printing()
        walk.close_of_day()
        walk.checkout()
        walk.reports()
        walk.shop()
        walk.messages()
        walk.people()
    else:
        walk.first_start()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    app.stop()
    told = {"found": walk.found, "states": walk.states, "screen": [screen.width(), screen.height()]}
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
