import asyncio
import json
import ssl
import subprocess
from pathlib import Path

import pytest

from irzhub.config.settings import OutboundSettings
from irzhub.core.exceptions import StartError
from irzhub.outbound.client import LONGEST_ANSWER, Outbound
from irzhub.outbound.errors import NoAnswer, TargetRefused
from tests.outbound.conftest import Listener, Names

OWN = OutboundSettings(networks=("127.0.0.2/32",))


async def test_a_request_and_its_answer(listener: Listener) -> None:
    listener.answer = b"HTTP/1.1 201 Made\r\nX-Id: 7\r\nContent-Length: 2\r\n\r\nok"

    async with Outbound(OWN) as outbound:
        answer = await outbound.request(
            "POST", f"http://127.0.0.2:{listener.port}/hook?a=%2F&b=[]", body=b"{}", headers={"X-One": "1"}
        )

    assert (answer.status, answer.headers["x-id"], answer.body, answer.is_good) == (201, "7", b"ok", True)
    [(_, asked)] = listener.asked
    head = asked.decode()
    assert head.startswith("POST /hook?a=%2F&b=[] HTTP/1.1\r\n")
    assert "User-Agent: irzhub/" in head
    assert "X-One: 1\r\n" in head
    assert "Accept-Encoding: identity\r\n" in head
    assert head.endswith("\r\n\r\n{}")


async def test_a_name_is_looked_up_once_and_the_checked_address_called(listener: Listener) -> None:
    await listener.open("127.0.0.1")
    names = Names(api_rebind_example=[["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]])
    url = f"http://api.rebind.example:{listener.port}/"

    async with Outbound(OWN, names) as outbound:
        answer = await outbound.request("GET", url)
        with pytest.raises(TargetRefused, match=r"127\.0\.0\.1 is not a public address"):
            await outbound.request("GET", url)

    assert answer.body == b"good"
    assert names.asked == ["api.rebind.example"] * 2
    assert [called for called, _ in listener.asked] == ["127.0.0.2"]
    assert f"Host: api.rebind.example:{listener.port}".encode() in listener.asked[0][1]


async def test_one_bad_address_spoils_the_good_ones(listener: Listener) -> None:
    async with Outbound(OWN, Names(both_example=["127.0.0.2", "10.0.0.1"])) as outbound:
        with pytest.raises(TargetRefused, match=r"both\.example is not called: 10\.0\.0\.1"):
            await outbound.request("GET", f"http://both.example:{listener.port}/")

    assert listener.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_follows_a_redirect(listener: Listener, status: int) -> None:
    location = f"http://127.0.0.2:{listener.port}/second"
    listener.answer = f"HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()

    async with Outbound(OWN) as outbound:
        answer = await outbound.request("POST", f"http://127.0.0.2:{listener.port}/first", body=b"x")

    assert (answer.status, answer.is_good) == (status, False)
    assert len(listener.asked) == 1


async def test_an_answer_may_have_64_kib(listener: Listener) -> None:
    listener.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * LONGEST_ANSWER
    async with Outbound(OWN) as outbound:
        answer = await outbound.request("GET", f"http://127.0.0.2:{listener.port}/")
        assert len(answer.body) == LONGEST_ANSWER

        listener.answer += b"x"
        with pytest.raises(NoAnswer, match="more than 65536 bytes") as refused:
            await outbound.request("GET", f"http://127.0.0.2:{listener.port}/")

    assert refused.value.is_sent


async def test_an_answer_is_never_unpacked(listener: Listener) -> None:
    packed = b"\x1f\x8b" + b"\0" * 100
    listener.answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 102\r\n\r\n" + packed

    async with Outbound(OWN) as outbound:
        assert (await outbound.request("GET", f"http://127.0.0.2:{listener.port}/")).body == packed


async def test_an_endless_answer_ends_with_the_deadline(listener: Listener) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, called: str) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.02)

    listener.talk = drip
    async with Outbound(OWN) as outbound:
        with pytest.raises(NoAnswer, match=r"did not answer within 0\.2 s") as late:
            await outbound.request("POST", f"http://127.0.0.2:{listener.port}/", body=b"x", timeout_s=0.2)

    assert late.value.is_sent


async def test_whether_a_request_had_left_is_told(listener: Listener) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, called: str) -> None:
        writer.transport.abort()

    listener.talk = hang_up
    async with Outbound(OWN) as outbound:
        with pytest.raises(NoAnswer) as lost:
            await outbound.request("POST", f"http://127.0.0.2:{listener.port}/", body=b"x")
        assert lost.value.is_sent
        await listener.close()
        with pytest.raises(NoAnswer, match="cannot connect") as refused:
            await outbound.request("POST", f"http://127.0.0.2:{listener.port}/", body=b"x")
        assert not refused.value.is_sent


