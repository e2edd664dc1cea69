"""Times and counts as people read them; app/console/static/status.js says them in the same words."""


def seconds_in_words(seconds: float) -> str:
    """Return a time in three digits or so.

    >>> [seconds_in_words(each) for each in (0.0042, 0.25, 7.5, 90, 7200, 200_000)]
    ['4 ms', '250 ms', '7.5 s', '1.5 min', '2.0 h', '2.3 d']
    """
    for bound, unit, words in ((1, 0.001, "{:.0f} ms"), (60, 1, "{:.1f} s"), (3_600, 60, "{:.1f} min")):
        if seconds < bound:
            return words.format(seconds / unit)
    return f"{seconds / 3_600:.1f} h" if seconds < 2 * 86_400 else f"{seconds / 86_400:.1f} d"
