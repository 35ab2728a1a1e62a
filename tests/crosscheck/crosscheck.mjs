// crosscheck.mjs --peer PROGRAM [--seed N] [--cases N]: compares palermo's ML-KEM-768, X-Wing, HPKE and
// Cobblestone-256 with implementations by others, in both directions, on random cases of a fixed seed.
// One line for each group, "GROUP: N passed, N failed"; exits with 1 on any failure.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // Node 18 has it, but not as a global

const { Chacha20Poly1305 } = await import('@hpke/chacha20poly1305');
const { CipherSuite, HkdfSha256 } = await import('@hpke/core');
const { DhkemX25519HkdfSha256 } = await import('@hpke/dhkem-x25519');
const { XWing } = await import('@hpke/hybridkem-x-wing');
const { gcm } = await import('@noble/ciphers/aes.js');
const { hmac } = await import('@noble/hashes/hmac.js');
const { sha512 } = await import('@noble/hashes/sha2.js');
const { ml_kem768 } = await import('@noble/post-quantum/ml-kem.js');
const { ml_kem768_x25519 } = await import('@noble/post-quantum/hybrid.js');
const { Cases, Peer, Tally } = await import('./common.mjs');

function option(name, fallback) {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
}
const program = option('--peer');
const seed = option('--seed', '20260302');
const count = Number(option('--cases', '100'));
if (!program || !Number.isInteger(count) || count < 1) {
  console.error('usage: crosscheck.mjs --peer PROGRAM [--seed N] [--cases N]');
  process.exit(2);
}

const cases = new Cases(seed);
const peer = new Peer(program);
const tally = new Tally();
const refuses = async (promise) => promise.then(() => false, () => true);

async function mlkem(i) {
  const group = 'ML-KEM-768 with @noble/post-quantum';
  const keySeed = cases.bytes(64);
  const theirs = ml_kem768.keygen(keySeed);
  const [publicKey, privateKey] = await peer.call('mlkem-keys', keySeed);
  tally.same(group, publicKey, theirs.publicKey, `public key ${i}`);
  tally.same(group, privateKey, theirs.secretKey, `private key ${i}`);
  const randomness = cases.bytes(32);
  const sealed = ml_kem768.encapsulate(theirs.publicKey, randomness);
  const [ciphertext, secret] = await peer.call('mlkem-encap', publicKey, randomness);
  tally.same(group, ciphertext, sealed.cipherText, `ciphertext ${i}`);
  tally.same(group, secret, sealed.sharedSecret, `secret ${i}`);
  tally.same(group, (await peer.call('mlkem-decap', keySeed, sealed.cipherText))[0], secret, `opened by us ${i}`);
  tally.same(group, ml_kem768.decapsulate(ciphertext, theirs.secretKey), secret, `opened by them ${i}`);
  // Implicit rejection gives one secret that both compute.
  const changed = cases.changed(ciphertext);
  const [rejected] = await peer.call('mlkem-decap', keySeed, changed);
  tally.same(group, rejected, ml_kem768.decapsulate(changed, theirs.secretKey), `rejection ${i}`);
  // A coefficient that is not reduced: both refuse.
  const bad = new Uint8Array(publicKey);
  const pair = cases.below(384) * 3;
  bad[pair] = 0xff;
  bad[pair + 1] |= 0x0f;
  const ours = await peer.call('mlkem-encap', bad, randomness);
  tally.expect(group, ours.refused === 'BAD_PUBLIC_KEY', `modulus, ours ${i}`);
  tally.expect(group, await refuses((async () => ml_kem768.encapsulate(bad, randomness))()), `modulus, theirs ${i}`);
}

async function xwing(i) {
  const group = 'X-Wing with @noble/post-quantum';
  const keySeed = cases.bytes(32);
  const theirs = ml_kem768_x25519.keygen(keySeed);
  const [publicKey] = await peer.call('xwing-keys', keySeed);
  tally.same(group, publicKey, theirs.publicKey, `public key ${i}`);
  const randomness = cases.bytes(64);
  const sealed = ml_kem768_x25519.encapsulate(theirs.publicKey, randomness);
  const [ciphertext, secret] = await peer.call('xwing-encap', publicKey, randomness);
  tally.same(group, ciphertext, sealed.cipherText, `ciphertext ${i}`);
  tally.same(group, secret, sealed.sharedSecret, `secret ${i}`);
  tally.same(group, (await peer.call('xwing-decap', keySeed, sealed.cipherText))[0], secret, `opened by us ${i}`);
  tally.same(group, ml_kem768_x25519.decapsulate(ciphertext, theirs.secretKey), secret, `opened by them ${i}`);
}

