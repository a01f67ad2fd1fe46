"""Channels: one file or folder each, translating the outside's words into the house's."""

from __future__ import annotations
