from irzhub.outbound.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed, sign

SECRET = "a secret of the receiver"
BODY = '{"text":"дверь"}'.encode()


def test_the_signature_is_what_the_page_says() -> None:
    # openssl dgst -sha256 -hmac "a secret of the receiver" over `1763838000.{"text":"дверь"}`
    assert sign(SECRET, 1763838000, BODY) == {
        TIMESTAMP_HEADER: "1763838000",
        SIGNATURE_HEADER: "sha256=cf276534dae5644ca4b15ce83b72c75a9ad1ac679cf2bf1ac7bdb079305ab0bb",
    }


def test_a_receiver_takes_what_is_fresh_and_whole() -> None:
    headers = sign(SECRET, 1000, BODY)
    stamp, signature = headers[TIMESTAMP_HEADER], headers[SIGNATURE_HEADER]

    assert is_signed(SECRET, stamp, signature, BODY, now=1000.0)
    assert is_signed(SECRET, stamp, signature, BODY, now=1299.0)
    assert not is_signed(SECRET, stamp, signature, BODY, now=1301.0)
    assert not is_signed(SECRET, stamp, signature, BODY + b" ", now=1000.0)
    assert not is_signed("another", stamp, signature, BODY, now=1000.0)
    assert not is_signed(SECRET, "1001", signature, BODY, now=1000.0)
    assert not is_signed(SECRET, "1e3", signature, BODY, now=1000.0)
    assert not is_signed(SECRET, "٣", signature, BODY, now=1000.0)
    assert not is_signed(SECRET, stamp, "дверь", BODY, now=1000.0)
