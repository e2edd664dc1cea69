"""Files that are no invoice at all, by accident or by intent. Each is refused and costs nothing else."""

from app.local.samples import forms
from app.local.samples.sample import REJECT, Sample
from app.local.samples.scenarios import Scene

# Of a page that we draw this much is header and fonts: no page can be found in it.
HEAD_ONLY = 400
NOISE_BYTES = 4_096
_DOCTYPE = b'<!DOCTYPE Invoice [<!ENTITY account SYSTEM "file:///etc/passwd">]>\n'


def truncated_pdf(scene: Scene) -> tuple[Sample, ...]:
    """A transfer that broke off."""
    form = forms.page("totals-box")
    return (scene.raw(form.write(scene.bill(), scene.seed)[:HEAD_ONLY], form, REJECT),)


def doctype(scene: Scene) -> tuple[Sample, ...]:
    """An invoice that is right but for a DOCTYPE that reads a file of the machine."""
    declaration, _, body = forms.UBL.write(scene.bill(), scene.seed).partition(b"\n")
    return (scene.raw(declaration + b"\n" + _DOCTYPE + body, forms.UBL, REJECT),)


def noise(scene: Scene) -> tuple[Sample, ...]:
    """Random bytes that call themselves a PDF."""
    return (scene.raw(scene.rng("noise").randbytes(NOISE_BYTES), forms.page("totals-box"), REJECT),)


def cut_xml(scene: Scene) -> tuple[Sample, ...]:
    """XML that ends in the middle of an element."""
    content = forms.UBL.write(scene.bill(), scene.seed)
    return (scene.raw(content[: len(content) // 2], forms.UBL, REJECT),)


def foreign_xml(scene: Scene) -> tuple[Sample, ...]:
    """Well-formed XML that is no invoice."""
    return (scene.raw(b"<?xml version='1.0'?>\n<playlist><title>Kind of Blue</title></playlist>\n", forms.UBL, REJECT),)


def empty(scene: Scene) -> tuple[Sample, ...]:
    """Not a single byte."""
    return (scene.raw(b"", forms.page("totals-box"), REJECT),)
