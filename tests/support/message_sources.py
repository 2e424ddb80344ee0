"""The messages in the source of the window: their sentences and their codes."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bonifiq_desktop

UI = Path(bonifiq_desktop.__file__).parent / "ui"
_TITLE_AT = {"Message": 1, "rejection": 0, "say": 1}
"""Position of the title in a call."""
_CODE_AT = {"Message": 4, "rejection": None, "say": None}
_WRAPPERS = frozenset({"format", "_named", "_with_kind_and_state"})


@dataclass(frozen=True)
class MessageSource:
    """A call that makes a message. `sentences`: its possible titles; `code`: empty where the code is computed."""

    file: str
    line: int
    sentences: tuple[str, ...]
    has_code: bool
    code: str


def message_sources(folder: Path = UI) -> Iterator[MessageSource]:
    """Every call of `Message`, `rejection` and `say` with a title."""
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and len(node.args) > _TITLE_AT.get(_name(node), len(node.args)):
                    yield _source(file, function, node)


def _source(file: Path, function: ast.FunctionDef, call: ast.Call) -> MessageSource:
    position = _CODE_AT[_name(call)]
    code = next((each.value for each in call.keywords if each.arg == "code"), None)
    if code is None and position is not None and len(call.args) > position:
        code = call.args[position]
    literal = code.value if isinstance(code, ast.Constant) and isinstance(code.value, str) else ""
    sentences = tuple(_sentences(call.args[_TITLE_AT[_name(call)]], function))
    return MessageSource(file.relative_to(UI).as_posix(), call.lineno, sentences, code is not None, literal)


def _name(call: ast.Call) -> str:
    called = call.func
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


def _sentences(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The texts that an expression may show. A variable with several values is left out: its code goes with them."""
    match node:
        case ast.Call() if _name(node) in {"tr", "translate"}:
            text = node.args[0 if _name(node) == "tr" else 1]
            if isinstance(text, ast.Constant):
                yield str(text.value)
        case ast.Call(func=ast.Attribute(value=inner)) if _name(node) == "format":
            yield from _sentences(inner, function)
        case ast.Call() if _name(node) in _WRAPPERS:
            yield from _sentences(node.args[0], function)
        case ast.IfExp():
            yield from _sentences(node.body, function)
            yield from _sentences(node.orelse, function)
        case ast.Name():
            values = [
                each.value
                for each in ast.walk(function)
                if isinstance(each, ast.Assign) and any(_is_name(target, node.id) for target in each.targets)
            ]
            if len(values) == 1:
                yield from _sentences(values[0], function)


def _is_name(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name
