"""The size limit of uploads, kept while the bytes arrive: what is too much is not written anywhere."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from .conf import limit

TOO_LARGE = "exchange.upload_too_large"


class SizeLimitHandler(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS. Django's own handlers behind it stream to a temporary file."""

    def __init__(self, request=None):
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        if self._received > limit("MAX_FILE_BYTES"):
            if self.request is not None:
                self.request.META[TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
