#!/usr/bin/env python3
"""How many requests a second `pumice serve` answers beside nginx with the same files:
    serve_nginx.py BUILD_FOLDER SITE MODEL [--rounds N] [--seconds N]

Needs nginx and wrk (Debian: nginx-light, wrk). Both serve with as many threads as the machine has cores, or four, by
turns; the numbers are medians over the rounds.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request

CONFIGURATION = """
worker_processes auto; worker_rlimit_nofile 4096; daemon off; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 4096; }}
http {{
  types {{ text/html html; text/javascript js mjs; application/wasm wasm; }}
  access_log off; sendfile on; gzip off; gzip_static on; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ root {folder}/site; }}
    location = /models/0.safetensors {{ alias {model}; default_type application/octet-stream; }}
  }}
}}
"""
PORTS = {"nginx": 8191, "pumice": 8192}
REQUESTS = [("page, gzip", "/pumice.wasm", "gzip"), ("index", "/index.html", "identity"),
            ("model", "/models/0.safetensors", "identity")]
CLIENTS = [1, 100, 1000]


def start_nginx(folder, options):
    site = folder / "site"
    site.mkdir()
    for file in pathlib.Path(options.site).iterdir():
        if file.is_file():
            (site / file.name).symlink_to(file.resolve())
            packed = subprocess.run(["gzip", "-9", "--stdout", file], check=True, capture_output=True).stdout
            (site / (file.name + ".gz")).write_bytes(packed)
    folder.chmod(0o755)
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=PORTS["nginx"],
                                                  model=pathlib.Path(options.model).resolve()))
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    return subprocess.Popen(["/usr/sbin/nginx", "-c", configuration, "-e", folder / "error", *user])


def start_pumice(options):
    return subprocess.Popen([f"{options.build}/pumice", "serve", options.model, "--site", options.site,
                             "--port", str(PORTS["pumice"])], stdout=subprocess.DEVNULL)


def wait_for(port):
    for _ in range(100):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/index.html", timeout=5).read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"no answer at port {port}")


def measure(port, path, encoding, clients, seconds):
    """(requests per second, failed requests)"""
    out = subprocess.run(["wrk", "-t", "1", "-c", str(clients), "-d", f"{seconds}s",
                          "-H", f"Accept-Encoding: {encoding}",
                          f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return rate, sum(map(int, errors.groups() if errors else ())) + int(other[1] if other else 0)


def main():
    parser = argparse.ArgumentParser()
    for name in ["build", "site", "model"]:
        parser.add_argument(name)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        servers = [start_nginx(pathlib.Path(name), options), start_pumice(options)]
        try:
            for port in PORTS.values():
                wait_for(port)
            print("| what | connections | nginx, requests/s | pumice serve, requests/s | ratio "
                  "| failed: nginx, pumice |")
            print("|---|---|---|---|---|---|")
            for title, path, encoding in REQUESTS:
                for clients in CLIENTS:
                    print_row(title, path, encoding, clients, options)
        finally:
            for server in servers:
                server.terminate()
                server.wait()


def print_row(title, path, encoding, clients, options):
    rates = {server: [] for server in PORTS}
    failed = {server: 0 for server in PORTS}
    for _ in range(options.rounds):
        for server, port in PORTS.items():
            rate, errors = measure(port, path, encoding, clients, options.seconds)
            rates[server].append(rate)
            failed[server] += errors
    nginx, pumice = (statistics.median(rates[server]) for server in ["nginx", "pumice"])
    print(f"| {title} | {clients:,} | {nginx:,.0f} | {pumice:,.0f} | {pumice / nginx:.2f} "
          f"| {failed['nginx']}, {failed['pumice']} |", flush=True)


if __name__ == "__main__":
    main()
