from tests.app.replay.conftest import demo_world

__all__ = ["demo_world"]
