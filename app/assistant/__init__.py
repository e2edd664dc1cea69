"""A language model that suggests values where the readers found none. Off unless settings and release both want it."""

from app.assistant.assisting import Assisting, open_assistant

__all__ = ["Assisting", "open_assistant"]
