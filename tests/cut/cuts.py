#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Cuts the power of a modelled flash at a sample of places (tests/cut/cut.c);
with --all, as `make soak` does, at every place."""
import os
import sys

CUT = os.environ.get("B", "build") + "/cut/cut"
os.execv(CUT, [CUT, *sys.argv[1:]])
