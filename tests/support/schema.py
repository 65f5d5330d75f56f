# SPDX-License-Identifier: Apache-2.0
"""JSON Schema (draft 2020-12), as much of it as docs/schemas uses: whatever else a schema says is an error, and not ignored."""

import json
import os
import re

FOLDER = os.path.join(os.environ.get("ACTBENCH_SOURCE_DIR", "."), "docs", "schemas")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SAID = {"$schema", "$id", "$defs", "title", "description"}  # about a schema, not about what it describes
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def load(name):
    with open(os.path.join(FOLDER, f"{name}.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def is_of(kind, value):
    if kind in ("number", "integer"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (kind == "number" or value == int(value))
    return isinstance(value, KINDS[kind])


def same(a, b):
    """JSON's equality: true is not 1."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def faults(value, schema, root=None, path="$"):
    """Sentences about each place where the value is not as the schema says."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        if not schema:
            yield f"{path} should not be there"
        return
    for keyword, said in schema.items():
        if keyword in SAID or keyword in ("required", "additionalProperties"):
            continue  # those two are looked at with "properties", which goes over the object
        if keyword == "$ref":
            target = root
            for part in re.fullmatch(r"#/(.*)", said)[1].split("/"):
                target = target[part]
            yield from faults(value, target, root, path)
        elif keyword == "type":
            kinds = [said] if isinstance(said, str) else said
            if not any(is_of(kind, value) for kind in kinds):
                yield f"{path} is {json.dumps(value)[:60]}, and should be of type {' or '.join(kinds)}"
        elif keyword == "properties":
            pass
        elif keyword == "enum":
            if not any(same(value, entry) for entry in said):
                yield f"{path} is {json.dumps(value)[:60]}, and should be one of {said}"
        elif keyword == "const":
            if not same(value, said):
                yield f"{path} is {json.dumps(value)[:60]}, and should be {json.dumps(said)}"
        elif keyword == "anyOf":
            if all(list(faults(value, one, root, path)) for one in said):
                yield f"{path} is {json.dumps(value)[:60]}, which is none of what it may be"
        elif keyword in ("minimum", "exclusiveMinimum"):
            if is_of("number", value) and not (value > said or (keyword == "minimum" and value == said)):
                yield f"{path} is {value}, and its {keyword} is {said}"
        elif keyword == "pattern":
            if isinstance(value, str) and not re.search(said, value):
                yield f"{path} is {json.dumps(value)[:60]}, and should match {said}"
        elif keyword == "minLength":
            if isinstance(value, str) and len(value) < said:
                yield f"{path} is too short a text"
        elif keyword == "minProperties":
            if isinstance(value, dict) and len(value) < said:
                yield f"{path} has {len(value)} members, and should have {said}"
        elif keyword in ("minItems", "maxItems"):
            if isinstance(value, list) and (len(value) < said if keyword == "minItems" else len(value) > said):
                yield f"{path} has {len(value)} entries, and its {keyword} is {said}"
        elif keyword == "items":
            if isinstance(value, list):
                for i, entry in enumerate(value):
                    yield from faults(entry, said, root, f"{path}[{i}]")
        else:
            raise ValueError(f"the schema says {keyword}, which this does not know")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{path} lacks {name}"
        for name, entry in value.items():
            own = schema.get("properties", {}).get(name, schema.get("additionalProperties", True))
            yield from faults(entry, own, root, f"{path}.{name}")


def check(name, value):
    """Raises AssertionError where the value is not what the schema of that name says. Asks python3-jsonschema, too, where it is."""
    schema = load(name)
    found = list(faults(value, schema))
    assert not found, f"{name}: " + "; ".join(found[:5])
    try:
        import jsonschema
    except ImportError:
        return
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(value)
