"""Every module of handlers: importing one registers its handlers."""

from bonifiq_desktop.worker import day_handlers as day_handlers
from bonifiq_desktop.worker import file_handlers as file_handlers
from bonifiq_desktop.worker import print_handlers as print_handlers
from bonifiq_desktop.worker import remote_handlers as remote_handlers
from bonifiq_desktop.worker import report_handlers as report_handlers
from bonifiq_desktop.worker import reward_handlers as reward_handlers
from bonifiq_desktop.worker import search_handlers as search_handlers
from bonifiq_desktop.worker import shop_handlers as shop_handlers
from bonifiq_desktop.worker import slip_file_handlers as slip_file_handlers
from bonifiq_desktop.worker import slip_handlers as slip_handlers
