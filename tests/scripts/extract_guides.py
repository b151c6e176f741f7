"""Writes the code of guides to files, and prints those that a compiler takes:
    extract_guides.py FOLDER GUIDE...

A block of C++ whose first line is "// PATH" becomes FOLDER/PATH.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"^```cpp\n// (\S+\.(?:h|cpp))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(folder, *guides):
    for guide in guides:
        for path, code in BLOCK.findall(pathlib.Path(guide).read_text(encoding="utf-8")):
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or file.read_text(encoding="utf-8") != code:
                file.write_text(code, encoding="utf-8")
            if file.suffix == ".cpp":
                print(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
