"""A body that is YAML: plain values alone, read like JSON and checked by the same schema."""

from __future__ import annotations

from fee_service.edition_files.plain_yaml import read_plain_yaml
from fee_service.errors import Fault, FeeError
from schemas.fields import Loaded, StrictSchema, load

TYPES = ("application/yaml", "application/x-yaml", "text/yaml")


def loaded_yaml(raw: bytes, schema: type[StrictSchema]) -> Loaded:
    """What a file says, with the faults of its fields. Raises FeeError (400) with the lines that are no plain YAML."""
    text = read_plain_yaml(raw)
    if text.faults:
        raise FeeError(
            [Fault("invalid_yaml", "", {"line": str(line)}) for line in sorted({one.line for one in text.faults})], 400
        )
    return load(schema, text.content)
