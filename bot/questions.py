"""Questions asked on short screens that are saved one by one, left and resumed.

A `Question` is asked as a form field and its answer read back as the domain's own value; a `Screen` is up to five of
them. Joining and expectations are made of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.feature import Sorry
from bot.ui import Action, ChoiceField, Field, Filled, Form, Option, TextField, clean, say, shortened
from bot.vocabulary import Choice

YES, NO = "yes", "no"
"""The answers to a question whose record is a bool."""


def day_ahead(given: str, today: date) -> date:
    """A date someone gave for later, within a year from `today`. Raises Sorry for any other."""
    day = _day(given)
    if not today < day <= today + timedelta(days=366):
        raise Sorry("That date should lie between tomorrow and a year from now.")
    return day


def day_past(given: str, today: date) -> date:
    """A date someone gave for what was, within five years before `today`. Raises Sorry for any other."""
    day = _day(given)
    if not today - timedelta(days=5 * 366) <= day <= today:
        raise Sorry("That date should not lie ahead, nor long ago.")
    return day


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise Sorry("I need a date like 2026-12-15.") from None


@dataclass(frozen=True)
class Question:
    name: str
    """The field of the record that holds the answer."""
    label: str
    choices: type[Choice] | None = None
    """What to choose from; None for words."""
    options: tuple[Option, ...] = ()
    """What to choose from where it is no vocabulary of the domain; the answer is the option's value."""
    hint: str = ""
    most: int = 1
    required: bool = True
    draft: bool = False
    """The form asks for it, but an empty answer is kept: a draft is judged as a whole."""
    leave_out: tuple[Choice, ...] = ()
    limit: int = 80

    def field(self, value: object) -> Field:
        """The question as a form field, with the answer given before."""
        if self.choices is None and not self.options:
            words = shortened(str(value or ""), self.limit)
            long = self.limit > 200
            return TextField(
                self.name, self.label, self.hint, words, long=long, required=self.required, limit=self.limit
            )
        if isinstance(value, bool):
            value = YES if value else NO
        given = value if isinstance(value, tuple) else () if value is None else (value,)
        options = self.options or tuple(
            Option(choice.value, choice.label) for choice in self.choices or () if choice not in self.leave_out
        )
        return ChoiceField(
            self.name,
            self.label,
            options,
            self.hint,
            tuple(str(each) for each in given),
            min(self.most, len(options)),
            self.required,
        )

    def read(self, filled: Filled) -> Any:  # noqa: ANN401
        """The answer as the record keeps it. Raises Sorry when it cannot be used."""
        given = filled.get(self.name, ())
        if self.choices is None and not self.options:
            words = clean(" ".join(given), self.limit)
            if self.required and not self.draft and not words:
                raise Sorry(say("“{label}” needs a few words. Everything before it is saved.", label=self.label))
            return words
        known = {option.value for option in self.options} or {choice.value for choice in self.choices or ()}
        chosen = [value for value in dict.fromkeys(given) if value in known][: self.most]
        if self.required and not self.draft and not chosen:
            raise Sorry(say("“{label}” needs a choice. Everything before it is saved.", label=self.label))
        values = tuple(self.choices(value) if self.choices else value for value in chosen)  # type: ignore[call-arg]
        if self.most > 1:
            return values
        return values[0] if values else None


@dataclass(frozen=True)
class Screen:
    name: str
    title: str
    questions: tuple[Question, ...]

    def form(self, action: Action, record: object, submit: str = "Save") -> Form:
        """The screen as a form, filled with what the record already holds."""
        fields = tuple(question.field(getattr(record, question.name, None)) for question in self.questions)
        return Form(self.title, action, fields, submit)

    def read(self, filled: Filled) -> dict[str, Any]:
        """Every answer by name. Raises Sorry for the first that cannot be used."""
        return {question.name: question.read(filled) for question in self.questions}

    def answered(self, record: object) -> bool:
        """Whether the record holds every answer this screen cannot do without."""
        return all(getattr(record, q.name, None) not in (None, "", ()) for q in self.questions if q.required)
