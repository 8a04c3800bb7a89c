"""Compiles the modules of linking when Wasl is installed or built, where there is a C compiler.

Hatchling runs this as its build hook: for a wheel the compiled modules go into it, for an editable installation they go
to ``streams/_native`` beside the sources. Without a compiler or Python's headers the package is the same, only slower.

``WASL_COMPILE=require`` makes a build fail that cannot compile, ``WASL_COMPILE=never`` does not try.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["NativeBuildHook", "compile_modules", "sources_of"]

_ROOT: Final = Path(__file__).resolve().parent
_GROUP: Final = "wasl"
# Typed Python that is worth compiling; dataclasses, and what passes for them, stay what they are everywhere else.
_COMPILED: Final = ("streams/linking/*.py",)
_LEFT_OUT: Final = frozenset({"__init__", "links"})


class NativeBuildHook(BuildHookInterface[Any]):
    """Brings the compiled modules into a wheel, or beside the sources of an editable installation."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; on failure say so in a line and go on, unless compiling is required."""
        del version
        wish = os.environ.get("WASL_COMPILE", "")
        if wish == "never" or self.target_name != "wheel":
            return
        problem = _missing()
        if problem is None:
            try:
                compile_modules(_ROOT)
            except Exception as exc:
                if wish == "require":
                    raise
                problem = f"{type(exc).__name__}: {exc}"
        if problem is None:
            folder = _ROOT / "streams" / "_native"
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
            build_data["force_include"].update(
                {str(path): f"streams/_native/{path.name}" for path in sorted(folder.iterdir())}
            )
        elif wish == "require":
            raise RuntimeError(problem)
        else:
            sys.stderr.write(f"wasl: linking is not compiled: {problem}\n")


def compile_modules(root: Path) -> None:
    """Compile the modules of linking under ``root`` into ``streams/_native``, replacing what stands there.

    Raises:
        RuntimeError: mypyc or the C compiler failed; the message is the end of what they said.
    """
    paths = [path for pattern in _COMPILED for path in sorted(root.glob(pattern)) if path.stem not in _LEFT_OUT]
    native = _native(root)
    # What is read now is what the list vouches for: a file that is edited while it is compiled does not match.
    digests = {source: native.digest((root / "streams" / source).read_bytes()) for source in sources_of(root, paths)}
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary, "built")
        script = Path(temporary, "script.py")
        script.write_text(_SCRIPT, encoding="utf-8")
        names = [str(path.relative_to(root)) for path in paths]
        done = subprocess.run(
            [sys.executable, str(script), str(built), str(Path(temporary, "c")), *names],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError((done.stdout + done.stderr)[-2_000:])
        modules = {}
        folder = root / "streams" / native.FOLDER
        # First of all the list goes: whoever starts meanwhile runs the source.
        native.manifest_path(root / "streams").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in sorted(built.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}")):
            module = ".".join(path.relative_to(built).parts).partition(sysconfig.get_config_var("EXT_SUFFIX"))[0]
            modules[module] = f"{module}{sysconfig.get_config_var('EXT_SUFFIX')}"
            shutil.copyfile(path, folder / modules[module])
    manifest = {"modules": modules, "sources": digests}
    native.manifest_path(root / "streams").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def sources_of(root: Path, paths: list[Path]) -> list[str]:
    """Return the modules of the package that ``paths`` and what they import depend on, relative to the package.

    mypyc takes types and constants from whatever a module imports, so a change in any of them counts.
    """
    found: dict[str, None] = {}
    left = list(paths)
    while len(left) > 0:
        path = left.pop()
        name = path.relative_to(root / "streams").as_posix()
        if name in found:
            continue
        found[name] = None
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("streams"):
                for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    at = root.joinpath(*module.split("."))
                    left += [each for each in (at.with_suffix(".py"), at / "__init__.py") if each.is_file()]
    return sorted(found)


_SCRIPT: Final = f"""
import sys
from mypyc.build import mypycify
from setuptools import Distribution
from setuptools.command.build_ext import build_ext

built, c, *files = sys.argv[1:]
extensions = mypycify(
    ["--config-file=", "--cache-dir=.cache/mypyc", "--ignore-missing-imports", *files],
    opt_level="2", debug_level="0", group_name="{_GROUP}", target_dir=c,
)
for extension in extensions:
    # All modules are one library, whose functions call each other: the compiler may inline them.
    extension.extra_compile_args += ["-fno-semantic-interposition"] if sys.platform == "linux" else []
command = build_ext(Distribution({{"name": "wasl", "ext_modules": extensions}}))
command.build_lib, command.build_temp, command.parallel = built, c, 2
command.ensure_finalized()
command.run()
"""


def _missing() -> str | None:
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if sys.platform != "win32" and shutil.which(os.environ.get("CC", compiler)) is None and shutil.which("cc") is None:
        return f"no C compiler ({compiler})"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "Python's headers are not installed (Python.h)"
    return None


def _native(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("_wasl_native", root / "streams" / "native.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("streams/native.py is missing.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
