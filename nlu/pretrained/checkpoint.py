"""Reads a TensorFlow 1 checkpoint (`*.ckpt.index` and its data file) with numpy alone; nothing in it is executed.

The index is a LevelDB table whose values are protocol buffers (BundleEntryProto in tensor_bundle.proto): type, shape,
offset and size of each tensor in the data file. Only uncompressed blocks, one shard and floats are read; that is what
BERT checkpoints are made of.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.errors import EncoderNotFound

_MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
_FOOTER_BYTES = 48
_FLOATS = {1: "<f4", 2: "<f8"}
"""DataType of types.proto → numpy's."""
_KIND, _SHAPE, _SHARD, _OFFSET, _SIZE = 1, 2, 3, 4, 5
_DIMENSION, _SIZE_OF_DIMENSION = 2, 1


def read_checkpoint(stem: Path) -> dict[str, NDArray[np.float32]]:
    """Every tensor of `<stem>.index` and its data file, by name. Raises EncoderNotFound when it is no checkpoint."""
    index = Path(f"{stem}.index").read_bytes()
    contents = Path(f"{stem}.data-00000-of-00001").read_bytes()
    try:
        return {name: _tensor(entry, contents) for name, entry in _entries(index) if name}
    except (LookupError, ValueError) as error:
        raise EncoderNotFound(f"{stem}: not a readable TensorFlow checkpoint ({error})") from error


def _entries(table: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, BundleEntryProto) of every row of the table."""
    footer = table[-_FOOTER_BYTES:]
    if not footer.endswith(_MAGIC):
        raise ValueError("the index has no LevelDB footer")
    at = _varint(footer, _varint(footer, 0)[1])[1]  # behind the meta index
    for _, handle in _block(table, *_handle(footer, at)):
        for key, value in _block(table, *_handle(handle, 0)):
            yield key.decode(), value


def _handle(raw: bytes, at: int) -> tuple[int, int]:
    offset, at = _varint(raw, at)
    return offset, _varint(raw, at)[0]


def _block(table: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The rows of one block: each key shares its beginning with the one before."""
    if table[offset + size] != 0:
        raise ValueError("the index is compressed")
    block = table[offset : offset + size]
    end = size - 4 * (int.from_bytes(block[-4:], "little") + 1)
    key, at = b"", 0
    while at < end:
        shared, at = _varint(block, at)
        fresh, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + fresh]
        yield key, block[at + fresh : at + fresh + length]
        at += fresh + length


def _tensor(entry: bytes, contents: bytes) -> NDArray[np.float32]:
    numbers, messages = _fields(entry)
    kind = _FLOATS.get(numbers.get(_KIND, 0))
    if kind is None or numbers.get(_SHARD, 0) != 0:
        raise ValueError("a tensor that is no float in the first shard")
    dimensions = _fields(messages.get(_SHAPE, [b""])[0])[1].get(_DIMENSION, [])
    sizes = [_fields(dimension)[0].get(_SIZE_OF_DIMENSION, 0) for dimension in dimensions]
    offset, size = numbers.get(_OFFSET, 0), numbers[_SIZE]
    return np.frombuffer(contents[offset : offset + size], dtype=kind).reshape(sizes).astype(np.float32)


def _fields(message: bytes) -> tuple[dict[int, int], dict[int, list[bytes]]]:
    """A protocol buffer's numbers, and its nested messages, by field; fixed32 (checksums) are passed over."""
    numbers: dict[int, int] = {}
    messages: dict[int, list[bytes]] = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == 0:
            numbers[tag >> 3], at = _varint(message, at)
        elif tag & 7 == 5:
            at += 4
        else:
            length, at = _varint(message, at)
            messages.setdefault(tag >> 3, []).append(message[at : at + length])
            at += length
    return numbers, messages


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """(number, where the next one begins)"""
    number = shift = 0
    while True:
        number |= (raw[at] & 0x7F) << shift
        at += 1
        if raw[at - 1] < 0x80:
            return number, at
        shift += 7
