"""Our corrections to Faust, one small class each, each with its guard test in tests/architecture/."""
