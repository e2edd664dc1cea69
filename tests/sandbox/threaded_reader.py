"""A reader whose import starts a thread, as numerical libraries like to."""

import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()


def read(document: bytes) -> bytes:
    return document
