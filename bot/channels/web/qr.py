"""A square code that a telephone's camera reads, as one path of an SVG."""

from __future__ import annotations

from typing import Any

BORDER = 4  # modules of quiet ground around it (ISO/IEC 18004)


def code(text: str) -> dict[str, Any]:
    """`{"size", "path"}`: the side in modules with the border, and the dark ones as a path."""
    import segno  # asked for seldom

    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=BORDER)]
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                path.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return {"size": len(rows), "path": "".join(path)}
