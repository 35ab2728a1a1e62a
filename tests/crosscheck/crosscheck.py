"""Compares palermo's Cobblestone-256 and HPKE (X25519) with python3-cryptography, in both directions.

The constructions are written here from their pages (C2SP chunked-encryption, RFC 9180); the primitives
are Debian's. Cases come from random.Random of a printed seed. Exits with 1 on any failure.
"""

import argparse
import collections
import hashlib
import hmac
import random
import subprocess
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CHUNK = 16384
RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


class Peer:
    """Our side: one call a line, in hex."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, name, *parts):
        self.process.stdin.write(" ".join([name] + [part.hex() or "-" for part in parts]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer.startswith("refused "):
            return answer
        return [bytes.fromhex("" if word == "-" else word) for word in answer.split(" ")]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


# --- C2SP chunked-encryption, SHA-512 and AES-256-GCM


def chunk_keys(key, salt, context):
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    okm = HKDFExpand(hashes.SHA512(), 76, info).derive(key)
    return AESGCM(okm[:32]), int.from_bytes(okm[32:44], "big"), okm[44:]


def cobblestone_seal(key, context, salt, text):
    aead, base, commitment = chunk_keys(key, salt, context)
    out = salt + commitment
    for number in range(len(text) // CHUNK + 1):
        chunk = text[number * CHUNK : (number + 1) * CHUNK]
        out += aead.encrypt((base ^ number).to_bytes(12, "big"), chunk, None)
    return out


def cobblestone_open(key, context, sealed):
    aead, base, commitment = chunk_keys(key, sealed[:24], context)
    if commitment != sealed[24:56]:
        raise InvalidTag()
    chunks = sealed[56:]
    out = b""
    for number in range(len(chunks) // (CHUNK + 16) + 1):
        chunk = chunks[number * (CHUNK + 16) : (number + 1) * (CHUNK + 16)]
        out += aead.decrypt((base ^ number).to_bytes(12, "big"), chunk, None)
    return out


# --- RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305

KEM = b"KEM\x00\x20"
HPKE = b"HPKE\x00\x20\x00\x01\x00\x03"


def extract(suite, salt, label, ikm):
    return hmac.new(salt or b"\0" * 32, b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()


def expand(suite, prk, label, info, size):
    return HKDFExpand(hashes.SHA256(), size, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info).derive(prk)


def hpke_aead(dh, enc, public, info):
    shared = expand(KEM, extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = b"\0" + extract(HPKE, b"", b"psk_id_hash", b"") + extract(HPKE, b"", b"info_hash", info)
    secret = extract(HPKE, shared, b"secret", b"")
    return ChaCha20Poly1305(expand(HPKE, secret, b"key", context, 32)), expand(HPKE, secret, b"base_nonce", context, 12)


def hpke_seal(public, ephemeral, info, aad, text):
    enc = ephemeral.public_key().public_bytes(*RAW)
    dh = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    aead, nonce = hpke_aead(dh, enc, public, info)
    return enc, aead.encrypt(nonce, text, aad)


def hpke_open(private, enc, info, aad, sealed):
    public = private.public_key().public_bytes(*RAW)
    aead, nonce = hpke_aead(private.exchange(X25519PublicKey.from_public_bytes(enc)), enc, public, info)
    return aead.decrypt(nonce, sealed, aad)


# --- The comparison


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, help="crosscheck_peer")
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--cases", type=int, default=100)
    options = parser.parse_args()
    cases = random.Random(options.seed)
    peer = Peer(options.peer)
    counts = collections.defaultdict(lambda: [0, 0])

    def expect(group, good, what):
        counts[group][0 if good else 1] += 1
        if not good:
            print(f"FAILED {group}: {what}")

    def changed(data):
        out = bytearray(data)
        out[cases.randrange(len(out))] ^= 1 << cases.randrange(8)
        return bytes(out)

    print(f"seed {options.seed}, {options.cases} cases of each")
    for i in range(options.cases):
        group = "Cobblestone-256 with python3-cryptography"
        key, salt, context = cases.randbytes(32), cases.randbytes(24), cases.randbytes(cases.randrange(80))
        border = max(0, cases.randrange(4) * CHUNK + cases.randrange(-2, 3))
        text = cases.randbytes(border if i % 2 else cases.randrange(40000))
        theirs = cobblestone_seal(key, context, salt, text)
        ours = peer.call("chunked-seal", key, context, salt, text)[0]
        expect(group, ours == theirs, f"same bytes {i}")
        expect(group, peer.call("chunked-open", key, context, theirs)[0] == text, f"we open theirs {i}")
        expect(group, cobblestone_open(key, context, ours) == text, f"they open ours {i}")
        answer = peer.call("chunked-open", key, context, changed(theirs))
        expect(group, isinstance(answer, str), f"we refuse a change {i}")

        group = "HPKE, x25519, with python3-cryptography"
        private = X25519PrivateKey.from_private_bytes(cases.randbytes(32))
        secret = private.private_bytes(RAW[0], serialization.PrivateFormat.Raw, serialization.NoEncryption())
        public = private.public_key().public_bytes(*RAW)
        info, aad, text = (cases.randbytes(cases.randrange(200)) for _ in range(3))
        enc, sealed = peer.call("hpke-seal", b"x25519", public, info, aad, text)
        expect(group, hpke_open(private, enc, info, aad, sealed) == text, f"they open ours {i}")
        ephemeral = X25519PrivateKey.from_private_bytes(cases.randbytes(32))
        enc, sealed = hpke_seal(public, ephemeral, info, aad, text)
        answer = peer.call("hpke-open", b"x25519", secret, enc, info, aad, sealed)
        expect(group, answer == [text], f"we open theirs {i}")
        answer = peer.call("hpke-open", b"x25519", secret, enc, info, aad, changed(sealed))
        expect(group, answer == "refused CANNOT_OPEN", f"we refuse a change {i}")
    peer.end()
    for group, (good, bad) in counts.items():
        print(f"{group}: {good} passed, {bad} failed")
    return 1 if any(bad for _, bad in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
