"""Writes the compile commands of every source, also of those that CMake compiles several at a time.

usage: compile_commands.py IN OUT. clangd and clang-tidy look for the command of one source.
"""

import json
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^#include "(.+)"$', re.MULTILINE)


def sources_of(entry):
    """The sources that this entry compiles."""
    file = Path(entry["file"])
    if file.parent.name != "Unity" or not file.name.startswith("unity_"):
        return [entry["file"]]
    return INCLUDE.findall(file.read_text())


def main():
    entries = json.loads(Path(sys.argv[1]).read_text())
    commands = [
        {**entry, "file": source, "command": entry["command"].replace(entry["file"], source)}
        for entry in entries
        for source in sources_of(entry)
    ]
    out = Path(sys.argv[2])
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(commands, indent=0))


if __name__ == "__main__":
    main()
