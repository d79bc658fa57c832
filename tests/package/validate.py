"""validate.py FILE...: are they CycloneDX, by its schema? Run by the Python of
build/venv, which has the validator."""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

for path in sys.argv[1:]:
    with open(path) as file:
        text = file.read()
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error:
        sys.exit("%s: %s" % (path, repr(error)[:2000]))
