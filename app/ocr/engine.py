"""Which engine this machine has, loaded once in a process; or why it has none."""

from functools import cache
from importlib import import_module

from agents.extraction.scan.port import Engine, Missing, Recognizer


@cache
def engine() -> Engine:
    """Return the engine with its model loaded; where wheel or model are missing, the reason. All else works without."""
    try:
        tesseract = import_module("app.ocr.tesseract")
    except ImportError as missing:
        return Missing(f"no OCR engine is installed: {missing}")
    try:
        recognizer: Recognizer = tesseract.Tesseract()
    except tesseract.ModelMissingError as missing:
        return Missing(f"no OCR engine is installed: {missing}")
    return recognizer
