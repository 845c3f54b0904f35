"""What a device signed is taken once, by whichever process of a site it reaches."""

from contextlib import closing

from app.auth.limits import limits
from app.auth.signing import CLEARED, Once, Signed
from tests.identity.conftest import Office

HASH = "0" * 64


def test_what_one_process_took_no_other_takes_and_none_that_is_started_anew(office: Office) -> None:
    with closing(office.again()) as other:
        first, second = Once(office.identity.devices, office.clock), Once(other.devices, office.clock)

        def said(nonce: str, device: str = "GW01") -> Signed:
            at = int(office.clock().timestamp())
            return Signed(device=device, time=at, nonce=nonce, body=HASH, signature=HASH)

        captured = said("n1")
        assert first.take(captured)
        assert not second.take(captured)
        assert not first.take(captured)
        assert not Once(other.devices, office.clock).take(captured), "as after a restart"
        assert second.take(said("n1", "GW02")), "another device may have the same"
        assert second.take(said("n2"))
        office.clock.turn(seconds=2 * limits().signature_seconds + CLEARED + 1)
        assert not first.timely(captured)
        assert first.take(said("n3"))
        assert first.take(said("n2")), "what can be taken no more by its time is not kept for ever"
