"""What the engines say of a command, to the state of its payment."""
