"""Dependencies are pinned and listed, and the sources hold no unsafe code."""

import ast
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
from tests.support.build_tools import PACKAGING, REPOSITORY, build_tool

SOURCES = sorted([*(REPOSITORY / "bonifiq_desktop").rglob("*.py"), *PACKAGING.glob("*.py")])

# The linter's rules do not see these.
BUILTINS_THAT_RUN_TEXT = {"compile", "__import__"}
UNSAFE_KEYWORDS = {"verify": False, "check_hostname": False, "follow_redirects": True, "trust_env": True}


def unsafe_code(source: str) -> Iterator[str]:
    """Code that no source may hold and that no linter rule finds."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS_THAT_RUN_TEXT:
                yield f"{name}()"
            case ast.keyword(arg=str(word), value=ast.Constant(value=value)) if UNSAFE_KEYWORDS.get(word, ...) is value:
                yield f"{word}={value}"
            case ast.Assign(targets=[ast.Attribute(attr=word)], value=ast.Constant(value=value)):
                if UNSAFE_KEYWORDS.get(word, ...) is value:
                    yield f"{word} = {value}"


def linted(code: str) -> str:
    """The linter's findings in a file of the program with this code."""
    command = [sys.executable, "-m", "ruff", "check", "--stdin-filename", "bonifiq_desktop/services/x.py", "-"]
    select = ["--select", "S,TID251,T100", "--output-format", "concise", "--no-cache"]
    done = subprocess.run([*command, *select], input=code, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    return done.stdout if done.returncode else ""


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(REPOSITORY).as_posix())
def test_source_holds_no_code_that_runs_text_or_weakens_a_connection(file: Path) -> None:
    assert list(unsafe_code(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        *("import pickle", "from marshal import loads", "import xml.etree.ElementTree", "from lxml import etree"),
        *("import yaml", "from urllib.request import urlopen", "from urllib import request"),
        *("def f():\n    import shelve", "eval(text)", "exec(text)", "compile(text, '', 'eval')", "__import__('os')"),
        *(
            "import os\nos.system(text)",
            "import os\nos.popen(text)",
            "import subprocess\nsubprocess.run(text, shell=True)",
        ),
        "import asyncio\nasyncio.create_subprocess_shell(text)",
        *("import httpx\nhttpx.AsyncClient(verify=False)", "import httpx\nhttpx.Client(trust_env=True)"),
        *("context.check_hostname = False", "import ssl\ncontext.verify_mode = ssl.CERT_NONE"),
        *("import tempfile\ntempfile.mktemp()", "client.get(url, follow_redirects=True)", "breakpoint()"),
    ],
)
def test_unsafe_code_is_found(code: str) -> None:
    assert list(unsafe_code(code)) or linted(code)


@pytest.mark.parametrize("code", ["import json", "from urllib.parse import quote", "context.check_hostname = True"])
def test_safe_code_is_not_reported(code: str) -> None:
    assert (list(unsafe_code(code)), linted(code)) == ([], "")


def test_linter_security_rules_hold_everywhere_and_each_exception_has_a_reason() -> None:
    lint = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if re.match(r"S\d", rule)] == []
    places = {
        place: [rule for rule in rules if re.match(r"S\d", rule)] for place, rules in lint["per-file-ignores"].items()
    }
    exceptions = {place: rules for place, rules in places.items() if rules and not place.startswith("tests/")}
    assert exceptions == {"packaging/*": ["S603"], "bonifiq_desktop/ledger/*": ["S608"]}
    waived = [line for file in SOURCES for line in file.read_text(encoding="utf-8").splitlines() if "noqa: S" in line]
    assert waived
    assert [line for line in waived if not re.search(r"# noqa: S\d+ +- \S", line)] == []


def entries(lock: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of every distribution in a lock file."""
    found = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()):
        matched = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", entry)
        assert matched, entry.splitlines()[0]
        found[matched[1]] = (matched[2], entry.count("--hash=sha256:"))
    return found


def test_dependencies_are_pinned_with_hashes_and_tests_use_the_same_versions() -> None:
    texts = {name: (PACKAGING / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
    runtime, dev = (entries(texts[name]) for name in ("requirements.lock", "requirements-dev.lock"))
    assert all(hashes for _, hashes in (*runtime.values(), *dev.values()))
    assert {name: version for name, (version, _) in runtime.items() if dev.get(name, ("",))[0] != version} == {}
    assert not [text for text in texts.values() if re.search(r"https?://|--index|--extra-index|--find-links", text)]
    assert {"cyclonedx-bom", "packaging"} <= set(dev) - set(runtime)


@pytest.fixture(name="tool", scope="module")
def sbom_tool() -> ModuleType:
    """`packaging/sbom.py`."""
    return build_tool("sbom")


def test_sbom_lists_run_time_parts_and_no_development_tools(tool: ModuleType, tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    out = tmp_path / "out" / "sbom.json"
    done = subprocess.run([sys.executable, str(PACKAGING / "sbom.py"), str(out)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(out.read_text()) is None
    bill = json.loads(out.read_text())
    listed = {part["name"].lower().replace("_", "-").replace(".", "-"): part for part in bill["components"]}
    wanted = tool.locked_versions((PACKAGING / "requirements.lock").read_text())
    beneath = set(listed) - set(wanted)
    assert beneath >= {"cpython", "openssl", "sqlite", "qt", "libpq"}
    if sys.platform == "linux":  # what the wheel of psycopg-binary names of its libraries
        assert beneath >= {"keyutils-libs", "cyrus-sasl-lib", "libcom-err"}
    assert {name: listed[name]["version"] for name in wanted} == wanted
    assert wanted.keys() >= {"httpx", "pyside6-essentials", "cryptography"}
    assert not wanted.keys() & {"pytest", "ruff", "pywin32-ctypes" if sys.platform != "win32" else ""}
    assert all(listed[name]["version"] for name in listed)
    refs = {part["bom-ref"] for part in bill["components"]}
    assert all(set(link["dependsOn"]) <= refs for link in bill["dependencies"])
    assert bill["metadata"]["component"]["version"] == bonifiq_desktop.__version__


@pytest.mark.parametrize(("name", "number"), [("httpx", "0.0.1"), ("no-such-distribution", "1.0")])
def test_sbom_of_versions_outside_the_lock_is_refused(tool: ModuleType, name: str, number: str) -> None:
    with pytest.raises(tool.LockMismatch, match=name):
        tool.check_installed({name: number})
