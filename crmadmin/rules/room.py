"""How much of each is shown where there is room for so much: all where it fits, else as much of each."""

from collections.abc import Collection


def of_each(counts: Collection[int], room: int, most: int) -> int:
    """The largest number up to ``most`` of which so many of each fit; at least one of each is shown."""
    least, largest = 1, max(1, min(most, max(counts, default=1)))
    while least < largest:
        tried = (least + largest + 1) // 2
        if sum(min(count, tried) for count in counts) <= room:
            least = tried
        else:
            largest = tried - 1
    return least
