"""Readers that do what a hostile document could make a reader do: the document names the deed."""

import ctypes
import io
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.sandbox.frames import Kind, header

_KEPT: list[bytes] = []


def read(document: bytes, instructions: bytes) -> bytes:
    """Does what the document says: `deed` or `deed:argument`."""
    if document == b"instructions":
        return instructions + f" told to {os.getpid()}".encode()
    if document == b"alter the instructions":
        return _altered(instructions)
    deed, _, argument = document.decode().partition(":")
    return _DEEDS[deed](argument)


def _altered(instructions: bytes) -> bytes:
    """What comes of changing them in place, and of what a reader could do to the caller's own name for them."""
    refused = 0
    for change in (lambda told: told.__setitem__(0, 0), lambda told: memoryview(told).__setitem__(0, 0)):
        try:
            change(instructions)
        except (AttributeError, TypeError):
            refused += 1
    instructions += b" and more"
    return f"refused {refused}, mine are {instructions.decode()}".encode()


def _echo(argument: str) -> bytes:
    return argument.encode()


def _spin(_: str) -> bytes:
    while True:
        pass


def _spin_for(seconds: str) -> bytes:
    end = time.process_time() + float(seconds)
    while time.process_time() < end:
        pass
    return b"spun"


def _spin_deaf(_: str) -> bytes:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    return _spin(_)


def _sleep(seconds: str) -> bytes:
    time.sleep(float(seconds))
    return b"slept"


def _allocate(mebibytes: str) -> bytes:
    return str(len(bytearray(int(mebibytes) << 20))).encode()


def _keep(mebibytes: str) -> bytes:
    _KEPT.append(bytes(int(mebibytes) << 20))
    return str(os.getpid()).encode()


def _answer_of_size(size: str) -> bytes:
    return b"a" * int(size)


def _abort(_: str) -> bytes:
    os.abort()


def _segfault(_: str) -> bytes:
    return bytes(ctypes.string_at(0))


def _recurse(_: str) -> bytes:
    return _recurse(_)


def _leave(status: str) -> bytes:
    sys.exit(int(status))


def _leave_at_once(status: str) -> bytes:
    os._exit(int(status))


def _raise(_: str) -> bytes:
    raise LookupError("the secret content of the document")


def _raise_oddly(_: str) -> bytes:
    raise type("No such\nname " * 100, (Exception,), {})


def _none(_: str) -> bytes:
    return None  # type: ignore[return-value] # a reader with a defect


def _print(_: str) -> bytes:
    print("hello terminal")  # noqa: T201 - that it gets nowhere is the test
    sys.stderr.write("hello terminal\n")
    return b"printed"


def _lie(frame: bytes) -> bytes:
    os.write(_channel(), frame)
    time.sleep(60)
    return b""


def _hang_up(_: str) -> bytes:
    os.close(_channel())
    time.sleep(60)
    return b""


_FORBIDDEN: dict[str, Callable[[], object]] = {
    "socket": socket.socket,
    "socket pair": socket.socketpair,
    "fork": os.fork,
    "subprocess": lambda: subprocess.run(["/bin/true"], check=True),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "thread": lambda: threading.Thread(target=print).start(),
    "write": lambda: Path("/tmp/quittance-written").write_bytes(b"x"),
    "append": lambda: os.open("/dev/null", os.O_APPEND | os.O_WRONLY),
    "remove": lambda: Path(__file__).unlink(),
    "rename": lambda: Path(__file__).rename(__file__ + ".old"),
    "make folder": lambda: Path("/tmp/quittance-made").mkdir(),
    "change mode": lambda: Path(__file__).chmod(0o777),
    "kill parent": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "kill group": lambda: os.killpg(0, signal.SIGKILL),
    "more memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "limit others": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0)),
    "look into parent": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
    "become another": lambda: os.setuid(65534),
    "pipe": os.pipe,
    "memory file": lambda: os.memfd_create("x"),
}


def _read_file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        return f"refused: {type(error).__name__}".encode()


def _attempt(deed: str) -> bytes:
    """Tries what no reader may; says what came of it."""
    try:
        _FORBIDDEN[deed]()
    except (OSError, RuntimeError, ValueError) as error:
        return f"refused: {type(error).__name__}".encode()
    return b"allowed"


