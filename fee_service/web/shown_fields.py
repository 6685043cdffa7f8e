"""What a page shows of a form, so that it carries along whatever it has no field for."""

from __future__ import annotations

from collections.abc import Iterable

from fee_service.web.filling_in import Form

# They belong to the page that is sent, and the next page makes its own.
OF_THE_PAGE = frozenset(("csrf_token", "once", "lang", "from_desk"))


class ShownFields:
    """The fields of a form that a page has shown so far; called by the template wherever it writes one."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._shown = set(OF_THE_PAGE)

    def __call__(self, *names: str) -> str:
        """Note that fields are shown with all that they hold; nothing is written for it."""
        self._shown.update(names)
        return ""

    def others(self, name: str, offered: Iterable[str]) -> list[str]:
        """What a field holds beside what is offered: it is shown too, or the next click would drop it."""
        known = {"", *offered}
        return [value for value in dict.fromkeys(self._form.getlist(name)) if value not in known]

    def left(self) -> list[tuple[str, str]]:
        """Everything that no field shows, to be carried along."""
        return [
            (name, value) for name, values in self._form.lists() if name not in self._shown for value in values if value
        ]
