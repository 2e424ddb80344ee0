"""`training-server`: serve until interrupted."""

import json
import threading

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, CommandFailed
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.listener import TrainingServerError
from bonifiq_desktop.training_server.server import TrainingServer


def run(arguments: Arguments) -> int:
    """Print the address and credentials as one JSON line and serve; return the exit status."""
    server = TrainingServer(
        port=arguments.port,
        contract=resource("contract/bonifiq.openapi.json"),
        remote_contracts=(resource("contract/mirakl.openapi.json"), resource("contract/akinon.openapi.json")),
    )
    try:
        server.start()
    except TrainingServerError as error:
        raise CommandFailed(str(error)) from error
    mirakl, akinon = server.mirakl, server.akinon
    line = {
        "url": server.url,
        "token": server.token,
        "key": server.key,
        "mirakl": {"url": mirakl.url, "key": mirakl.key, "shop_id": mirakl.shop_id},
        "akinon": {"url": akinon.url, "user": akinon.user, "password": akinon.password, "channel": akinon.channel},
    }
    print(json.dumps(line), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()
    return DONE
