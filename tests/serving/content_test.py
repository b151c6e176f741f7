"""What `pumice serve` sends:
    content_test.py BUILD_FOLDER
"""
import gzip
import json
import os
import sys
import time
import unittest

from served import MODEL, PROGRAM, Served

MODEL_PATH = "/models/0.safetensors"


class ContentTest(unittest.TestCase):
    def setUp(self):
        self.served = Served(BUILD)
        self.addCleanup(self.served.close)
        self.get = self.served.get

    def test_compresses_for_browsers_that_accept_it(self):
        accepting = {"Accept-Encoding": "gzip, deflate, br"}
        status, headers, packed = self.get("/pumice.wasm", accepting)
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "application/wasm")
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertEqual(headers["Vary"], "Accept-Encoding")
        self.assertLess(len(packed), 200)
        self.assertEqual(gzip.decompress(packed), PROGRAM)
        _, plain_headers, plain = self.get("/pumice.wasm", {"Accept-Encoding": "identity"})
        self.assertIsNone(plain_headers["Content-Encoding"])
        self.assertEqual(plain, PROGRAM)
        self.assertNotEqual(plain_headers["ETag"], headers["ETag"])
        self.assertEqual(self.get("/page.js", accepting)[1]["Content-Type"], "text/javascript")

    def test_sends_again_only_after_a_change(self):
        tag = self.get("/page.js")[1]["ETag"]
        self.assertTrue(tag.startswith('"'), "a strong tag")
        status, _, body = self.get("/page.js", {"If-None-Match": tag})
        self.assertEqual((status, body), (304, b""))
        page = self.served.site / "page.js"
        page.write_bytes(b"22;")
        os.utime(page, (time.time() + 2, time.time() + 2))
        status, _, body = self.get("/page.js", {"If-None-Match": tag})
        self.assertEqual((status, body), (200, b"22;"))

    def test_has_an_index(self):
        status, headers, body = self.get("/")
        self.assertEqual((status, body), (200, b"<!doctype html>"))
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        models = json.loads(self.get("/models/index.json")[2])
        self.assertEqual(models, [{"name": "digits", "file": "0.safetensors"}])

    def test_head_has_no_body(self):
        status, headers, body = self.get("/pumice.wasm", method="HEAD")
        self.assertEqual((status, headers["Content-Length"], body), (200, str(len(PROGRAM)), b""))

    def test_sends_parts_of_models(self):
        status, headers, body = self.get(MODEL_PATH)
        self.assertEqual((status, body, headers["Accept-Ranges"]), (200, MODEL, "bytes"))
        tag = headers["ETag"]
        status, headers, body = self.get(MODEL_PATH, {"Range": "bytes=2-4", "If-Range": tag})
        self.assertEqual((status, body, headers["Content-Range"]), (206, b"234", "bytes 2-4/10"))
        self.assertEqual(self.get(MODEL_PATH, {"Range": "bytes=8-99"})[2], b"89")
        status, headers, body = self.get(MODEL_PATH, {"Range": "bytes=10-"})
        self.assertEqual((status, headers["Content-Range"], body), (416, "bytes */10", b""))
        self.assertEqual(self.get(MODEL_PATH, {"If-None-Match": tag})[0], 304)
        self.served.model.write_bytes(b"abcdefghij!")
        status, _, body = self.get(MODEL_PATH, {"Range": "bytes=2-4", "If-Range": tag})
        self.assertEqual((status, body), (200, b"abcdefghij!"))

    def test_says_so_when_a_model_is_gone(self):
        self.served.model.unlink()
        status, _, body = self.get(MODEL_PATH)
        self.assertEqual(status, 404)
        self.assertIn(b"digits.safetensors: cannot open the file", body)


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    unittest.main()
