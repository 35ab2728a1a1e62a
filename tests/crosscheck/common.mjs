// What the cross-check programs share: randomness from a printed seed, our side as a process, counts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

export const hex = (bytes) => (bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex'));
export const unhex = (text) => new Uint8Array(text === '-' ? 0 : Buffer.from(text, 'hex'));

// SHA-256 in counter mode over the seed: the same cases for the same seed on every machine.
export class Cases {
  constructor(seed) {
    this.seed = String(seed);
    this.counter = 0;
    this.left = Buffer.alloc(0);
  }
  bytes(size) {
    while (this.left.length < size) {
      const block = createHash('sha256').update(`${this.seed}/${this.counter++}`).digest();
      this.left = Buffer.concat([this.left, block]);
    }
    const out = new Uint8Array(this.left.subarray(0, size));
    this.left = this.left.subarray(size);
    return out;
  }
  below(limit) {
    const b = this.bytes(6);
    return (b[0] + b[1] * 2 ** 8 + b[2] * 2 ** 16 + b[3] * 2 ** 24 + b[4] * 2 ** 32) % limit;
  }
  // One changed bit.
  changed(bytes) {
    const out = new Uint8Array(bytes);
    out[this.below(out.length)] ^= 1 << this.below(8);
    return out;
  }
}

export class Peer {
  constructor(program) {
    this.process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }
  // The results as bytes, or { refused: CODE }.
  async call(name, ...parts) {
    const words = parts.map((part) => (typeof part === 'string' ? hex(Buffer.from(part)) : hex(part)));
    this.process.stdin.write(`${[name, ...words].join(' ')}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`crosscheck_peer ended at ${name}`);
    if (value.startsWith('refused ')) return { refused: value.slice(8) };
    return value.split(' ').map(unhex);
  }
  end() {
    this.process.stdin.end();
  }
}

export class Tally {
  constructor() {
    this.groups = new Map();
    this.failed = 0;
  }
  expect(group, ok, what) {
    const counts = this.groups.get(group) ?? [0, 0];
    counts[ok ? 0 : 1] += 1;
    this.groups.set(group, counts);
    if (ok) return;
    this.failed += 1;
    if (this.failed <= 20) console.log(`FAILED ${group}: ${what}`);
  }
  same(group, a, b, what) {
    const ok = a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
    this.expect(group, ok, what);
  }
  print() {
    for (const [group, [passed, failed]] of this.groups) {
      console.log(`${group}: ${passed} passed, ${failed} failed`);
    }
  }
}
