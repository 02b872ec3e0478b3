"""What nearly every program or our own engine imports; the standard library comes as sources and compiles slowly."""
import importlib

# The clock stands still while a snapshot is recorded, so the import system would not see files that came after its start.
importlib.invalidate_caches()

import ast, asyncio, base64, bisect, builtins, collections, contextlib, copy, csv, dataclasses, datetime, decimal
import enum, fractions, functools, glob, hashlib, heapq, html, importlib.metadata, inspect, io, itertools, json
import linecache, logging, math, operator, os, pathlib, pprint, random, re, shutil, statistics, string, sys
import tempfile, textwrap, threading, time, tokenize, traceback, types, typing, urllib.parse, uuid, warnings, zipfile
import code, codeop, rlcompleter
import pyodide.code, pyodide.console, pyodide.ffi, pyodide.http, pyodide.webloop
