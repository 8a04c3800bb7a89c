"""Faust's transport with Wasl's consumer and producer in the places of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faust.transport.drivers import aiokafka as faust_driver

from streams.workers import sender, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.workers.source import Work

__all__ = ["Transport"]


class Transport(faust_driver.Transport):
    """Faust's transport with `streams.workers.source.Source` and `streams.workers.sender.Producer`.

    Args:
        url: The brokers, as Faust has them.
        app: The Faust app.
        work: Gives what is read for; asked when Faust wants its consumer, which is after it wanted its producer.
    """

    Producer = sender.Producer

    def __init__(self, url: Any, app: Any, work: Callable[[], Work]) -> None:
        super().__init__(url, app)
        self._work = work

    def create_consumer(self, callback: Any, **options: Any) -> source.Source:
        """Return the consumer; Faust asks for it once.

        Args:
            callback: Faust's way of one record, which is not taken.
            options: What Faust gives its consumers.
        """
        return source.Source(self, callback=callback, loop=self.loop, work=self._work(), **options)
