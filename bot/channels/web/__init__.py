"""The web: the resident's page and the staff's desk."""

from __future__ import annotations
