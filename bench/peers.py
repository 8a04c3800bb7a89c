"""Other dictionary taggers on the same articles with the same catalogue, each in a process of its own.

``python -m bench.peers PEER KIND ALIASES SECONDS`` measures one and prints its figures as JSON. A peer is given every
name of the catalogue and returns spans with entity ids, as its users would write it. None of them disambiguates, and
pyahocorasick, used naively, does not even know words: they do a part of what linking does.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from bench.catalogues import ROOT, catalogue, compiled, names_in
from bench.inputs import SEED_BYTES, article, seed_sized
from bench.process import installed
from bench.rows import Figure, Row, of_calls
from bench.stats import rate
from streams import __version__
from streams.catalog.snapshot import open_snapshot
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.rows import Config
    from streams.events.article import RawArticle

__all__ = ["LINKING_PEERS", "PEERS", "peers"]

LINKING_PEERS: Final = ("spacy-phrasematcher", "spacy-entityruler", "flashtext")
"""The peers that find whole words and say which entity they name."""

PEERS: Final = {
    "wasl": ("streams", "wasl"),
    "spacy-phrasematcher": ("spacy", "spacy"),
    "spacy-entityruler": ("spacy", "spacy"),
    "flashtext": ("flashtext", "flashtext"),
    "pyahocorasick": ("ahocorasick", "pyahocorasick"),
}
"""By name: the module that must be there, and its distribution."""

_LIMIT: Final = 1_800.0
_MEMORY: Final = 16 << 30


def peers(config: Config) -> Iterator[Row]:
    """Measure every peer that is installed, and ourselves, in turn."""
    aliases = 100_000 if config.quick else 1_000_000
    compiled(config.kind, aliases)
    for peer, (module, _) in PEERS.items():
        if not installed(module):
            yield Row("peers", peer, {"note": "not installed"})
            continue
        command = [sys.executable, "-m", "bench.peers", peer, config.kind, str(aliases), str(config.least)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=_LIMIT)
        except subprocess.TimeoutExpired:
            yield Row("peers", peer, {"aliases": aliases, "note": f"not done after {_LIMIT:g} s"})
            continue
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["out of memory"]
            yield Row("peers", peer, {"aliases": aliases, "note": f"failed: {words[0]}"[:200]})
            continue
        yield Row("peers", peer, orjson.loads(done.stdout))


def _articles() -> dict[str, RawArticle]:
    name, seed = seed_sized()
    others = {language: article(language, SEED_BYTES) for language in ("ar", "en", "mixed")}
    return {name: seed, **others}


def _wasl(kind: str, aliases: int) -> Callable[[RawArticle], int]:
    view = open_snapshot(compiled(kind, aliases))
    return lambda one: len(link_article(one, view).mentions)


def _spacy_phrasematcher(kind: str, aliases: int) -> Callable[[RawArticle], int]:
    spacy = importlib.import_module("spacy")
    matching = importlib.import_module("spacy.matcher")
    nlp = spacy.blank("xx")
    matcher = matching.PhraseMatcher(nlp.vocab, attr="LOWER")
    for name, entity_id in names_in(catalogue(kind, aliases)):
        matcher.add(entity_id, [nlp.make_doc(name)])
    return lambda one: len(
        [(nlp.vocab.strings[key], low, high) for key, low, high in matcher(nlp.make_doc(_text(one)))]
    )


def _spacy_entityruler(kind: str, aliases: int) -> Callable[[RawArticle], int]:
    spacy = importlib.import_module("spacy")
    nlp = spacy.blank("xx")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        [
            {"label": "ENTITY", "pattern": name, "id": entity_id}
            for name, entity_id in names_in(catalogue(kind, aliases))
        ]
    )
    return lambda one: len([(found.ent_id_, found.start_char, found.end_char) for found in nlp(_text(one)).ents])


def _flashtext(kind: str, aliases: int) -> Callable[[RawArticle], int]:
    processor = importlib.import_module("flashtext").KeywordProcessor()
    for name, entity_id in names_in(catalogue(kind, aliases)):
        if name.strip() != "":
            processor.add_keyword(name, entity_id)
    return lambda one: len(processor.extract_keywords(_text(one), span_info=True))


def _pyahocorasick(kind: str, aliases: int) -> Callable[[RawArticle], int]:
    automaton: Any = importlib.import_module("ahocorasick").Automaton()
    for name, entity_id in names_in(catalogue(kind, aliases)):
        automaton.add_word(name.lower(), entity_id)
    automaton.make_automaton()
    return lambda one: len(list(automaton.iter(_text(one).lower())))


_BUILDERS: Final = {
    "wasl": _wasl,
    "spacy-phrasematcher": _spacy_phrasematcher,
    "spacy-entityruler": _spacy_entityruler,
    "flashtext": _flashtext,
    "pyahocorasick": _pyahocorasick,
}


def _version(peer: str) -> str:
    return __version__ if peer == "wasl" else importlib.metadata.version(PEERS[peer][1])


def _text(one: RawArticle) -> str:
    return f"{one.title}\n{one.body}"


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _peak() -> int:
    # What getrusage says would include the process that this one was forked from.
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def _main(peer: str, kind: str, aliases: int, least: float) -> None:
    # A peer that would push the machine into swapping fails instead.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    before, began = _resident(), time.process_time()
    call = _BUILDERS[peer](kind, aliases)
    built = time.process_time() - began
    articles = _articles()
    figures: dict[str, Figure] = {"aliases": aliases, "version": _version(peer)}
    for at, (name, one) in enumerate(articles.items()):
        summary = rate(lambda one=one: call(one), clock=time.process_time, least=least, repeats=5)
        figures |= of_calls(summary) if at == 0 else {f"{name}_us": round(summary.median * 1e6, 1)}
        if at == 0:
            figures["found"] = call(one)
    figures |= {
        "memory_mb": round((_resident() - before) / 1e6, 1),
        "peak_mb": round(_peak() / 1e6, 1),
        "build_s": round(built, 2),
        "note": None,
    }
    print(orjson.dumps(figures).decode())


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
