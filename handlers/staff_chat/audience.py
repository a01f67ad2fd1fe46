"""Who is told what: those on duty, and those who are meant (docs/decisions/0008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.advisors.desk_case import can_read
from handlers.staff import viewer_for
from storage.cases import Case
from storage.staff_chats import Reader

_MINE = "staff:"


@dataclass(frozen=True, slots=True)
class Audience:
    """The linked chats of a bot."""

    readers: Sequence[Reader]

    @property
    def groups(self) -> list[Reader]:
        """Groups of staff: impersonal cards only."""
        return [one for one in self.readers if one.staff is None]

    @property
    def people(self) -> list[Reader]:
        """Staff members' own chats."""
        return [one for one in self.readers if one.staff is not None]

    @property
    def on_duty(self) -> list[Reader]:
        """Those who said that they are here."""
        return [one for one in self.people if one.staff is not None and one.staff.on_duty]

    @property
    def supervisors(self) -> list[Reader]:
        """Supervisors, on duty or not."""
        return [one for one in self.people if one.staff and one.staff.role == "supervisor"]

    def rung(self) -> list[Reader]:
        """Who hears a red case: all on duty; nobody here: supervisors; none: everybody."""
        return self.on_duty or self.supervisors or self.people

    def may_read(self, case: Case) -> list[Reader]:
        """Those on duty who may see the case's details."""
        return [
            one
            for one in self.on_duty
            if one.staff is not None and can_read(viewer_for(one.staff), case)
        ]

    def of(self, audience: str, case: Case | None, *, red: bool) -> list[Reader]:
        """Whom a push is for: one person always; supervisors on duty, of a red case all."""
        if audience.startswith(_MINE):
            wanted = audience.removeprefix(_MINE)
            return [one for one in self.people if one.staff is not None and one.staff.id == wanted]
        if audience == "supervisors":
            here = [one for one in self.supervisors if one in self.on_duty]
            return self.supervisors if red or not here else here
        if red or case is None:
            return self.rung()
        return self.may_read(case) or self.supervisors

    def second(self, case: Case) -> list[Reader]:
        """Who may agree that a red case ends: supervisors and those on duty, but who proposed."""
        asked = {id(one): one for one in [*self.supervisors, *self.may_read(case)]}
        return [one for one in asked.values() if one.staff and one.staff.id != case.closing_by]

    def speaking(self, case: Case) -> list[Reader]:
        """Who gets a case's new lines: its assignee, and whoever speaks with it.

        Off duty the assignee gets those of a red case only.
        """
        return [
            one
            for one in self.people
            if one.staff is not None
            and (
                one.focus_case_id == case.id
                or (
                    one.staff.id == case.assignee_id
                    and (one.staff.on_duty or case.urgency == "red")
                )
            )
            and can_read(viewer_for(one.staff), case)
        ]
