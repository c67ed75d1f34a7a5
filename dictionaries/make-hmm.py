#!/usr/bin/python3
"""Writes jieba's finalseg tables as hmm.tsv to standard output.

Lines: `start STATE P`, `trans FROM TO P`, `emit STATE CHARACTER P`, tab-separated; P is a natural
logarithm in the shortest decimal form that reads back as the same double. Sorted, so that the same
jieba always gives the same bytes.  Usage: /usr/bin/python3 make-hmm.py > hmm.tsv
"""
import sys

from jieba.finalseg.prob_emit import P as emit
from jieba.finalseg.prob_start import P as start
from jieba.finalseg.prob_trans import P as trans

out = sys.stdout
out.reconfigure(encoding="utf-8", newline="\n")
out.write("table\tfrom\tto\tlog_probability\n")
for state in sorted(start):
    out.write(f"start\t{state}\t\t{start[state]!r}\n")
for state in sorted(trans):
    for to in sorted(trans[state]):
        out.write(f"trans\t{state}\t{to}\t{trans[state][to]!r}\n")
for state in sorted(emit):
    for character in sorted(emit[state]):
        out.write(f"emit\t{state}\t{character}\t{emit[state][character]!r}\n")
