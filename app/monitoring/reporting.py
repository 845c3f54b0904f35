"""The servers that devices reach beside the web, begun and ended with it; none unless the settings ask for it."""

from contextlib import AsyncExitStack

from app.monitoring.hj212 import Hj212
from app.monitoring.mqtt import Broker, Mqtt
from app.wiring import System


async def enter_reporting(system: System) -> AsyncExitStack:
    """Begin what the settings ask for; closing the answer ends it."""
    held = AsyncExitStack()
    settings = system.settings
    if settings.hj212_port is not None:
        passwords = {device: secret.get_secret_value() for device, secret in settings.hj212_devices.items()}
        await held.enter_async_context(
            Hj212(system.inbox, system.clock, passwords).serving(settings.host, settings.hj212_port)
        )
    if settings.mqtt_url.get_secret_value():
        broker = Broker(
            url=settings.mqtt_url.get_secret_value(),
            topic=settings.mqtt_topic,
            client=settings.mqtt_client,
            ca=settings.mqtt_ca,
        )
        held.enter_context(Mqtt(system.inbox, system.clock, broker).serving())
    return held