async function hpke(i, name, kem, seedBytes) {
  const group = `HPKE, ${name}, with @hpke/core`;
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
  const privateBytes = cases.bytes(seedBytes);
  const info = cases.bytes(cases.below(100));
  const aad = cases.bytes(cases.below(100));
  const text = cases.bytes(cases.below(300));
  const recipientKey = await suite.kem.importKey('raw', privateBytes.buffer, false);
  // We seal to their key and they open, and the other way round. The key's public half is theirs.
  const publicBytes = new Uint8Array(await publicOf(suite, name, privateBytes));
  const [enc, sealed] = await peer.call('hpke-seal', name, publicBytes, info, aad, text);
  const openedByThem = await suite.open({ recipientKey, enc: enc.buffer, info: info.buffer }, sealed.buffer, aad.buffer);
  tally.same(group, new Uint8Array(openedByThem), text, `they open ours ${i}`);
  const recipientPublicKey = await suite.kem.importKey('raw', publicBytes.buffer, true);
  const theirs = await suite.seal({ recipientPublicKey, info: info.buffer }, text.buffer, aad.buffer);
  const theirEnc = new Uint8Array(theirs.enc);
  const theirCt = new Uint8Array(theirs.ct);
  const opened = await peer.call('hpke-open', name, privateBytes, theirEnc, info, aad, theirCt);
  tally.same(group, opened[0], text, `we open theirs ${i}`);
  const changed = await peer.call('hpke-open', name, privateBytes, theirEnc, info, aad, cases.changed(theirCt));
  tally.expect(group, changed.refused === 'CANNOT_OPEN', `we refuse a change ${i}`);
  const other = await peer.call('hpke-open', name, privateBytes, cases.changed(theirEnc), info, aad, theirCt);
  tally.expect(group, other.refused === 'CANNOT_OPEN', `we refuse another encapsulation ${i}`);
}

async function publicOf(suite, name, privateBytes) {
  if (name === 'x-wing') return ml_kem768_x25519.keygen(privateBytes).publicKey;
  const { x25519 } = await import('@noble/curves/ed25519.js');
  return x25519.getPublicKey(privateBytes);
}

// C2SP chunked-encryption with SHA-512 and AES-256-GCM, written from its page.
const chunkBytes = 16384;
const prefix = new TextEncoder().encode('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');
// HKDF-Expand of RFC 5869; the package's own refuses a key shorter than the hash.
function expand(key, info, size) {
  const blocks = [new Uint8Array(0)];
  for (let number = 1; (number - 1) * 64 < size; number += 1) {
    blocks.push(hmac(sha512, key, Buffer.concat([blocks[number - 1], info, Uint8Array.of(number)])));
  }
  return new Uint8Array(Buffer.concat(blocks)).slice(0, size);
}
function chunkKeys(key, salt, context) {
  const okm = expand(key, Buffer.concat([prefix, salt, context]), 32 + 12 + 32);
  return { key: okm.slice(0, 32), base: okm.slice(32, 44), commitment: okm.slice(44) };
}
function chunkNonce(base, number) {
  const nonce = new Uint8Array(base);
  for (let at = 11, rest = number; rest > 0; at -= 1, rest = Math.floor(rest / 256)) nonce[at] ^= rest % 256;
  return nonce;
}
function cobblestoneSeal(key, context, salt, text) {
  const keys = chunkKeys(key, salt, context);
  const out = [salt, keys.commitment];
  for (let number = 0; number <= Math.floor(text.length / chunkBytes); number += 1) {
    const chunk = text.subarray(number * chunkBytes, (number + 1) * chunkBytes);
    out.push(gcm(keys.key, chunkNonce(keys.base, number)).encrypt(chunk));
  }
  return new Uint8Array(Buffer.concat(out));
}
function cobblestoneOpen(key, context, sealed) {
  const keys = chunkKeys(key, sealed.subarray(0, 24), context);
  if (Buffer.compare(keys.commitment, sealed.subarray(24, 56)) !== 0) throw new Error('commitment');
  const chunks = sealed.subarray(56);
  const full = Math.floor(chunks.length / (chunkBytes + 16));
  const out = [];
  for (let number = 0; number <= full; number += 1) {
    const chunk = chunks.subarray(number * (chunkBytes + 16), (number + 1) * (chunkBytes + 16));
    out.push(gcm(keys.key, chunkNonce(keys.base, number)).decrypt(chunk));
  }
  return new Uint8Array(Buffer.concat(out));
}

async function cobblestone(i) {
  const group = 'Cobblestone-256 with @noble/ciphers and @noble/hashes';
  const key = cases.bytes(32);
  const salt = cases.bytes(24);
  const context = cases.bytes(cases.below(80));
  // Around the borders of chunks as often as anywhere.
  const near = [0, chunkBytes, 2 * chunkBytes, 3 * chunkBytes][cases.below(4)] + cases.below(5) - 2;
  const text = cases.bytes(i % 2 === 0 ? Math.max(0, near) : cases.below(40000));
  const theirs = cobblestoneSeal(key, context, salt, text);
  const [ours] = await peer.call('chunked-seal', key, context, salt, text);
  tally.same(group, ours, theirs, `same bytes ${i}`);
  tally.same(group, (await peer.call('chunked-open', key, context, theirs))[0], text, `we open theirs ${i}`);
  tally.same(group, cobblestoneOpen(key, context, ours), text, `they open ours ${i}`);
  const changed = cases.changed(theirs);
  tally.expect(group, 'refused' in (await peer.call('chunked-open', key, context, changed)), `we refuse a change ${i}`);
  const cut = theirs.subarray(0, cases.below(theirs.length));
  tally.expect(group, 'refused' in (await peer.call('chunked-open', key, context, cut)), `we refuse a cut ${i}`);
}

console.log(`seed ${seed}, ${count} cases of each`);
for (let i = 0; i < count; i += 1) {
  await mlkem(i);
  await xwing(i);
  await hpke(i, 'x-wing', new XWing(), 32);
  await hpke(i, 'x25519', new DhkemX25519HkdfSha256(), 32);
  await cobblestone(i);
}
peer.end();
tally.print();
process.exit(tally.failed === 0 ? 0 : 1);
