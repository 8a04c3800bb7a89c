"""Published systems on the same texts, to stand beside our figures.

Their published predictions, as ELEVANT (https://github.com/ad-freiburg/elevant, Apache-2.0) collects them, scored with
the rules of `streams.evaluate.score`: precision, recall and F1 over names.
"""

from __future__ import annotations

from typing import Final

__all__ = ["PEERS", "PEER_SETS", "Figures"]

Figures = tuple[float, float, float]
"""Precision, recall, F1."""

PEER_SETS: Final = ("msnbc-updated", "oke-2015-eval", "derczynski", "reuters-128-a")
PEERS: Final[dict[str, tuple[Figures | None, ...]]] = {
    "ReFinED": ((0.706, 0.784, 0.743), (0.779, 0.792, 0.785), (0.482, 0.583, 0.528), (0.505, 0.605, 0.550)),
    "REL": ((0.714, 0.823, 0.765), (0.751, 0.762, 0.757), (0.441, 0.460, 0.450), (0.432, 0.549, 0.483)),
    "GENRE": ((0.724, 0.644, 0.681), (0.645, 0.629, 0.637), (0.572, 0.572, 0.572), (0.479, 0.503, 0.491)),
    "SpEL-large": ((0.659, 0.566, 0.609), None, (0.610, 0.561, 0.585), (0.480, 0.445, 0.462)),
    "WAT": ((0.661, 0.662, 0.662), (0.617, 0.629, 0.623), (0.428, 0.380, 0.402), (0.419, 0.541, 0.472)),
    "Ambiverse": ((0.624, 0.656, 0.640), (0.685, 0.700, 0.693), (0.440, 0.455, 0.447), (0.410, 0.491, 0.447)),
    "DBpedia Spotlight": (
        (0.392, 0.423, 0.407),
        (0.535, 0.525, 0.530),
        (0.279, 0.444, 0.342),
        (0.245, 0.337, 0.284),
    ),
    "longest capitalised match, most frequent meaning": (
        (0.336, 0.636, 0.440),
        (0.589, 0.849, 0.696),
        (0.231, 0.690, 0.346),
        (0.213, 0.558, 0.308),
    ),
}
"""By system, in the order of `PEER_SETS`; None where nothing was published."""
