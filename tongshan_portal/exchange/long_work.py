"""What apps use that bring files of another kind than tables: a run of their own, claimed, alive and found again like an import."""

from tongshan_portal.kernel.cells import neutral

from .claiming import Superseded, alive, claim, given_up
from .dispatch import wake
from .forms import UploadForm
from .models import Run, SavedMapping
from .storage import private_storage

__all__ = [
    "Run", "SavedMapping", "Superseded", "UploadForm", "alive", "claim", "given_up", "neutral", "private_storage", "wake",
]  # fmt: skip
