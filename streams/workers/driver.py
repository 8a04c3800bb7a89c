"""Faust's transport with Wasl's consumer and producer in the places of its own."""

from __future__ import annotations

from faust.transport.drivers import aiokafka as faust_driver

from streams.workers import sender, source

__all__ = ["Transport"]


class Transport(faust_driver.Transport):
    """Faust's transport with `streams.workers.source.Source` and `streams.workers.sender.Producer`."""

    Consumer = source.Source
    Producer = sender.Producer
