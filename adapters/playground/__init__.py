"""The third platform: a local page that behaves like a chat client, to try Preceptor without an account."""

from adapters.playground.platform import Playground
from adapters.playground.server import serve, serve_screens
from adapters.playground.talk import channel_address, person_address, slug_of
from adapters.playground.wire import Face, Stage, Step

__all__ = [
    "Face",
    "Playground",
    "Stage",
    "Step",
    "channel_address",
    "person_address",
    "serve",
    "serve_screens",
    "slug_of",
]
