"""Asks a service the questions of the cases and keeps what it did.

The service runs in this process over a temporary index, or is a running one reached over HTTP; the
observations are the same. Judges nothing.
"""

from eval.running.local import documents_of, in_process
from eval.running.observing import Progress, observe
from eval.running.remote import remote
from eval.running.service import Service, ServiceInfo

__all__ = [
    "Progress",
    "Service",
    "ServiceInfo",
    "documents_of",
    "in_process",
    "observe",
    "remote",
]
