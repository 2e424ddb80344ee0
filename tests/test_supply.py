"""What the program is made of: pinned and listed; and nothing in our sources runs text that came from outside."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bonifiq_desktop

REPOSITORY = Path(bonifiq_desktop.__file__).parents[1]
PACKAGING = REPOSITORY / "packaging"
SOURCES = sorted([*(REPOSITORY / "bonifiq_desktop").rglob("*.py"), *PACKAGING.glob("*.py")])
PROGRAM = [source for source in SOURCES if "bonifiq_desktop" in source.parts]

# Modules that run what they read, or speak to the network past our one client.
NEVER = {"pickle", "cPickle", "dill", "shelve", "marshal", "yaml", "xml", "lxml", "jsonpickle", "joblib", "imp",
         "pty", "commands", "ftplib", "telnetlib", "requests", "urllib3", "aiohttp", "code", "codeop"}  # fmt: skip
NEVER_IN_THE_PROGRAM = {"subprocess", "multiprocessing", "urllib.request", "http.client", "smtplib", "xmlrpc"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__", "breakpoint"}
RUNS_A_SHELL = {"popen", "startfile", "create_subprocess_shell", "getoutput", "getstatusoutput"}
LOOSE = {"CERT_NONE", "CERT_OPTIONAL", "_create_unverified_context", "_create_default_https_context", "mktemp"}
LOOSE_WORDS = {"shell": True, "verify": False, "check_hostname": False, "follow_redirects": True, "trust_env": True}


def complaints(source: str, *, program: bool = True) -> Iterator[str]:
    """What no source of ours may hold."""
    never = NEVER | (NEVER_IN_THE_PROGRAM if program else set())
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            case _:
                names = []
        yield from (f"import {name}" for name in names if {name, name.partition(".")[0]} & never)
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in RUNS_TEXT:
                yield f"{name}()"
            case ast.Attribute(value=ast.Name(id="os"), attr="system"):
                yield "os.system"
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in RUNS_A_SHELL | LOOSE:
                yield name
            case ast.keyword(arg=str(word), value=ast.Constant(value=value)) if LOOSE_WORDS.get(word, ...) is value:
                yield f"{word}={value}"
            case ast.Assign(targets=[ast.Attribute(attr=word)], value=ast.Constant(value=value)):
                if LOOSE_WORDS.get(word, ...) is value:
                    yield f"{word} = {value}"


def _name(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("file", SOURCES, ids=_name)
def test_no_source_runs_outside_text_or_loosens_a_connection(file: Path) -> None:
    assert list(complaints(file.read_text(encoding="utf-8"), program=file in PROGRAM)) == []


@pytest.mark.parametrize(
    "code",
    [
        *("import pickle", "from marshal import loads", "import xml.etree.ElementTree", "from lxml import etree"),
        *("import yaml", "import subprocess", "from urllib.request import urlopen", "from urllib import request"),
        *("def f():\n    import shelve", "eval(text)", "exec(text)", "compile(text, '', 'eval')", "__import__('os')"),
        *("os.system(text)", "os.popen(text)", "run(text, shell=True)", "asyncio.create_subprocess_shell(text)"),
        *("httpx.AsyncClient(verify=False)", "httpx.Client(trust_env=True)", "context.check_hostname = False"),
        *("context.verify_mode = ssl.CERT_NONE", "tempfile.mktemp()", "client.get(url, follow_redirects=True)"),
    ],
)
def test_a_source_that_did_would_be_seen(code: str) -> None:
    assert list(complaints(code))


def test_the_security_rules_of_the_linter_hold_in_the_whole_program_and_every_exception_has_a_reason() -> None:
    lint = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    loosened = [rule for rule in lint["ignore"] if re.match(r"S\d", rule)]
    for place, rules in lint["per-file-ignores"].items():
        loosened += [rule for rule in rules if re.match(r"S\d", rule) and not place.startswith("tests/")]
    assert loosened == []
    waived = [line for file in SOURCES for line in file.read_text(encoding="utf-8").splitlines() if "noqa: S" in line]
    assert waived
    assert [line for line in waived if not re.search(r"# noqa: S\d+ +- \S", line)] == []


def entries(lock: str) -> dict[str, tuple[str, int]]:
    """Of every distribution of a lock file: its version, and how many hashes it has."""
    found = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()):
        matched = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", entry)
        assert matched, entry.splitlines()[0]
        found[matched[1]] = (matched[2], entry.count("--hash=sha256:"))
    return found


def test_everything_is_pinned_with_hashes_and_tests_run_on_what_shops_get() -> None:
    texts = {name: (PACKAGING / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
    runtime, dev = (entries(texts[name]) for name in ("requirements.lock", "requirements-dev.lock"))
    assert all(hashes for _, hashes in (*runtime.values(), *dev.values()))
    assert {name: version for name, (version, _) in runtime.items() if dev.get(name, ("",))[0] != version} == {}
    assert not [text for text in texts.values() if re.search(r"https?://|--index|--extra-index|--find-links", text)]
    assert {"pip-audit", "cyclonedx-bom"} <= set(dev) - set(runtime)


def test_an_audit_that_could_not_look_is_no_clean_audit() -> None:
    recipe = re.search(r"^audit:.*\n((?:\t.*\n)+)", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    assert {"--strict", "--require-hashes", "packaging/requirements.lock"} <= set(recipe[1].split())


@pytest.fixture(name="tool", scope="module")
def sbom_tool() -> ModuleType:
    """`packaging/sbom.py`."""
    spec = importlib.util.spec_from_file_location("sbom_tool", PACKAGING / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bill_lists_what_the_program_runs_on_and_nothing_of_the_workshop(tool: ModuleType, tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    out = tmp_path / "out" / "sbom.json"
    done = subprocess.run([sys.executable, str(PACKAGING / "sbom.py"), str(out)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(out.read_text()) is None
    bill = json.loads(out.read_text())
    listed = {part["name"].lower().replace("_", "-").replace(".", "-"): part for part in bill["components"]}
    wanted = tool.locked((PACKAGING / "requirements.lock").read_text())
    assert set(listed) == set(wanted) | {"cpython", "openssl", "sqlite", "qt"}
    assert {name: listed[name]["version"] for name in wanted} == wanted
    assert wanted.keys() >= {"httpx", "pyside6-essentials", "cryptography"}
    assert not wanted.keys() & {"pytest", "ruff", "pywin32-ctypes" if sys.platform != "win32" else ""}
    assert all(listed[name]["version"] for name in listed)
    refs = {part["bom-ref"] for part in bill["components"]}
    assert all(set(link["dependsOn"]) <= refs for link in bill["dependencies"])
    assert bill["metadata"]["component"]["version"] == bonifiq_desktop.__version__


@pytest.mark.parametrize(("name", "number"), [("httpx", "0.0.1"), ("no-such-distribution", "1.0")])
def test_a_bill_of_something_else_than_the_lock_is_not_written(tool: ModuleType, name: str, number: str) -> None:
    with pytest.raises(tool.Different, match=name):
        tool.check_installed({name: number})
