"""The keys in the settings."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured

from tongshan_portal.kernel.sealed import keys
from tongshan_portal.kernel.sealed.ciphers import ALGORITHMS


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_cipher_opens_what_it_sealed_and_nothing_else(algorithm):
    cipher = ALGORITHMS[algorithm](bytes(range(ALGORITHMS[algorithm].key_bytes)))
    sealed = cipher.seal("铜山".encode(), b"here")
    assert cipher.open(sealed, b"here").decode() == "铜山"
    for broken, context in [(sealed, b"there"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"here"), (sealed[:20], b"here"), (b"", b"here")]:
        with pytest.raises((InvalidTag, ValueError)):
            cipher.open(broken, context)


def test_sm4_gcm_agrees_with_the_published_vector():
    """RFC 8998, appendix A.1."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    extra = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(extra)
    body = encryptor.update(plain) + encryptor.finalize()
    assert body.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert ALGORITHMS["sm4gcm"](key).open(nonce + body + encryptor.tag, extra) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:aes256gcm:!!",
        "k1:aes256gcm:AAAA",
        "k1:rot13:AAAA",
        "K1:sm4gcm:dGVzdC1vbmx5LXNtNC1rZQ==",
        "k1:sm4gcm:dGVzdC1vbmx5LXNtNC1rZQ==,k1:sm4gcm:dGVzdC1vbmx5LXNtNC1rZQ==",
    ],
)
def test_keys_that_cannot_be_right_are_refused_without_being_quoted(settings, text):
    settings.SEAL_KEYS = text
    with pytest.raises(ImproperlyConfigured) as refusal:
        keys.seal_key()
    assert "dGVzdC1vbmx5" not in str(refusal.value)


def test_fresh_keys_are_read_back(settings):
    settings.SEAL_KEYS = ",".join([keys.new_seal_key("b2", "sm4gcm"), keys.new_seal_key("a1", "aes256gcm")])
    settings.SEAL_INDEX_KEYS = keys.new_index_key("x", "hmacsha256")
    assert (list(keys.seal_keys()), keys.seal_key().algorithm, keys.index_keys()[0].id) == (["b2", "a1"], "sm4gcm", "x")
    assert "object at" in repr(keys.index_keys()[0])  # the default repr, without what it holds


def test_index_depends_on_space_key_and_text(settings):
    key = keys.index_keys()[0]
    seen = {key.index("a", "1"), key.index("b", "1"), key.index("a", "2"), keys.IndexKey("i9", "hmacsha256", key.key).index("a", "1")}
    assert len(seen) == 4
    assert key.index("a", "1") == key.index("a", "1")
