"""The store: one home to put to, every allowed place to fetch from, bounded repetition around each."""

import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from app.documents.collecting import Enciphered
from app.documents.enciphering import Enciphering
from app.documents.failures import DocumentTooLarge, HashMismatch
from app.documents.files import Folders, Threads
from app.documents.folder_home import FolderHome
from app.documents.home import Home
from app.documents.key_folder import KeyFolder
from app.documents.limits import FILE_THREADS_MAX, Limits
from app.documents.port import DocumentsConfig, DocumentStore
from app.documents.reference import FileReference, Reference, S3Reference, parse_digest, parse_reference
from app.documents.retry import with_attempts
from app.documents.s3 import BucketHome, Buckets, S3Connection
from schemas.identifiers import digest as digest_of
from schemas.identifiers import document_id

_S3_LOCATION = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_FILE_LOCATION = re.compile(r"file://(/.*|\.(?:/.*)?)")


class RoutedDocuments:
    """A `DocumentStore` that sends each reference to the reader of its scheme.

    With `cipher` what is put lies at home as ciphertext. What lay there before, or lies elsewhere, is read as it is.
    """

    def __init__(
        self, *, home: Home, folders: Folders, buckets: Buckets, limits: Limits, cipher: Enciphering | None = None
    ) -> None:
        self._cipher = cipher
        self._home = home
        self._folders = folders
        self._buckets = buckets
        self._limits = limits

    async def put(self, content: bytes, media_type: str) -> Reference:
        """Store `content` at home unless it is there already."""
        name = document_id(content)
        if len(content) > self._limits.document_bytes_max:
            raise DocumentTooLarge(name, f"{len(content)} bytes are more than {self._limits.document_bytes_max}")
        digest = parse_digest(name)
        return await with_attempts(lambda: self._write(content, digest, media_type), name, self._limits)

    async def fetch(self, reference: str, sha256: str) -> bytes:
        """Return the verified bytes at `reference`."""
        digest, at = parse_digest(sha256), parse_reference(reference)
        return await with_attempts(lambda: self._read(at, digest), reference, self._limits)

    async def exists(self, reference: str) -> bool:
        """Tell whether something is stored at `reference`."""
        at = parse_reference(reference)
        return await with_attempts(lambda: self._exists(at), reference, self._limits)

    def locate(self, sha256: str) -> Reference:
        """Return where `put` keeps the document of this hash."""
        return self._home.locate(parse_digest(sha256))

    async def probe(self) -> None:
        """Ask home once, quickly."""
        once = replace(self._limits, attempts_max=1, attempt_seconds_max=self._limits.probe_seconds_max)
        await with_attempts(self._home.probe, "documents", once)
        if self._cipher is not None:
            await with_attempts(self._cipher.probe, "keys", once)

    async def _write(self, content: bytes, digest: str, media_type: str) -> Reference:
        if self._cipher is None:
            return await self._home.write(content, digest, media_type)
        stored = await self._cipher.close(content, digest)
        checksum = parse_digest(digest_of(stored))
        try:
            return await self._home.write(stored, checksum, media_type, name=digest)
        except (HashMismatch, Enciphered):
            return await self._as_before(digest)

    async def _as_before(self, digest: str) -> Reference:
        """Return where a document lies that was put otherwise, in clear before there were keys."""
        at = self._home.locate(digest)
        try:
            await self._read(at, digest)
        except HashMismatch as failure:
            raise HashMismatch(str(at), "other bytes lie under this hash: the store was changed past us") from failure
        return at

    async def _read(self, at: Reference, digest: str) -> bytes:
        try:
            return await self._stored(at, digest)
        except Enciphered as found:
            if self._cipher is None:
                raise
            return await self._cipher.open(found.stored, digest)

    async def _stored(self, at: Reference, digest: str) -> bytes:
        match at:
            case S3Reference():
                return await self._buckets.read(at, digest)
            case FileReference():
                return await self._folders.read(at, digest)

    async def _exists(self, at: Reference) -> bool:
        match at:
            case S3Reference():
                return await self._buckets.exists(at)
            case FileReference():
                return await self._folders.exists(at)


@asynccontextmanager
async def open_documents(config: DocumentsConfig) -> AsyncIterator[DocumentStore]:
    """Open the configured store; its threads and its S3 client live until the context ends.

    Raises:
        ValueError: where `config.location` is neither a folder nor a bucket.
        DocumentFailure: where the folder cannot be made, or that of the keys holds none.
    """
    async with AsyncExitStack() as stack:
        executor = ThreadPoolExecutor(FILE_THREADS_MAX, thread_name_prefix="documents")
        stack.callback(executor.shutdown, wait=False, cancel_futures=True)  # a hung mount must not hang the end
        threads = Threads(executor)
        connection = S3Connection(config.s3, config.limits, stack)
        match parse_location(config.location):
            case Path() as folder:
                home: Home = await _open_folder(folder, threads, config.limits)
                roots, bucket = (folder, *config.roots), None
            case (bucket, prefix):
                await connection.client()  # a wrong setting is told at the start, not at the first document
                home = BucketHome(bucket, prefix, connection, config.s3)
                roots = config.roots
        yield RoutedDocuments(
            home=home,
            folders=Folders(roots, threads, config.limits),
            buckets=Buckets(connection, config.limits, bucket),
            limits=config.limits,
            cipher=None if config.keys is None else await _open_keys(config.keys, threads),
        )


def parse_location(text: str) -> Path | tuple[str, str]:
    """Read the DOCUMENTS setting: an absolute folder, or a bucket and a prefix without slashes around it.

    >>> parse_location("s3://invoices/in/")
    ('invoices', 'in')

    Raises:
        ValueError: where it is neither.
    """
    if match := _S3_LOCATION.fullmatch(text):
        return match[1], (match[2] or "").strip("/")
    if match := _FILE_LOCATION.fullmatch(text):
        return Path(match[1]).absolute()
    raise ValueError(f"documents are kept at file:///absolute/folder or s3://bucket/prefix, not {text!r}")


async def _open_folder(folder: Path, threads: Threads, limits: Limits) -> FolderHome:
    home = FolderHome(folder, threads, limits)
    await home.open()
    return home


async def _open_keys(folder: Path, threads: Threads) -> Enciphering:
    cipher = Enciphering(KeyFolder(folder), threads)
    await cipher.probe()  # a folder without keys is told at the start, not at the first document
    return cipher
