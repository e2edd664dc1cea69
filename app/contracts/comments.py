"""The trailing comments of our own models, so that a term's number (BT-1) is written once, beside its name."""

import ast
import inspect
import io
import re
import tokenize
from functools import cache
from types import ModuleType

from pydantic import BaseModel

# What a tool is told is no description.
_FOR_TOOLS = re.compile(r"\s*(?:#\s*)?(?:noqa|type: ignore|fmt:).*")


def field_comments(model: type[BaseModel]) -> dict[str, str]:
    """Return what is said in a comment on the line of each field of the model, its bases included."""
    said: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            said |= _members(inspect.getmodule(base)).get(base.__name__, {})
    return said


def value_comments(module: ModuleType, alias: str) -> dict[str, str]:
    """Return what is said beside each value of a `Literal` that the module names `alias`."""
    return _members(module).get(alias, {})


@cache
def _members(module: ModuleType | None) -> dict[str, dict[str, str]]:
    """Return by class or alias the comments of its fields or values."""
    if module is None:
        return {}
    source = inspect.getsource(module)
    comments = _comments(source)
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            fields = {field.target: field for field in node.body if isinstance(field, ast.AnnAssign)}
            lines = {target.id: field.end_lineno for target, field in fields.items() if isinstance(target, ast.Name)}
            found[node.name] = {name: comments[line] for name, line in lines.items() if line in comments}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values = [leaf for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)]
            found[node.targets[0].id] = {
                str(leaf.value): comments[leaf.end_lineno] for leaf in values if leaf.end_lineno in comments
            }
    return found


def _comments(source: str) -> dict[int | None, str]:
    """Return by line number what is said after the code of that line."""
    said: dict[int | None, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip():
            text = _FOR_TOOLS.sub("", token.string.lstrip("#").strip())
            if text:
                said[token.start[0]] = text
    return said
