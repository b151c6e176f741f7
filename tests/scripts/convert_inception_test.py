"""Tests of scripts/convert_inception.py, as far as they need no PyTorch."""
import json
import pathlib
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts"))

import convert_inception  # noqa: E402


def state_dict(classes=1008, **others):
    """One number for each tensor, and what others' state dicts have besides."""
    state = {name: ([1], struct.pack("<f", i))
             for i, name in enumerate(convert_inception.tensor_names())}
    state["fc.weight"] = ([classes, 1], struct.pack(f"<{classes}f", *range(classes)))
    return {**state, "AuxLogits.fc.weight": ([1], bytes(4)), **others}


class ConvertInceptionTest(unittest.TestCase):
    def test_knows_94_convolutions(self):
        self.assertEqual(len(convert_inception.tensor_names()), 94 * 5 + 2)

    def test_tells_variants_apart(self):
        for classes, variant in ((1008, "fid"), (1000, "torchvision")):
            tensors, found = convert_inception.select(state_dict(classes))
            self.assertEqual(found, variant)
            self.assertEqual(list(tensors), convert_inception.tensor_names())

    def test_refuses_other_networks(self):
        state = state_dict()
        del state["Mixed_6e.branch_pool.bn.bias"]
        with self.assertRaisesRegex(ValueError, "1 of 472 tensors are missing, the first is "
                                                "Mixed_6e.branch_pool.bn.bias"):
            convert_inception.select(state)
        with self.assertRaisesRegex(ValueError, "expected 1008 classes .* found 10"):
            convert_inception.select(state_dict(10))

    def test_writes_safetensors(self):
        tensors, variant = convert_inception.select(state_dict())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "inception.safetensors")
            convert_inception.write_safetensors(path, tensors, {"variant": variant})
            content = path.read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8:8 + length])
        self.assertEqual((8 + length) % 8, 0)
        self.assertEqual(header.pop("__metadata__"), {"variant": "fid"})
        self.assertEqual(list(header), list(tensors))
        for name, entry in header.items():
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            self.assertEqual((entry["shape"], content[begin:end]), tensors[name])


if __name__ == "__main__":
    unittest.main()
