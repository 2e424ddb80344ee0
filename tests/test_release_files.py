"""What a release is made of: pinned actions, the winget manifest, the trial of an installer."""

import importlib.util
import re
import sys
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
import yaml  # type: ignore[import-untyped]

import bonifiq_desktop
from tests.support.build_tools import build_tool

REPOSITORY = Path(bonifiq_desktop.__file__).parents[1]
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w/-]+@[0-9a-f]{40}")


def load(name: str) -> ModuleType:
    """A script of packaging/windows."""
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "packaging" / "windows" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_of_a_workflow_is_pinned_to_a_commit(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_scripts_that_a_workflow_runs_exist() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    named = set(re.findall(r"packaging/[\w/-]+\.(?:py|sh|ps1)", text))
    assert len(named) > 4
    assert [name for name in sorted(named) if not (REPOSITORY / name).is_file()] == []


def test_pre_release_has_numbers_alone_where_windows_needs_them(tmp_path: Path) -> None:
    told = tmp_path / "arguments"
    compiler = [sys.executable, "-c", f"import sys; open({str(told)!r}, 'w').write('\\n'.join(sys.argv))"]
    made = load("installer").compile_installer(compiler, tmp_path, tmp_path, tmp_path, "0.2.0rc1")
    assert made.name == "bonifiq-desktop-0.2.0rc1-windows-setup.exe"
    assert {"/DVersion=0.2.0rc1", "/DNumericVersion=0.2.0"} <= {*told.read_text().splitlines()}
    assert build_tool("identity").numeric_version("0.2.0rc1") == (0, 2, 0, 0)


def test_winget_manifest_names_the_installer_and_its_checksum(tmp_path: Path) -> None:
    setup = tmp_path / "setup.exe"
    setup.write_bytes(b"an installer")
    url = "https://exemplo.com.br/setup.exe"
    winget = load("winget")
    assert winget.main([str(setup), "--url", url, "--date", "2026-12-01", "--out", str(tmp_path / "out")]) == 0
    read = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (tmp_path / "out").iterdir()}
    assert {name.removeprefix(winget.PACKAGE) for name in read} == {".yaml", ".installer.yaml", ".locale.pt-BR.yaml"}
    assert {(each["PackageIdentifier"], each["PackageVersion"]) for each in read.values()} == {
        (winget.PACKAGE, bonifiq_desktop.__version__)
    }
    installer = read[f"{winget.PACKAGE}.installer.yaml"]
    assert installer["Installers"] == [
        {
            "Architecture": "x64",
            "InstallerUrl": url,
            "InstallerSha256": sha256(b"an installer").hexdigest().upper(),
        }
    ]
    assert installer["ReleaseDate"] == "2026-12-01"


def test_winget_manifest_has_the_product_code_of_the_installer() -> None:
    script = (REPOSITORY / "packaging" / "windows" / "bonifiq-desktop.iss").read_text(encoding="utf-8")
    found = re.search(r'^#define AppId "(\{[0-9A-F-]+\})"', script, re.MULTILINE)
    assert found is not None
    assert f"{found[1]}_is1" == load("winget").PRODUCT_CODE


def test_winget_text_with_quotes_and_accents_is_read_back() -> None:
    content = {"ShortDescription": 'Balcão: "pontos" e \\ cashback', "Installers": [{"A": "x: y", "B": "#"}]}
    assert yaml.safe_load(load("winget").as_yaml(content)) == content


def test_release_date_is_a_day(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        load("winget").main([str(tmp_path), "--url", "u", "--date", "amanhã", "--out", str(tmp_path)])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a program that is no Windows program")
def test_trial_of_an_installer_that_fails_says_which_step(tmp_path: Path) -> None:
    trial = load("try_installer")
    setup = tmp_path / "setup.exe"
    setup.write_text("#!/bin/sh\nexit 5\n")
    setup.chmod(0o755)
    with pytest.raises(trial.TrialFailed, match=r"setup.exe /VERYSILENT .* ended with 5"):
        trial.try_installer(setup, tmp_path)
