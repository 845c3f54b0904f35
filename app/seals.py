"""What documents are issued with: the organs configured, the key they are signed with, and every certificate used."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

from app.auth.sealing import Sealer
from app.settings import IssuingOrgan, Settings
from casework.documents.organs import Organ, demo_seal
from casework.documents.signing import Certificate, certificate, public_part
from casework.press import Press, Signing
from core.canonical import sha256
from core.clock import Clock
from dashboards.handout.typeset import setter

FONT = Path(__file__).parents[1] / "dashboards" / "assets" / "fonts" / "NotoSansSC-Bold-gb2312.woff2"
REVIEW, COURT = "云澜市人民政府", "云澜市中级人民法院"
DEMO_ORGANS = tuple(
    IssuingOrgan(area=area, name=f"{place}应急管理局", short=short, review_organ=review, court=court)
    for area, place, short, review, court in (
        ("9901", "云澜市", "云澜", REVIEW, COURT),
        ("990102", "云澜市区", "云区", REVIEW, "云澜市区人民法院"),
        ("990104", "听涛新区", "听涛", REVIEW, "听涛新区人民法院"),
        ("990106", "盐港新区", "盐港", REVIEW, "盐港新区人民法院"),
        ("990121", "青屿县", "青屿", "青屿县人民政府", "青屿县人民法院"),
    )
)
"""Invented, as the city is; their seals say that they are none."""


class Seals:
    """The key of `data`: one configured, or one made here that signs for itself; its certificates lie in `seals/`."""

    def __init__(self, settings: Settings, sealer: Sealer, clock: Clock) -> None:
        self._settings = settings
        self._sealer = sealer.for_purpose("documents")
        self._clock = clock
        self._lock = Lock()
        self._held: Signing | None = None

    def signing(self) -> Signing:
        """The key, read or made at the first need; its certificate is kept as long as documents are checked."""
        with self._lock:
            if self._held is None:
                self._held = self._opened()
                public = public_part(self._held.certificate, self._held.passphrase)
                folder = self._settings.data / "seals"
                folder.mkdir(parents=True, exist_ok=True)
                path = folder / f"{sha256(public)}.cer"
                if not path.exists():
                    path.write_bytes(public)
            return self._held

    def certificates(self) -> tuple[bytes, ...]:
        """Every certificate that documents were signed with."""
        return tuple(path.read_bytes() for path in sorted((self._settings.data / "seals").glob("*.cer")))

    def _opened(self) -> Signing:
        settings = self._settings
        if settings.seal_certificate is not None:
            passphrase = settings.seal_passphrase.get_secret_value()
            return Signing(Certificate(settings.seal_certificate.read_bytes()), passphrase)
        file, passphrase = settings.data / "seal.p12", self._sealer.mark("seal.p12")
        try:
            with file.open("xb") as made:
                file.chmod(0o600)
                made.write(certificate(settings.city_title, passphrase, self._clock()).pkcs12)
        except FileExistsError:
            pass
        return Signing(Certificate(file.read_bytes()), passphrase)


def press(settings: Settings, seals: Seals, demo: Callable[[], bool]) -> Press:
    """What makes documents. In the demo city its invented organs sign where none are configured."""
    site = settings.site_address or f"http://{settings.host}:{settings.port}{settings.root_path}"

    def organs() -> tuple[Organ, ...]:
        if settings.organs:
            return tuple(_organ(one) for one in settings.organs)
        return _demo_organs() if demo() else ()

    return Press(set_type=setter, organs=organs, signing=seals.signing, site=site)


@cache
def _demo_organs() -> tuple[Organ, ...]:
    return tuple(_organ(one, demo_seal(one.name, FONT)) for one in DEMO_ORGANS)


def _organ(one: IssuingOrgan, seal: bytes = b"") -> Organ:
    return Organ(
        area=one.area, name=one.name, short=one.short, review_organ=one.review_organ, court=one.court,
        seal=seal if one.seal is None else one.seal.read_bytes(),
    )  # fmt: skip
