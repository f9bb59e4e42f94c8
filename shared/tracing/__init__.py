"""Traces: one from the request that brings a page in, through each room, to the index. Off unless it is set."""

from shared.tracing.port import NoTracing, Tracing

__all__ = ["NoTracing", "Tracing"]
