"""`/docs`: the OpenAPI description as one page that loads nothing from anywhere."""

import hashlib
from base64 import b64encode
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "body{color:#222;background:#fff}"
    "h2{border-top:1px solid #ccc;padding-top:1rem}h3{margin-bottom:.2rem}"
    "code{font:14px/1.4 ui-monospace,monospace}"
    "h3 b{display:inline-block;min-width:4.5rem}table{border-collapse:collapse}"
    "td,th{text-align:left;vertical-align:top;padding:.1rem 1rem .1rem 0}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8bf}}"
)
_HEAD: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>{title}</title><style>" + _STYLE.replace("{", "{{").replace("}", "}}") + "</style><h1>{title}</h1>"
    "<p>The same for programs: <a href='openapi.json'>openapi.json</a>. Errors are RFC 9457 problems; "
    "<code>type</code> links to what each one means.</p><h2>Addresses</h2>"
)


def policy(style: str, form_action: str = "'none'") -> str:
    """The Content-Security-Policy of a page that has this one style in it, and loads nothing."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action {form_action}; "
        "frame-ancestors 'none'"
    )


POLICY: Final = policy(_STYLE)


def docs_page(described: dict[str, Any]) -> str:
    """The page, as HTML."""
    title = escape(described["info"]["title"])
    parts = [_HEAD.format(title=title)]
    for path, operations in described.get("paths", {}).items():
        parts += [_operation(method.upper(), path, operation) for method, operation in operations.items()]
    parts.append("<h2>Values</h2>")
    parts += [_schema(name, schema) for name, schema in described["components"]["schemas"].items()]
    return "".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    told = operation.get("description") or operation.get("summary") or ""
    rows = [
        (f"{each['name']} ({each['in']})", _kind(each.get("schema", {})), each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", _kind(body.get("schema", {})), f"as {media}"))
    for status, answer in sorted(operation.get("responses", {}).items()):
        kinds = {_kind(content.get("schema", {})) for content in answer.get("content", {}).values()}
        rows.append((f"answers {status}", " or ".join(sorted(kinds - {""})), answer.get("description", "")))
    return f"<h3><b>{escape(method)}</b> <code>{escape(path)}</code></h3><p>{_text(told)}</p>{_table(rows)}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = [(field, _kind(each), each.get("description", "")) for field, each in schema.get("properties", {}).items()]
    told = _text(schema.get("description", ""))
    return f"<h3 id='{escape(name, quote=True)}'>{escape(name)}</h3><p>{told}</p>{_table(rows)}"


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = (f"<tr><td><code>{escape(name)}</code><td>{escape(kind)}<td>{_text(told)}" for name, kind, told in rows)
    return f"<table>{''.join(lines)}</table>" if rows else ""


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("const") or schema.get("format") or schema.get("type") or "")


def _text(told: str) -> str:
    """Plain text with `code` in it."""
    pieces = escape(told).split("`")
    return "".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces))
