"""Pictures in the storage that belong to no photo: a process was killed between writing the file and the end of its transaction."""

from datetime import datetime, timedelta

from tongshan_portal.kernel import clock

from ..models import Photo

KEPT = timedelta(days=1)
"""Younger ones may still be on their way."""
AT_ONCE = 500


def sweep_orphan_photos(*, now: datetime | None = None) -> int:
    """Delete pictures older than a day that no photo names; answers how many. Nothing is asked of a storage without a folder."""
    now, storage = now or clock.now(), Photo._meta.get_field("file").storage  # type: ignore[union-attr]
    try:
        names = sorted(f"photos/{name}" for name in storage.listdir("photos")[1])
    except FileNotFoundError:
        return 0
    swept = 0
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        held = Photo.objects.unscoped("whether anybody's photo names the file").filter(file__in=some)
        for name in sorted(set(some) - set(held.values_list("file", flat=True))):
            if storage.get_modified_time(name) < now - KEPT:
                storage.delete(name)
                swept += 1
    return swept
