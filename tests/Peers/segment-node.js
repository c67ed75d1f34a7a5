// A whole process of @node-rs/jieba: lines from standard input, tokens joined by U+001F out. Usage: segment-node.js cut|no-hmm|search
const { Jieba } = require('@node-rs/jieba');
const { dict } = require('@node-rs/jieba/dict');
const fs = require('fs');

const jieba = Jieba.withDict(dict);
const mode = process.argv[2];
const cut = mode === 'search' ? (line) => jieba.cutForSearch(line, true) : (line) => jieba.cut(line, mode !== 'no-hmm');
const lines = fs.readFileSync(0).toString('utf8').split('\n');
if (lines[lines.length - 1] === '') lines.pop();
const out = [];
for (const line of lines) out.push(cut(line).join('\u001f'));
const bytes = Buffer.from(out.join('\n') + '\n');
for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at);
