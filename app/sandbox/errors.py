class SandboxError(Exception):
    """Our own machinery is broken: no reader can be started. Never the fault of one document, so never its outcome."""
