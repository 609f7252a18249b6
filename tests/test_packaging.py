"""The project's own files: what they promise has to hold."""

import ast
import re
import stat
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import sandkasse

ROOT = Path(sandkasse.__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SCREENS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]

# Put together here, so that this file does not hold them.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
MADE_ON_EACH_MACHINE = {
    ".git", ".venv", "build", "dist", "__pycache__", "test-results", "screenshots",
    ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache",
}  # fmt: skip


def project_files() -> list[Path]:
    """Every text file that belongs to the project."""
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not path.is_socket()
        and not MADE_ON_EACH_MACHINE & set(path.relative_to(ROOT).parts)
        and ".egg-info" not in str(path)
        and not path.name.startswith("sandkasse.duckdb")
        and path.suffix not in {".png", ".parquet", ".duckdb", ".wal", ".gz"}
    ]


def constraints() -> dict[str, Version]:
    """Each constrained package and its version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {
        canonicalize_name(pin.name): Version(str(pin.specifier).removeprefix("==")) for pin in pins
    }


def transitive(requirement: Requirement, seen: set[str]) -> set[str]:
    """The names of all that a requirement installs here, with those already seen."""
    name = canonicalize_name(requirement.name)
    key = f"{name}[{','.join(sorted(requirement.extras))}]"
    if key in seen:
        return seen
    seen |= {key, name}
    for text in requires(name) or []:
        needed = Requirement(text)
        wanted = needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
        )
        if wanted:
            transitive(needed, seen)
    return seen


def module_exists(name: str) -> bool:
    """Whether the project has a module or package of this dotted name."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def contract(identity: str) -> dict[str, Any]:
    """One import contract of pyproject.toml."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == identity)


def layered() -> list[str]:
    """The modules that the layers name."""
    layers = contract("layers")["layers"]
    return [f"sandkasse.{name}" for layer in layers for name in re.findall(r"\w+", layer)]


def imported_by(path: Path) -> set[str]:
    """The dotted names a file imports, with what it takes out of them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_version_is_the_same_in_package_and_project() -> None:
    assert sandkasse.__version__ == PROJECT["project"]["version"]


def test_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## \[?([\d.]+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == sandkasse.__version__


@pytest.mark.parametrize("module", layered())
def test_module_exists_when_the_layers_name_it(module: str) -> None:
    assert module_exists(module)


def test_every_module_the_contracts_name_exists() -> None:
    keys = ("source_modules", "forbidden_modules", "allowed_importers", "ancestors")
    named = {
        module
        for each in PROJECT["tool"]["importlinter"]["contracts"]
        for key in keys
        for module in each.get(key, [])
    }
    assert {module for module in named if not module_exists(module)} == set()


def test_every_module_has_its_place_in_the_layers() -> None:
    modules = {
        f"sandkasse.{path.stem}"
        for path in (ROOT / "sandkasse").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert modules - set(layered()) == set()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda path: path.name)
def test_screen_leaves_the_database_to_others(screen: Path) -> None:
    allowed = {"streamlit", "sandkasse", "altair", "pandas", *sys.stdlib_module_names}
    names = imported_by(screen)
    assert {name.partition(".")[0] for name in names} <= allowed
    packages = {".".join(name.split(".")[:2]) for name in names}
    assert packages.isdisjoint({"sandkasse.database", "sandkasse.demo"})


def test_no_file_names_a_package_registry() -> None:
    found = {
        str(path.relative_to(ROOT)): host
        for path in project_files()
        for host in REGISTRY_HOSTS
        if host in path.read_text("utf-8", errors="replace")
    }
    assert found == {}


def test_constraints_name_everything_that_gets_installed() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    seen: set[str] = set()
    for text in [*project["dependencies"], *extras["test"]]:
        transitive(Requirement(text), seen)
    installed = {name for name in seen if "[" not in name}
    assert installed - set(constraints()) == set()


def test_constraints_satisfy_what_the_project_asks_for() -> None:
    project = PROJECT["project"]
    pins = constraints()
    extras = project["optional-dependencies"]
    asked = map(Requirement, [*project["dependencies"], *extras["test"], *extras["dev"]])
    assert [
        str(need)
        for need in asked
        if not need.specifier.contains(pins[canonicalize_name(need.name)])
    ] == []


def test_constraints_hold_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.+]+", line)] == []


def test_package_data_has_files_for_every_pattern() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["sandkasse"]
    assert [pattern for pattern in patterns if not list((ROOT / "sandkasse").glob(pattern))] == []


@pytest.mark.parametrize("script", [".ci/run", "scripts/create-venv", "scripts/ensure-chromium"])
def test_script_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_commands_begin_without_loading_statistics_charts_and_documents() -> None:
    heavy = ("scipy", "statsmodels", "altair", "pypdf", "docx", "pptx", "streamlit")
    script = f"import sandkasse.cli, sys; print([one for one in {heavy} if one in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.strip() == "[]"
