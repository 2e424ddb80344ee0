"""Documents against the code: links, paths, commands, exit statuses, tables."""

import html
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import bonifiq_desktop
from bonifiq_desktop.cli import console, main
from bonifiq_desktop.domain.operations import Decision, Evidence, ReviewReason, State
from bonifiq_desktop.domain.slips import LineStyle, SlipKind
from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.services.export import COLUMNS
from bonifiq_desktop.services.slip_templates import PLACEHOLDERS, Values, fill
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.ui.messages.formats import state_name

ROOT = Path(bonifiq_desktop.__file__).parents[1]
PRODUCT = ROOT / "bonifiq_desktop"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "tests" / "README.md"]
GUIDE = ROOT / "docs" / "user-guide.pt-BR.md"
SUPPORT = ROOT / "docs" / "support-guide.md"
CHANGE_A_SLIP = ROOT / "docs" / "how-to" / "change-a-slip.md"
LIFECYCLE = ROOT / "docs" / "operation-lifecycle.md"
DATA_FOLDER = ROOT / "docs" / "data-folder.md"
MAX_README_LINES = 120
TOP_FOLDERS = ("bonifiq_desktop", "docs", "tests", "packaging", "resources", ".github", ".ci")
SUBCOMMANDS = ("tour", "history", "day-close", "doctor", "training-server")
ACTIONS = ("list", "add", "map", "test", "remove")
"""Of the command `connections`."""
REGISTRY = re.compile("|".join(("py" + "pi", "python" + "hosted", "npm" + "js", "crates" + r"\.io")), re.IGNORECASE)
MADE_LATER = {"dist/", "out/", "build/", "backups/", "drafts/", "logs/", "reports/", "slips/"}
"""Folders of a build or of a data folder; the repository has none of them."""
SUPPORT_FILE_MEMBERS = {"log.jsonl"}
TEXT_ENDINGS = {".md", ".py", ".sh", ".toml", ".yml", ".yaml", ".txt", ".spec", ".lock", ".iss", ".ps1", ""}


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def anchors_in(document: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table_after(document: Path, first_cells: str) -> list[list[str]]:
    """The rows of the table whose heading starts with these cells."""
    text = text_of(document)
    lines = text[text.index(first_cells) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def section(document: Path, heading: str) -> str:
    """The text from a heading to the next one."""
    return re.split(r"^#+ ", text_of(document).split(heading, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def window_texts() -> str:
    """Every Portuguese text of the window, one per line."""
    catalogue = text_of(ROOT / "resources" / "translations" / "bonifiq_en.ts")
    sources = re.findall(r"<source>(.*?)</source>", catalogue, re.DOTALL)
    return "\n".join(" ".join(html.unescape(source).split()) for source in sources)


def code_spans(document: Path) -> Iterator[str]:
    for span in re.findall(r"`([^`\n]+)`", text_of(document)):
        yield from re.split(r"[ ,]+", span)


def code_lines(document: Path) -> Iterator[str]:
    """The indented lines of code, without their comments."""
    for line in re.findall(r"^    (.+)$", text_of(document), re.MULTILINE):
        yield line.split("  #")[0].strip()


def strings_in_product(pattern: str) -> set[str]:
    sources = [source for source in PRODUCT.rglob("*.py") if "training_server" not in source.parts]
    return {found for source in sources for found in re.findall(rf'"({pattern})"', text_of(source))}


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main([*arguments, "--help"])
    return capsys.readouterr().out


# --- every document


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_in_documents_lead_to_existing_files_and_headings(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", text_of(document)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors_in(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_paths_in_documents_exist(document: Path) -> None:
    folders = (ROOT, PRODUCT, document.parent)
    missing = []
    for span in code_spans(document):
        path = span.partition("::")[0]
        is_ours = path.partition("/")[0] in TOP_FOLDERS or re.fullmatch(r"[\w/]+\.py|\w+(/\w+)*/", path)
        if "/" not in path or not is_ours or path in MADE_LATER:
            continue
        if not any((folder / path).exists() for folder in folders):
            missing.append(path)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_make_targets_in_documents_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", text_of(document)))
    named |= {line.split()[1] for line in code_lines(document) if line.startswith("make ")}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_and_options_in_documents_exist(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = {command: help_of(capsys, command) for command in SUBCOMMANDS} | {"": help_of(capsys)}
    known["connections"] = "".join(help_of(capsys, "connections", action) for action in ACTIONS)
    actions = ("init", "add-till", "status", "remove-till")
    known["shop-database"] = "".join(help_of(capsys, "shop-database", action) for action in actions)
    commands = [*re.findall(r"`(bonifiq-desktop [^`\n]+)`", text_of(document)), *code_lines(document)]
    unknown = []
    for written in commands:
        program, *arguments = written.split()
        if program.rpartition("/")[2] != "bonifiq-desktop":
            continue
        command = next((argument for argument in arguments if not argument.startswith("-")), "")
        command = command if command in known else ""
        options = [argument for argument in arguments if argument.startswith("--")]
        unknown += [f"{command} {option}" for option in options if option not in known[command] + known[""]]
    assert unknown == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_environment_variables_in_documents_are_read_by_the_program(document: Path) -> None:
    named = set(re.findall(r"\bBONIFIQ_[A-Z_]+\b", text_of(document)))
    assert named <= strings_in_product("BONIFIQ_[A-Z_]+")


@pytest.mark.parametrize("document", sorted((ROOT / "docs").rglob("*.md")), ids=name_of)
def test_code_names_in_documents_exist(document: Path) -> None:
    sources = [ROOT / "pyproject.toml", *PRODUCT.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    words = set(re.findall(r"\w+", " ".join(map(text_of, sources))))
    names = {name for span in code_spans(document) for name in re.findall(r"\w+", span) if "/" not in span}
    ours = {name for name in names if re.fullmatch(r"[a-z]+(_[a-z]+)+|[A-Z][a-z]+([A-Z][a-z]+)+|[a-z]+[A-Z]\w+", name)}
    assert ours - words == set()


def test_readme_is_short_and_links_every_document() -> None:
    readme = text_of(ROOT / "README.md")
    assert len(readme.splitlines()) <= MAX_README_LINES
    linked = set(re.findall(r"\]\(([^)#]+)", readme))
    decisions = {f"docs/adr/{file.name}" for file in (ROOT / "docs" / "adr").glob("0*.md")}
    assert {name_of(document) for document in DOCUMENTS} - decisions - linked <= {"README.md", "tests/README.md"}
    assert set(re.findall(r"\]\(([^)]+)\)", text_of(ROOT / "docs" / "adr" / "README.md"))) == {
        Path(decision).name for decision in decisions
    }


def test_every_picture_of_the_documents_is_shown() -> None:
    shown = {Path(target).name for file in DOCUMENTS for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text_of(file))}
    assert {file.name for file in (ROOT / "docs" / "pictures").iterdir()} == shown


def test_documents_and_comments_name_no_registry_host() -> None:
    folders = [ROOT / folder for folder in TOP_FOLDERS]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    files += [file for file in ROOT.iterdir() if file.is_file()]
    named = [name_of(file) for file in files if file.suffix in TEXT_ENDINGS and REGISTRY.search(text_of(file))]
    assert named == []


# --- support guide, data folder


def test_exit_statuses_of_the_support_guide_are_those_of_the_program() -> None:
    written = [int(row[0]) for row in table_after(SUPPORT, "| exit status |")]
    statuses = [value for name, value in vars(console).items() if name.isupper() and isinstance(value, int)]
    assert sorted(written) == sorted(statuses)
    assert len(set(statuses)) == len(statuses)


def test_global_options_of_the_support_guide_are_those_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    rows = table_after(SUPPORT, "| global option |")
    assert {option for row in rows for option in re.findall(r"--[a-z-]+", row[0])} == set(
        re.findall(r"--[a-z-]+", help_of(capsys))
    )


def test_doctors_lines_of_the_support_guide_are_those_of_the_program() -> None:
    written = {name for row in table_after(SUPPORT, "| line | tells |") for name in row[0].split(", ")}
    doctor = text_of(PRODUCT / "services" / "doctor.py")
    assert written == set(re.findall(r'CheckResult\(\s*"([a-zA-Z ]+)"', doctor))


def test_columns_of_the_history_are_named_in_the_support_guide() -> None:
    written = re.findall(r"`([a-z_]+)`", section(SUPPORT, "`history` prints one entry"))
    assert tuple(name for name in written if name in COLUMNS) == COLUMNS


def test_files_of_the_data_folder_are_in_its_table() -> None:
    written = " ".join(row[0] for row in table_after(DATA_FOLDER, "| file | holds |"))
    paths = [member for member in vars(Paths).values() if isinstance(member, property)]
    folder = Path("/data")
    expected = {member.fget(Paths(folder)).name for member in paths if member.fget}
    expected |= strings_in_product(r"[a-z-]+\.(?:db|jsonl|head|lock|log)") - SUPPORT_FILE_MEMBERS
    assert {name for name in expected if name not in written} == set()


# --- slips


def test_table_of_names_for_slips_has_each_one_of_the_templates() -> None:
    written = [name for row in table_after(CHANGE_A_SLIP, "| name |") for name in re.findall(r"{([^}]+)}", row[0])]
    assert sorted(written) == sorted({name for names in PLACEHOLDERS.values() for name in names})


def test_table_of_files_for_slips_has_each_one_that_is_read() -> None:
    written = {row[0].strip("`") for row in table_after(CHANGE_A_SLIP, "| file in `slips/` |")}
    assert written == {*(f"{kind}.txt" for kind in SlipKind), "header.txt", "footer.txt", "logo.png"}


def test_lines_in_the_document_about_slips_print_what_it_says() -> None:
    written = [row[0].strip("`").replace("\\|", "|") for row in table_after(CHANGE_A_SLIP, "| written |")]
    styles = {text: line.style for text in written for line in fill([text], Values({"value": "1"}))}
    assert (styles["* Total"], styles["+ Venda"]) == (LineStyle.STRONG, LineStyle.BIG)
    assert (styles["- Caixa 1"], styles["---"]) == (LineStyle.SMALL, LineStyle.RULE)
    [total] = fill(["Total | {value}"], Values({"value": "1"}))
    assert (total.text, total.amount) == ("Total", "1")


# --- life of an operation


@pytest.mark.parametrize(
    ("heading", "enum"),
    [("| state |", State), ("| evidence |", Evidence), ("| reason |", ReviewReason), ("| decision |", Decision)],
)
def test_tables_of_the_life_cycle_have_every_value(heading: str, enum: type[StrEnum]) -> None:
    assert [row[0].strip("`") for row in table_after(LIFECYCLE, heading)] == [member.value for member in enum]


def test_states_are_called_in_the_documents_as_in_the_window() -> None:
    called = [row[1] for row in table_after(LIFECYCLE, "| state |")]
    assert called == [state_name(state) for state in State]
    assert {row[0] for row in table_after(GUIDE, "| situação |")} == set(called)


# --- user guide


def test_keys_of_the_user_guide_are_those_of_the_window() -> None:
    written = {row[0] for row in table_after(GUIDE, "| tecla |")}
    in_code = {key for file in (PRODUCT / "ui").rglob("*.py") for key in re.findall(r'"(F\d+)"', text_of(file))}
    assert {key for key in written if re.fullmatch(r"F\d+", key)} == in_code


@pytest.mark.parametrize(
    "heading", ["| a página diz |", "| mensagem |", "| bloco |", "| o programa diz |"], ids=lambda heading: heading
)
def test_messages_of_the_user_guide_are_those_of_the_window(heading: str) -> None:
    texts = window_texts()
    parts = [part.strip() for row in table_after(GUIDE, heading) for part in row[0].split("…")]
    assert [part for part in parts if part not in texts] == []


def test_buttons_of_the_user_guide_are_those_of_the_window() -> None:
    texts = window_texts()
    named = re.findall(r"“([^”…]+)”", text_of(GUIDE)) + re.findall(r"\*\*([A-Z][^*]+[^*.])\*\*", text_of(GUIDE))
    assert [name for name in named if re.sub(r" \(F\d+\)$", "", " ".join(name.split())) not in texts] == []


def test_user_guide_has_a_row_for_every_review_reason_and_approval() -> None:
    assert len(table_after(GUIDE, "| motivo | o que aconteceu |")) == len(ReviewReason)
    assert section(GUIDE, "## O que pede o PIN do responsável").count("\n- ") == len(Task)
