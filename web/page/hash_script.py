"""Writes a page whose content security policy has the hash of its inline script, in place of SCRIPT_HASH:
    hash_script.py PAGE OUTPUT
"""
import base64
import hashlib
import pathlib
import re
import sys

page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
if len(scripts) != 1 or page.count("SCRIPT_HASH") != 1:
    sys.exit(f"{sys.argv[1]}: expected one inline script and one SCRIPT_HASH, found {len(scripts)} and "
             f"{page.count('SCRIPT_HASH')}")
digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
pathlib.Path(sys.argv[2]).write_text(page.replace("SCRIPT_HASH", f"sha256-{digest}"), encoding="utf-8")
