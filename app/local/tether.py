"""The knot between a launcher and its child: run as a script, it ties itself to its parent and becomes the command.

Linux sends a chosen signal to a process when the *thread* that started it ends (prctl(2), PR_SET_PDEATHSIG), and keeps
that choice across execve(2), though not across a change of user. So a child needs no code of its own to die with a
launcher that was killed with SIGKILL. `app/local/processes.py` runs this file with `python -I -S`: no site, no
project, a few milliseconds.

Usage: tether.py LAUNCHER_PID USER|- COMMAND [ARGUMENT...]
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Tie this process to its launcher, then become the command."""
    launcher, user, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if user != "-":
        become(user)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != launcher:  # it died before the knot was tied: nobody would ever end us
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted; the command is the launcher's own


def become(user: str) -> None:
    """Give up root for an unprivileged user, for good."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    main()
