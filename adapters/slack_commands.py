"""A command's text as the arguments it declares, and the modal that asks for what is missing or unclear."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from slack_sdk.models.blocks import (
    ChannelSelectElement,
    DatePickerElement,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)

from adapters.slack_render import (
    MODAL_TITLE,
    Json,
    Origin,
    asked,
    channel_address,
    group_address,
    modal_view,
    option,
    person_address,
    plain,
)
from bot.ui import Command, Filled, Kind, Option, Param, shortened

METADATA = 3000
"""Characters that a modal keeps while it asks for the rest."""

_TOKEN = re.compile(r"(?:[\w-]+:)?<[@#!][^>]*>|\S+")
_NAMED = re.compile(r"(?P<name>[\w-]+):(?P<value>.+)", re.DOTALL)
_ENTITY = {
    Kind.MEMBER: re.compile(r"<@(\w+)(?:\|[^>]*)?>"),
    Kind.CHANNEL: re.compile(r"<#(\w+)(?:\|[^>]*)?>"),
    Kind.ROLE: re.compile(r"<!subteam\^(\w+)(?:\|[^>]*)?>"),
}
_ADDRESS_OF = {Kind.MEMBER: person_address, Kind.CHANNEL: channel_address, Kind.ROLE: group_address}
_MARKED = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")


def arguments(command: Command, text: str, team: str) -> dict[str, str]:
    """The arguments in a command's text, by the parameters it declares; what is not there is left out."""
    found: dict[str, str] = {}
    words = _TOKEN.findall(text)
    by_name = {param.name: param for param in command.params}
    last = command.params[-1] if command.params else None
    rest: list[str] = []
    for index, word in enumerate(words):
        named = _NAMED.fullmatch(word)
        param = by_name.get(named["name"]) if named else None
        if named is None or param is None:
            rest.append(word)
        elif param is last and param.kind is Kind.TEXT:
            found[param.name] = _literal(" ".join([named["value"], *words[index + 1 :]]))
            break
        elif (value := _value(param, named["value"], team)) is not None:
            found[param.name] = value
    unsaid = [param for param in command.params if param.name not in found]
    for param in unsaid:
        # A word that reads like one of a parameter's options is that one's, wherever it stands.
        if word := next((word for word in rest if _offered(param, word)), None):
            found[param.name] = _offered(param, word) or ""
            rest.remove(word)
    for param in unsaid:
        if param.name in found:
            continue
        whole = param is last and (param.kind is Kind.TEXT or (param.kind is Kind.PAIR and not _mentions(rest)))
        taken = " ".join(rest) if whole else _take(param, rest, team)
        if value := _value(param, taken, team):
            found[param.name] = value
    return found


def _mentions(words: Sequence[str]) -> bool:
    return any(_ENTITY[Kind.MEMBER].fullmatch(word) for word in words)


def _take(param: Param, rest: list[str], team: str) -> str:
    """The first of the words that can be this parameter, taken out of them.

    A word that is none of a parameter's options is still taken, so that the core can say so.
    """
    fits = [word for word in rest if _value(param, word, team) is not None]
    if param.kind in (Kind.CHOICE, Kind.DATE, Kind.TEXT):
        fits = [word for word in fits if not word.startswith(("<", "@"))]
    if not fits:
        return ""
    rest.remove(fits[0])
    return fits[0]


def _value(param: Param, word: str, team: str) -> str | None:
    """What a word means for this parameter; None if it cannot be meant.

    For a PAIR someone may be mentioned, who is then given by their address.
    """
    if entity := _ENTITY.get(param.kind):
        match = entity.fullmatch(word)
        return _ADDRESS_OF[param.kind](team, match[1]) if match else None
    if param.kind is Kind.PAIR and (match := _ENTITY[Kind.MEMBER].fullmatch(word)):
        return person_address(team, match[1])
    return _offered(param, word) or _literal(word)


def _offered(param: Param, word: str) -> str | None:
    meant = _literal(word).casefold()
    return next((o.value for o in param.options if meant in (o.value.casefold(), o.label.casefold())), None)


def _literal(words: str) -> str:
    """Words as they were typed, without Slack's marks around names and addresses."""
    return html.unescape(_MARKED.sub(_unmarked, words))


def _unmarked(mark: re.Match[str]) -> str:
    kind, target, label = mark[1], mark[2], (mark[3] or "").lstrip("@#")
    return f"{'#' if kind == '#' else '@'}{label or target.partition('^')[0]}" if kind else label or target


def missing(command: Command, given: Mapping[str, str]) -> list[Param]:
    return [param for param in command.params if param.required and param.name not in given]


Choices: TypeAlias = Mapping[str, Sequence[Option]]
"""What some of a command's parameters can hold for the one who asks, by the parameter's name."""


def asking(
    command: Command, given: Mapping[str, str], origin: Origin, choices: Choices = MappingProxyType({})
) -> Json | None:
    """A modal that asks for what a command still needs, and for what is to be chosen; None when that is nothing."""
    wanted = {param.name for param in missing(command, given)} | choices.keys()
    inputs = [
        asked(
            param.name,
            param.help[:1].upper() + param.help[1:],
            _param_input(param, choices.get(param.name, param.options)),
            hint="",
            required=param.required,
        )
        for param in command.params
        if param.name in wanted
    ]
    title = shortened(f"/{command.name}", MODAL_TITLE)
    return modal_view(title, f"/{command.name}", "Go on", inputs, _kept(given, origin)) if inputs else None


def _kept(given: Mapping[str, str], origin: Origin) -> str:
    """What is known already, cut where it is more than a modal keeps."""
    room = METADATA
    while len(kept := origin.kept({name: shortened(value, room) for name, value in given.items()})) > METADATA:
        room = room * 9 // 10  # marks that JSON doubles are counted by trying
    return kept


def _param_input(param: Param, options: Sequence[Option]) -> InputInteractiveElement:
    if param.kind is Kind.MEMBER:
        return UserSelectElement(action_id=param.name)
    if param.kind is Kind.CHANNEL:
        return ChannelSelectElement(action_id=param.name)
    if param.kind is Kind.DATE:
        return DatePickerElement(action_id=param.name)
    if options:
        return StaticSelectElement(action_id=param.name, options=[option(each) for each in options])
    placeholder = plain("The group's id, like S0123ABCD") if param.kind is Kind.ROLE else None
    return PlainTextInputElement(action_id=param.name, placeholder=placeholder)


def completed(command: Command, given: Mapping[str, str], answers: Filled, team: str) -> dict[str, str]:
    """The arguments of a command after its modal was sent."""
    args = dict(given)
    for param in command.params:
        if words := " ".join(answers.get(param.name, ())):
            mint = _ADDRESS_OF.get(param.kind)
            args[param.name] = mint(team, words.strip()) if mint else words
    return args