def _fork_bomb(_: str) -> bytes:
    forked = 0
    for _attempt_number in range(1000):
        with suppress(OSError):
            forked += 1 if os.fork() else 0
    return str(forked).encode()


def _channel() -> int:
    return next(number for number in range(3, 1024) if _is_open(number) and stat.S_ISSOCK(os.fstat(number).st_mode))


def _survey(_: str) -> bytes:
    """What a reader can see of the world."""
    return json.dumps(
        {
            "environment": dict(os.environ),
            "descriptors": sum(_is_open(number) for number in range(1024)),
            "standard": [str(Path(f"/proc/self/fd/{number}").readlink()) for number in range(3)],
        }
    ).encode()


def _is_open(number: int) -> bool:
    with suppress(OSError):
        os.fstat(number)
        return True
    return False


def _flate_bomb(_: str) -> bytes:
    """Two gigabytes of spaces, as one content stream of a PDF, opened by PDFium."""
    import pypdfium2  # noqa: PLC0415 - only this deed needs it

    page = pypdfium2.PdfDocument(_pdf_with(_deflated_spaces(2 << 30)))[0]
    return str(page.get_textpage().count_chars()).encode()


def _read_pdf(text: str) -> bytes:
    """The text of an honest page, as both PDF libraries read it."""
    import pypdf  # noqa: PLC0415 - only this deed needs it
    import pypdfium2  # noqa: PLC0415 - only this deed needs it

    document = _pdf_with(zlib.compress(f"BT /F 9 Tf ({text}) Tj ET".encode()))
    read: str = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_range()
    assert pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text() == read
    return read.encode()


def _deflated_spaces(size: int) -> bytes:
    deflater, mebibyte = zlib.compressobj(9), b" " * (1 << 20)
    return b"".join(deflater.compress(mebibyte) for _ in range(size >> 20)) + deflater.flush()


def _pdf_with(content: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % numbered for numbered in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF"


def _deep_xml(depth: str) -> bytes:
    from lxml import etree  # noqa: PLC0415 - only this deed needs it

    parser = etree.XMLParser(huge_tree=True)
    tree = etree.fromstring(b"<a>" * int(depth) + b"</a>" * int(depth), parser)
    return str(len(etree.tostring(tree))).encode()


def _wide_xml(elements: str) -> bytes:
    from lxml import etree  # noqa: PLC0415 - only this deed needs it

    return str(len(etree.fromstring(b"<a>" + b"<b/>" * int(elements) + b"</a>"))).encode()


_DEEDS: dict[str, Callable[[str], bytes]] = {
    "echo": _echo,
    "process id": lambda _: str(os.getpid()).encode(),
    "spin": _spin,
    "spin for": _spin_for,
    "spin deaf": _spin_deaf,
    "sleep": _sleep,
    "allocate": _allocate,
    "keep": _keep,
    "answer of size": _answer_of_size,
    "abort": _abort,
    "segfault": _segfault,
    "recurse": _recurse,
    "leave": _leave,
    "leave at once": _leave_at_once,
    "raise": _raise,
    "raise oddly": _raise_oddly,
    "none": _none,
    "print": _print,
    "lie about size": lambda _: _lie(header(Kind.ANSWER, 0xFFFFFFFF)),
    "lie about kind": lambda _: _lie(b"?\0\0\0\0"),
    "lie about instructions": lambda _: _lie(header(Kind.INSTRUCTIONS, 4) + b"mine"),
    "answer twice": lambda _: _lie(header(Kind.BEGUN, 0)),
    "half an answer": lambda _: _lie(header(Kind.ANSWER, 100) + b"only this"),
    "hang up": _hang_up,
    "attempt": _attempt,
    "fork bomb": _fork_bomb,
    "read file": _read_file,
    "survey": _survey,
    "read pdf": _read_pdf,
    "flate bomb": _flate_bomb,
    "deep xml": _deep_xml,
    "wide xml": _wide_xml,
}

FORBIDDEN = tuple(_FORBIDDEN)
