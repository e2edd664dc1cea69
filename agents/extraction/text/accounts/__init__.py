"""Bank accounts on the page: where one is printed, whether it proves itself, and whose it is."""
