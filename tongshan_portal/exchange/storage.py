"""Where files lie that only the portal itself may read: outside every served folder, under names that say nothing."""

from django.core.files.storage import storages

from tongshan_portal.kernel import ids


def private_storage():
    """The storage `private` of the settings; web and workers must share it."""
    return storages["private"]


def import_path(instance, filename: str) -> str:
    """A random name: what the sender called the file is kept in the row, never on the disk."""
    return f"imports/{ids.new_uuid().hex}"


def export_path(instance, filename: str) -> str:
    return f"exports/{ids.new_uuid().hex}"