async def test_a_name_without_an_address() -> None:
    async with Outbound(OWN, Names()) as outbound:
        with pytest.raises(NoAnswer, match=r"https://nobody\.example:443: its name is not known to DNS") as unknown:
            await outbound.request("GET", "https://nobody.example/bot123:secret/send")

    assert not unknown.value.is_sent
    assert "secret" not in str(unknown.value)


async def test_a_slow_resolver_is_within_the_deadline() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async with Outbound(OWN, never) as outbound:
        with pytest.raises(NoAnswer, match="did not answer within") as late:
            await outbound.request("GET", "https://slow.example/", timeout_s=0.05)

    assert not late.value.is_sent


async def test_only_listed_hosts_are_called(listener: Listener) -> None:
    settings = OutboundSettings(hosts=("*.good.example", "127.0.0.2"), networks=("127.0.0.2/32",))
    names = Names(api_good_example=["127.0.0.2"], good_example=["127.0.0.2"])

    async with Outbound(settings, names) as outbound:
        assert (await outbound.request("GET", f"http://api.good.example:{listener.port}/")).is_good
        assert (await outbound.request("GET", f"http://127.0.0.2:{listener.port}/")).is_good
        for host in ("good.example", "evilgood.example", "other.example"):
            with pytest.raises(TargetRefused, match=r"outbound\.hosts does not name"):
                await outbound.request("GET", f"http://{host}:{listener.port}/")


async def test_environment_cookies_and_netrc_play_no_part(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.9:1")
    listener.answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"

    async with Outbound(OWN) as outbound:
        for _ in range(2):
            assert (await outbound.request("GET", f"http://127.0.0.2:{listener.port}/")).is_good

    assert all(b"Cookie" not in asked for _, asked in listener.asked)


async def test_a_proxy_is_asked_for_listed_hosts_only(listener: Listener) -> None:
    settings = OutboundSettings(
        hosts=("api.example",), plain_http=True, proxy=f"http://hub:p%40ss@127.0.0.2:{listener.port}"
    )
    async with Outbound(settings, Names()) as outbound:
        assert (await outbound.request("GET", "http://api.example/x")).body == b"good"
        with pytest.raises(TargetRefused, match="does not name"):
            await outbound.request("GET", "http://other.example/x")
    [(_, asked)] = listener.asked
    assert asked.startswith(b"GET http://api.example/x HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic aHViOnBAc3M=\r\n" in asked

    async with Outbound(OutboundSettings(proxy=settings.proxy), Names()) as outbound:
        with pytest.raises(TargetRefused, match=r"outbound\.hosts must name"):
            await outbound.request("GET", "https://api.example/x")


async def test_tls_is_checked(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=hook.example", "-addext", "subjectAltName=DNS:hook.example"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = Listener()
    server = await asyncio.start_server(listener._serve, "127.0.0.2", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    names = Names(hook_example=["127.0.0.2"], other_example=["127.0.0.2"])
    trusting = OutboundSettings(networks=("127.0.0.2/32",), ca_file=certificate)
    try:
        async with Outbound(trusting, names) as outbound:
            assert (await outbound.request("GET", f"https://hook.example:{port}/")).body == b"good"
            with pytest.raises(NoAnswer, match="certificate is not trusted") as wrong_name:
                await outbound.request("GET", f"https://other.example:{port}/")
        async with Outbound(OWN, names) as outbound:
            with pytest.raises(NoAnswer, match="certificate is not trusted"):
                await outbound.request("GET", f"https://hook.example:{port}/")
    finally:
        server.close()
        await server.wait_closed()
    assert not wrong_name.value.is_sent


async def test_a_file_that_is_no_certificate_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")

    with pytest.raises(StartError, match=r"outbound\.ca_file .*ca\.pem cannot be used"):
        await Outbound(OutboundSettings(ca_file=tmp_path / "ca.pem")).__aenter__()


async def test_a_header_with_a_line_break_never_leaves(listener: Listener) -> None:
    async with Outbound(OWN) as outbound:
        with pytest.raises(TargetRefused, match="'X-A' holds a control character"):
            await outbound.request("GET", f"http://127.0.0.2:{listener.port}/", headers={"X-A": "1\r\nX-B: 2"})

    assert listener.asked == []


async def test_many_at_once_are_served_in_turn(listener: Listener) -> None:
    async with Outbound(OWN) as outbound:
        url = f"http://127.0.0.2:{listener.port}/"
        answers = await asyncio.gather(
            *(outbound.request("POST", url, body=json.dumps(number).encode()) for number in range(50))
        )

    assert {answer.status for answer in answers} == {200}
    assert len(listener.asked) == 50
