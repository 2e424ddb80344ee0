"""Messages that several commands print."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.storage.files import Exposure, FolderNotPrivate

if TYPE_CHECKING:
    from bonifiq_desktop.ui.single_instance import OtherPC

OPEN_ALREADY = "o programa já está aberto com esta pasta de dados; feche-o antes de abrir outro."
NEWER_LEDGER = "o histórico foi gravado por uma versão mais nova do programa. Instale a versão mais nova. Nada mudou."


def used_by_other_pc(other: "OtherPC") -> str:
    return (
        f"esta pasta de dados estava em uso no computador “{other.name}” desde {other.since:%d/%m/%Y %H:%M}. "
        "Se ele ainda usa a mesma pasta, feche o programa lá antes. Se a pasta veio de lá, ela pode ser usada aqui."
    )


def not_private(error: FolderNotPrivate) -> str:
    where = error.filename
    kind = "na pasta" if Path(where).is_dir() else "no arquivo"
    return {
        Exposure.WORLD_WRITABLE: f"qualquer usuário deste computador pode escrever {kind} {where}. "
        "Tire essa permissão (chmod o-w) ou escolha outra pasta de dados. Nada foi aberto.",
        Exposure.OTHER_OWNER: f"{where} é de outro usuário. Escolha uma pasta de dados sua. Nada foi aberto.",
        Exposure.LINK: f"{where} é um atalho para outro lugar. Ponha ali o arquivo ou a pasta de verdade, "
        "ou tire o atalho. Nada foi aberto.",
    }[error.exposure]
