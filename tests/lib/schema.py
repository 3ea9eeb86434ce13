# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks JSON documents of our tools against the schemas in docs/json.

    schema.validate(found, schema.load("list-1"))

Knows the part of JSON Schema that our schemas use and refuses any other, so
that no word of a schema is without effect. "$ref" names a definition of
another file: "common-1.json#/definitions/error".
"""
import json
import os

import tap

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "json")
TYPES = {"object": dict, "array": list, "string": str, "integer": int,
         "boolean": bool, "null": type(None)}
KNOWN = {"$schema", "$ref", "title", "description", "type", "required",
         "properties", "additionalProperties", "items", "const", "enum"}


def load(name):
    with open(f"{FOLDER}/{name}.json", encoding="utf-8") as file:
        return json.load(file)


def resolve(reference):
    file, path = reference.split("#/")
    found = load(file.removesuffix(".json"))
    for key in path.split("/"):
        found = found[key]
    return found


def is_type(value, name):
    if name == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[name])


def validate(value, schema, where="document"):
    if "$ref" in schema:
        tap.equal(list(schema), ["$ref"], f"{where}: words of the schema")
        schema = resolve(schema["$ref"])
    tap.check(not schema.keys() - KNOWN, f"{where}: unknown schema words")
    tap.check(schema.get("additionalProperties") is False or
              "properties" not in schema, f"{where} is open")
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    tap.check(not names or any(is_type(value, n) for n in names),
              f"{where} is {value!r}, expected {names}")
    tap.check("const" not in schema or value == schema["const"],
              f"{where} is {value!r}, expected {schema.get('const')!r}")
    tap.check("enum" not in schema or value in schema["enum"],
              f"{where} is {value!r}, expected one of {schema.get('enum')}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        missing = set(schema.get("required", ())) - value.keys()
        tap.check(not missing, f"{where} lacks {sorted(missing)}")
        surplus = value.keys() - properties.keys()
        tap.check(not surplus, f"{where} has undocumented {sorted(surplus)}")
        for key in value:
            validate(value[key], properties[key], f"{where}.{key}")
    if isinstance(value, list):
        for index, item in enumerate(value):
            validate(item, schema["items"], f"{where}[{index}]")
