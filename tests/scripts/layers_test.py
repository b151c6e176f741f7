"""Every include in engine and native is of a library that the includer's library depends on.

The linker does not say so: a static library finds symbols that something else has linked.
"""
import pathlib
import re
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CALL = re.compile(r"pumice_library\((\w+)([^()]*(?:\([^()]*\)[^()]*)*)\)")
LINK = re.compile(r"target_link_libraries\(pumice_(\w+)([^()]*)\)")
INCLUDE = re.compile(r'^#include "((?:engine|native)/[^"]+)"', re.MULTILINE)


def libraries_of(room):
    """The libraries that room/CMakeLists.txt declares: their folders, and what they depend on."""
    text = (REPOSITORY / room / "CMakeLists.txt").read_text()
    folders, uses = {}, {}
    for name, words in CALL.findall(text):
        own = re.search(r"FOLDERS ([\w/* ]+?)(?= [A-Z]{2,}\b|\s*$)", re.sub(r"\s+", " ", words))
        for pattern in own.group(1).split() if own else [name]:
            for folder in REPOSITORY.joinpath(room).glob(pattern):
                folders[folder.relative_to(REPOSITORY).as_posix()] = name
        uses.setdefault(name, set()).update(re.findall(r"pumice(?:::|_)(\w+)", words))
    for name, words in LINK.findall(text):
        uses.setdefault(name, set()).update(re.findall(r"pumice(?:::|_)(\w+)", words))
    return folders, uses


def closure(name, uses):
    reached, todo = set(), [name]
    while todo:
        library = todo.pop()
        if library not in reached:
            reached.add(library)
            todo.extend(uses.get(library, ()))
    return reached


class Layers(unittest.TestCase):
    def test_includes_follow_the_libraries(self):
        folders, uses = {}, {}
        for room in ("engine", "native"):
            own_folders, own_uses = libraries_of(room)
            folders |= own_folders
            uses |= own_uses
        self.assertGreater(len(uses), 25)
        wrong, known = [], 0
        for folder, library in folders.items():
            allowed = closure(library, uses)
            for file in [*REPOSITORY.joinpath(folder).glob("*.h"), *REPOSITORY.joinpath(folder).glob("*.cpp")]:
                for include in INCLUDE.findall(file.read_text()):
                    other = folders.get(include.rpartition("/")[0])
                    known += other is not None
                    if other is not None and other not in allowed:
                        wrong.append(f"{file.relative_to(REPOSITORY)} ({library}) includes {include} ({other})")
        self.assertGreater(known, 1000)
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
