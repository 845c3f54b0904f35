"""Connections as they are on the wire: those that never say what they want, and those under TLS."""

import ipaddress
import socket
import ssl
import struct
from datetime import timedelta
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.bounds import LARGEST_BODY
from app.patience import LARGEST_HEAD
from core.clock import utc_now
from tests.server import PASSWORDS, configured_server, demo_city
from tests.tracebacks import unexpected


def connected(server: str) -> socket.socket:
    """A bare connection that gives up well after the server should have."""
    place = urlsplit(server)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=20)


def dripped(line: socket.socket, drop: bytes) -> bytes:
    """What comes back while a byte or so is sent every now and then, until the other side ends it."""
    line.settimeout(0.05)
    heard = b""
    for _ in range(400):
        try:
            line.sendall(drop)
            part = line.recv(4096)
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            return heard
        if not part:
            return heard
        heard += part
    raise AssertionError("the connection was never ended")


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server of little patience."""
    data = demo_city(tmp_path_factory.mktemp("hasty") / "data")
    with configured_server(data, head_seconds="0.5", body_seconds="0.5") as server:
        yield server


def test_a_connection_that_says_nothing_is_closed(hasty: str) -> None:
    with connected(hasty) as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 408 ")
        assert line.recv(4096) == b""


@pytest.mark.parametrize("begun", [b"GET /signin HTTP/1.1\r\nhost: a\r\nx-slow: ", b"GET /", b"\r\n"])
def test_headers_that_come_drop_by_drop_are_not_waited_for(hasty: str, begun: bytes) -> None:
    with connected(hasty) as line:
        line.sendall(begun)
        assert dripped(line, b"\r\n" if begun == b"\r\n" else b"a").startswith(b"HTTP/1.1 408 ")


def test_a_second_request_on_the_same_connection_has_no_more_time(hasty: str) -> None:
    with connected(hasty) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
        line.sendall(b"GET /healthz HTTP/1.1\r\nx-slow: ")
        dripped(line, b"a")


def test_a_body_that_comes_drop_by_drop_is_said_to_be_too_slow(hasty: str) -> None:
    head = b"POST /signin HTTP/1.1\r\nhost: a\r\norigin: http://a\r\ncontent-length: 8000\r\n\r\nlogin="
    with connected(hasty) as line:
        line.sendall(head)
        heard = dripped(line, b"a")
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too-slow"' in heard


def test_headers_without_end_are_cut_off_while_they_come(hasty: str) -> None:
    with connected(hasty) as line:
        line.sendall(b"GET / HTTP/1.1\r\nx-long: " + b"a" * (LARGEST_HEAD + 1000))
        assert line.recv(4096).startswith(b"HTTP/1.1 431 ")


def test_a_body_that_goes_on_after_its_answer_is_read_to_its_end_and_the_next_request_answered(server: str) -> None:
    size = LARGEST_BODY + 9 * LARGEST_HEAD
    head = f"POST /signin HTTP/1.1\r\nhost: a\r\norigin: http://a\r\ncontent-length: {size}\r\n\r\n".encode()
    with connected(server) as line:
        line.sendall(head + b"a" * LARGEST_HEAD)
        heard = b""
        while not heard.endswith(b'"code":"too-large"}'):
            heard += line.recv(65536)
        assert heard.startswith(b"HTTP/1.1 413 ")
        for _ in range((size - LARGEST_HEAD) // 10_000):
            line.sendall(b"a" * 10_000)
        line.sendall(b"a" * ((size - LARGEST_HEAD) % 10_000))
        line.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_who_asks_in_time_is_answered_however_often(hasty: str) -> None:
    with httpx.Client(base_url=hasty, timeout=60.0) as client:
        assert {client.get("/healthz").status_code for _ in range(50)} == {200}
        assert client.get("/public/basemap.png").status_code == 200


@pytest.mark.parametrize(
    "path", ["/signin", "/api/incidents/open", "/ogc/api/processes/buffer/execution", "/_dash-update-component"]
)
def test_who_goes_away_in_the_middle_of_a_request_is_no_fault_of_the_server(server: str, path: str) -> None:
    with httpx.Client(base_url=server, timeout=60.0, headers={"origin": server}) as client:
        client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        head = f"POST {path} HTTP/1.1\r\nhost: {urlsplit(server).netloc}\r\norigin: {server}\r\ncookie: {cookie}\r\n"
        with connected(server) as line:
            line.sendall(f"{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{".encode())
            sleep(0.5)  # the door waits for the rest now
        sleep(0.5)
        assert client.get("/healthz").status_code == 200
    assert not unexpected()


def test_who_asks_much_at_once_and_goes_away_is_no_fault_of_the_server(server: str) -> None:
    """Of several requests on a connection the last one alone was told that nobody is there any more."""
    for pause in range(40):
        with connected(server) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n" * 50)
            sleep(pause / 1000)  # some are answered
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not closed in order
    assert httpx.get(server + "/healthz").status_code == 200
    assert not unexpected()


def test_what_is_asked_of_the_server_itself_is_no_door(server: str) -> None:
    with connected(server) as line:
        line.sendall(b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n")
        assert line.recv(4096).partition(b" ")[2][:3] in (b"404", b"405")
    assert not unexpected()


def test_a_connection_that_rests_longer_than_most_clients_keep_theirs_is_still_answered(server: str) -> None:
    with connected(server) as line:
        for rest in (0, 6):
            sleep(rest)
            line.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
            heard = b""
            while not heard.endswith(b"}"):
                heard += line.recv(65536) or b"}"
            assert heard.startswith(b"HTTP/1.1 200 ")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for the loopback address, and its key."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), utc_now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "onemap of a test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return cert_file, key_file


def test_under_tls_every_cookie_is_for_tls_and_for_no_script_and_no_other_site(tmp_path: Path) -> None:
    demo_city(tmp_path / "data")
    cert, key = certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=str(cert))
    with configured_server(tmp_path / "data", tls_cert=str(cert), tls_key=str(key)) as server:
        assert server.startswith("https://")
        with httpx.Client(base_url=server, headers={"origin": server}, verify=trusted) as client:
            answer = client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
            lines = answer.headers.get_list("set-cookie")
            assert client.get("/api/me").json()["login"] == "city"
            assert answer.headers["strict-transport-security"].startswith("max-age=")
            lang = client.get("/map?lang=en", headers={"accept": "text/html"}).headers["set-cookie"]
            told = client.get("/ogc/wms?service=WMS&request=GetCapabilities").text
            gone = client.post("/signout").headers["set-cookie"]
            assert client.get("/api/me").status_code == 401
        with connected(server) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
            assert b"200 OK" not in plain.recv(4096)
    session = next(line for line in lines if line.startswith("onemap_session="))
    for part in ("; Secure", "; HttpOnly", "; SameSite=lax", "; Path=/"):
        assert part in session
    assert "Domain" not in session
    assert "; Secure" in lang
    assert "; SameSite=lax" in lang
    assert gone.startswith('onemap_session=""')
    assert f"{server}/ogc/wms" in told
    assert "http://127" not in told
