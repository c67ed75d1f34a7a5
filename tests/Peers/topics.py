"""Groups requests_2019 with ordinary tools and with this program, each in a process of its own, and measures all against the labels.

  /usr/bin/python3 tests/Peers/topics.py [DATA]          (Debian's python3-sklearn is installed where missing; DATA is ../shared/data unless given)

Figures as in tests/Analysis.Tests/Topics/LabelledTopics.cs: doubtful letters count neither way; pairs of different topics, with
letters labelled as alone, and pairs of not-same.tsv in one topic are wrong. Constants of the tools are the best of a few for pair-F1
on these very labels, which favours them.
"""
import collections
import csv
import json
import os
import re
import resource
import subprocess
import sys
import time
import zlib

from peers import install

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LABELS = os.path.join(ROOT, "tests", "Analysis.Tests", "Labels")
SIGNS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")


def letters(data):
    with open(os.path.join(data, "requests_2019.csv"), encoding="utf-8-sig") as file:
        return [(row["id"], row["title"], row["body"]) for row in csv.DictReader(file)]


def grams(text, sizes):
    return [part[i:i + n] for part in SIGNS.split(text) for n in sizes for i in range(len(part) - n + 1)]


def cosine(data, linkage_kind, likeness):
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial.distance import squareform
    from sklearn.feature_extraction.text import TfidfVectorizer
    rows = letters(data)
    vectors = TfidfVectorizer(analyzer=lambda text: grams(text, (2, 3)), sublinear_tf=True, min_df=2).fit_transform(f"{t}\n{b}" for _, t, b in rows)
    likenesses = (vectors @ vectors.T)
    if linkage_kind == "single":
        likenesses.data[likenesses.data < likeness] = 0
        likenesses.eliminate_zeros()
        groups = connected_components(likenesses, directed=False)[1]
    else:
        distances = np.clip(1 - likenesses.toarray(), 0, None)
        np.fill_diagonal(distances, 0)
        groups = fcluster(linkage(squareform(distances, checks=False), linkage_kind), 1 - likeness, "distance")
    return {row[0]: int(group) for row, group in zip(rows, groups)}


def minhash(data, hashes=64, bands=16):
    """64 hashes of 3-character shingles in 16 bands of 4."""
    import numpy as np
    rows = letters(data)
    random = np.random.default_rng(1)
    a, b = random.integers(0, 1 << 63, hashes, dtype=np.uint64) * np.uint64(2) + np.uint64(1), random.integers(0, 1 << 63, hashes, dtype=np.uint64)
    parents = list(range(len(rows)))

    def root(i):
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    buckets = {}
    for i, (_, title, body) in enumerate(rows):
        shingles = np.array([zlib.crc32(g.encode()) for g in set(grams(title + "\n" + body, (3,)))] or [0], dtype=np.uint64)
        signature = ((shingles[:, None] * a + b) >> np.uint64(24)).min(axis=0)
        for band in range(bands):
            key = (band, signature[band * hashes // bands:(band + 1) * hashes // bands].tobytes())
            other = buckets.setdefault(key, i)
            parents[root(i)] = root(other)
    return {row[0]: root(i) for i, row in enumerate(rows)}


def product(data):
    out = subprocess.run([os.path.join(ROOT, "opinion"), "topics", "--input", os.path.join(data, "requests_2019.csv"), "--text", "title,body", "--time", "time"],
                         check=True, capture_output=True, text=True).stdout
    return {line["id"]: line["topic"] for line in map(json.loads, out.splitlines())}


def rows_of(name):
    with open(os.path.join(LABELS, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")][1:]


def figures(group):
    pairs = lambda n: n * (n - 1) // 2
    gold = {i: t for t, i, sure in rows_of("topics.tsv") if sure == "yes"}
    labelled = {i for _, i, _ in rows_of("topics.tsv")}
    singles = [row[0] for row in rows_of("singles.tsv")]
    gold.update((i, "alone " + i) for i in singles)
    parts = collections.defaultdict(list)
    for i, topic in gold.items():
        parts[group[i]].append(topic)
    sizes = collections.Counter(gold.values())
    right = sum(pairs(n) for part in parts.values() for n in collections.Counter(part).values())
    wrong = sum(pairs(len(part)) for part in parts.values()) - right
    confused = [(a, b) for a, b, _ in rows_of("not-same.tsv") if group[a] == group[b]]
    wrong += sum(not (a in gold and b in gold) for a, b in confused)
    precision, recall = right / (right + wrong), right / sum(map(pairs, sizes.values()))
    per_topic = []
    for topic in {t for t in gold.values() if not t.startswith("alone")}:
        members = [i for i, t in gold.items() if t == topic]
        p = sum(parts[group[i]].count(topic) / len(parts[group[i]]) for i in members) / len(members)
        r = sum(parts[group[i]].count(topic) / sizes[topic] for i in members) / len(members)
        per_topic.append(2 * p * r / (p + r))
    members = collections.Counter(group.values())
    taken = {group[i] for i in labelled}
    return {"precision": precision, "recall": recall, "pair-F1": 2 * precision * recall / (precision + recall), "topic-F1": sum(per_topic) / len(per_topic),
            "look-alikes together": len(confused) / len(rows_of("not-same.tsv")), "singles joined": sum(members[group[i]] > 1 for i in singles) / len(singles),
            "strangers": sum(g in taken for i, g in group.items() if i not in labelled)}


TOOLS = {
    "cosine, single link at 0.15": lambda data: cosine(data, "single", 0.15),
    "cosine, single link at 0.18": lambda data: cosine(data, "single", 0.18),
    "cosine, single link at 0.2": lambda data: cosine(data, "single", 0.20),
    "cosine, average link at 0.08": lambda data: cosine(data, "average", 0.08),
    "cosine, average link at 0.12": lambda data: cosine(data, "average", 0.12),
    "MinHash 64 in 16 bands": minhash,
    "opinion topics": product,
}

if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--one":
        started = time.perf_counter()
        groups = TOOLS[sys.argv[2]](sys.argv[3])
        seconds = time.perf_counter() - started
        who = resource.RUSAGE_CHILDREN if sys.argv[2] == "opinion topics" else resource.RUSAGE_SELF
        used = resource.getrusage(who)
        result = {"tool": sys.argv[2], **{k: round(v, 3) for k, v in figures(groups).items()}, "seconds": round(seconds, 2),
                  "processor seconds": round(used.ru_utime + used.ru_stime, 2), "peak megabytes": round(used.ru_maxrss / 1024)}
        print(json.dumps(result))
        sys.exit()
    folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "..", "shared", "data"))
    install("sklearn", "python3-sklearn")
    # Builds the program where it must, which is not to be measured.
    subprocess.run([os.path.join(ROOT, "opinion"), "--help"], check=True, stdout=subprocess.DEVNULL)
    for tool in TOOLS:
        print(subprocess.run([sys.executable, os.path.abspath(__file__), "--one", tool, folder], check=True, capture_output=True, text=True).stdout, end="", flush=True)
