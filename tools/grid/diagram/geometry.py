"""Lines and free corners of an area picture."""

from collections import Counter
from collections.abc import Sequence
from math import atan2, cos, pi, sin

from tools.grid.diagram.layout import Point, distance

PARALLEL_GAP_PX = 14.0


def parallel_offsets(pairs: Sequence[frozenset[str]]) -> tuple[float, ...]:
    """Sideways shift (px) of each branch, so that branches between the same buses lie side by side.

    >>> parallel_offsets([frozenset("ab"), frozenset("bc"), frozenset("ab")])
    (-7.0, 0.0, 7.0)
    """
    total, seen = Counter(pairs), Counter[frozenset[str]]()
    offsets = []
    for pair in pairs:
        offsets.append((seen[pair] - (total[pair] - 1) / 2) * PARALLEL_GAP_PX)
        seen[pair] += 1
    return tuple(offsets)


def route(start: Point, end: Point, offset: float) -> tuple[Point, ...]:
    """The stroke from start to end, bent aside by ``offset``; always runs from the lesser to the greater point."""
    if offset == 0:
        return (start, end)
    turned = (start.x, start.y) > (end.x, end.y)
    one, other = (end, start) if turned else (start, end)
    length = distance(one, other) or 1.0
    side = Point(-(other.y - one.y) / length * offset, (other.x - one.x) / length * offset)
    points = (one, _aside(between(one, other, 0.25), side), _aside(between(one, other, 0.75), side), other)
    return points[::-1] if turned else points


def middle(points: Sequence[Point]) -> Point:
    """The middle of a stroke."""
    return between(points[len(points) // 2 - 1], points[len(points) // 2], 0.5)


def between(one: Point, other: Point, share: float) -> Point:
    """The point at this share of the way."""
    return Point(one.x + (other.x - one.x) * share, one.y + (other.y - one.y) * share)


def freest_direction(at: Point, neighbours: Sequence[Point]) -> Point:
    """Unit vector into the widest gap between the branches of a bus: where its label fits.

    >>> direction = freest_direction(Point(0, 0), [Point(-1, 0)])
    >>> round(direction.x), round(direction.y)
    (1, 0)
    """
    angles = sorted(atan2(point.y - at.y, point.x - at.x) for point in neighbours)
    if not angles:
        return Point(0.0, -1.0)
    following = [*angles[1:], angles[0] + 2 * pi]
    # rounding keeps the choice between equal gaps independent of the last bit
    gap, start = max((round(b - a, 6), -a) for a, b in zip(angles, following, strict=True))
    angle = -start + gap / 2
    return Point(cos(angle), sin(angle))


def _aside(point: Point, side: Point) -> Point:
    return Point(point.x + side.x, point.y + side.y)
