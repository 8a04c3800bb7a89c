"""What was processed once may be processed again: dead letters that are acted on, and history linked anew.

`letters`, `marks`, `moments`, `plan` and `touched` are pure; `desk`, `history` and `sender` talk to Kafka.
"""

from __future__ import annotations

__all__: list[str] = []
