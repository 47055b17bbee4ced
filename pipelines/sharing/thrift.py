"""The compact form of Thrift, as far as the footer of a Parquet file needs it: bytes to a tree, and the tree to bytes.

Source: thrift/doc/specs/thrift-compact-protocol.md. A struct is a dict of field number → (type, value), a list is
(type of its members, members); booleans, numbers and byte strings are what they are.
"""

from __future__ import annotations

import struct
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Struct = dict[int, tuple[int, Any]]


def read_struct(data: bytes, at: int = 0) -> tuple[Struct, int]:
    """Return (the struct that begins at a place, the place after it). Raises ValueError for a type that has no use."""
    fields: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            raw, at = _varint(data, at)
            number = _signed(raw)
        if kind in (TRUE, FALSE):
            fields[number] = (TRUE, kind == TRUE)
        else:
            value, at = _value(data, at, kind)
            fields[number] = (kind, value)
    return fields, at + 1


def write_struct(fields: Struct) -> bytes:
    """Return a struct as bytes, its fields in the order of their numbers."""
    parts, last = [], 0
    for number, (kind, value) in sorted(fields.items()):
        shown = (TRUE if value else FALSE) if kind == TRUE else kind
        step = number - last
        parts.append(bytes((step << 4 | shown,)) if 0 < step < 16 else bytes((shown,)) + _number(number))
        if kind != TRUE:
            parts.append(_bytes(kind, value))
        last = number
    return b"".join(parts) + b"\0"


def _value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        raw, at = _varint(data, at)
        return _signed(raw), at
    if kind == BINARY:
        length, at = _varint(data, at)
        return data[at : at + length], at + length
    if kind == STRUCT:
        return read_struct(data, at)
    if kind == BYTE:
        return data[at], at + 1
    if kind == DOUBLE:
        return struct.unpack_from("<d", data, at)[0], at + 8
    if kind not in (LIST, SET):
        raise ValueError(f"thrift: type {kind}")
    head = data[at]
    at += 1
    length, member = head >> 4, head & 15
    if length == 15:
        length, at = _varint(data, at)
    members = []
    for _ in range(length):
        if member in (TRUE, FALSE):
            value, at = data[at] == TRUE, at + 1
        else:
            value, at = _value(data, at, member)
        members.append(value)
    return (member, members), at


def _bytes(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _number(value)
    if kind == BINARY:
        return _unsigned(len(value)) + bytes(value)
    if kind == STRUCT:
        return write_struct(value)
    if kind == BYTE:
        return bytes((value,))
    if kind == DOUBLE:
        return struct.pack("<d", value)
    member, members = value
    head = (
        bytes((len(members) << 4 | member,)) if len(members) < 15 else bytes((0xF0 | member,)) + _unsigned(len(members))
    )
    if member in (TRUE, FALSE):
        return head + bytes(TRUE if one else FALSE for one in members)
    return head + b"".join(_bytes(member, one) for one in members)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(value: int) -> bytes:
    return _unsigned(value << 1 if value >= 0 else (-value << 1) - 1)


def _signed(raw: int) -> int:
    return raw >> 1 ^ -(raw & 1)
