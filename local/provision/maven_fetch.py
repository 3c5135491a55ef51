"""Fetches Maven artifacts side by side, from a JSON list of {artifact, file} on standard input into the folder named.

A file takes its name when it has come whole; the first failure ends the program after the others have come."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout

from maven_artifact.artifact import Artifact
from maven_artifact.downloader import Downloader

folder = sys.argv[1]


def fetch(wanted):
    path = os.path.join(folder, wanted["file"])
    Downloader().download(Artifact.parse(wanted["artifact"]), path + ".part")
    os.rename(path + ".part", path)


# The client prints addresses, which nobody wants to see unless something fails.
with redirect_stdout(sys.stderr), ThreadPoolExecutor(max_workers=8) as pool:
    for done in [pool.submit(fetch, wanted) for wanted in json.load(sys.stdin)]:
        done.result()
