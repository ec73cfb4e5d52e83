"""What the officers' page says, and how it is answered."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field, TypeAdapter

from adapters.playground.wire import Picked
from bot.office import Visitor
from bot.ports import Called, Pressed, Request, Sent, Upload
from bot.ui import FILE, Action, Form, Reply, Update, form_json, message_json


@dataclass(frozen=True)
class Call:
    call: UUID
    name: str
    do: Literal["call"]
    args: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Press:
    call: UUID
    token: str
    do: Literal["press"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Send:
    call: UUID
    token: str
    filled: dict[str, tuple[str, ...]]
    do: Literal["send"]
    files: dict[str, Picked] = dataclasses.field(default_factory=dict)


Asked: TypeAlias = Annotated[Call | Press | Send, Field(discriminator="do")]
ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


def as_request(asked: Asked, visitor: Visitor, session: str) -> Request:
    """What an officer asks, as the core hears it: by their own address. Raises ValueError for what we never offered."""
    what: Called | Pressed | Sent
    match asked:
        case Call(name=name, args=args):
            what = Called(name, args)
        case Press(token=token, values=values):
            what = Pressed(Action.parse(token), values)
        case Send(token=token, filled=filled, files=files):
            uploads = {name: Upload(each.name, each.data) for name, each in files.items() if len(each.data) <= FILE}
            what = Sent(Action.parse(token), filled, uploads)
    # The page numbers what it asks, so that what is sent twice counts once.
    key = str(uuid5(NAMESPACE_URL, f"office/{session}/{asked.call}"))
    return Request(key, visitor.session.place, visitor.session.address, visitor.person.name, what)


class Back:
    """The `Responder` of one request; a browser waits as long as it takes."""

    def __init__(self) -> None:
        self.said = json.dumps({"is": "nothing"})

    async def defer(self) -> None:
        pass

    async def reply(self, reply: Reply) -> None:
        if isinstance(reply, Form):
            kind, field, said = "form", "form", form_json(reply)
        else:
            kind = "update" if isinstance(reply, Update) else "message"
            field, said = "message", message_json(reply.message)
        self.said = f'{{"is": "{kind}", "{field}": {said}}}'
