"""Who a row means: by staff number, else by phone, else by a name that only one person at that unit has."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from banyan.tracker.roster.cells import CellError, Fault, address
from banyan.tracker.roster.entries import Entry
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.known import Known, Somebody

Key = tuple[object, ...]
HELD = "手机号{phone}在系统里是{known}（工号{number}）的；请核对。他要是离岗了，先记他离岗，再导入这一行"


@dataclass(eq=False, slots=True)
class Group:
    """All rows of one person; `person` is None for somebody the records do not know."""

    person: Somebody | None
    entries: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.entries[0].name

    @property
    def staff_number(self) -> str:
        return (
            self.person.staff_number
            if self.person
            else next((each.staff_number for each in self.entries if each.staff_number), "")
        )

    @property
    def phone(self) -> str:
        return next((each.phone for each in self.entries if each.phone), "")


def gather(entries: Iterable[Entry], known: Known, faults: list[Fault]) -> list[Group]:
    """Bring the rows of each person together; rows that contradict one another or the records become faults."""
    groups: dict[Key, Group] = {}
    rows = list(entries)
    numbers = {each.phone: each.staff_number for each in rows if each.phone and each.staff_number}
    for entry in rows:
        try:
            person = recognise(entry, known)
        except CellError as fault:
            faults.append(fault_of(entry, fault))
            continue
        groups.setdefault(_key(entry, person, numbers), Group(person)).entries.append(entry)
    found = list(groups.values())
    for group in found:
        faults += _contradictions(group)
    return [*_sharing_no_phone(found, known, faults)]


def fault_of(entry: Entry, error: CellError) -> Fault:
    return Fault(entry.row, entry.line.columns.get(error.field), error)  # type: ignore[call-overload]


def recognise(entry: Entry, known: Known) -> Somebody | None:
    """Return whom the records know as this, None for somebody new; CellError where that cannot be."""
    if entry.staff_number in known.numbers:
        return _by_number(entry, known.numbers[entry.staff_number], known)
    by_phone = _by_phone(entry, known)
    if by_phone and entry.staff_number:
        raise CellError(
            "系统里{name}（同一个手机号）的工号是{number}，表里写的是{said}；请改成一致", name=by_phone.name,
            number=by_phone.staff_number, said=entry.staff_number,
        ).at(Field.STAFF_NUMBER)  # fmt: skip
    if by_phone or entry.staff_number or entry.place.unit_id is None:
        return by_phone
    namesakes = known.at.get((entry.name, entry.place.unit_id), ())
    if len(namesakes) > 1:
        raise CellError(
            "{unit}有{n}个{name}，分不清是谁；请填工号", unit=entry.place.words, n=len(namesakes), name=entry.name
        ).at(Field.NAME)
    return next((known.people[each] for each in namesakes), None)


def _by_number(entry: Entry, person: Somebody, known: Known) -> Somebody:
    if not known.in_sight(person):
        raise CellError("工号{number}已经有人用了，这个人不归您管；要调过来，请找县里的管理员", number=entry.staff_number).at(
            Field.STAFF_NUMBER
        )
    if person.name != entry.name and not (entry.phone and entry.phone == person.phone):
        raise CellError(
            "工号{number}在系统里是{known}，表里写的是{said}；请核对。如果是改了名字，手机号要和系统里的一样",
            number=person.staff_number, known=person.name, said=entry.name,
        ).at(Field.STAFF_NUMBER)  # fmt: skip
    return person


def _by_phone(entry: Entry, known: Known) -> Somebody | None:
    holders = known.phones.get(entry.phone, []) if entry.phone else []
    here = [each for each in holders if not known.gone(each)]
    for person in here:
        if not known.in_sight(person):
            raise CellError("手机号{phone}已经有别人在用，请核对", phone=entry.phone).at(Field.PHONE)
        if person.name != entry.name:
            raise CellError(HELD, phone=entry.phone, known=person.name, number=person.staff_number).at(Field.PHONE)
    back = [each for each in holders if known.gone(each) and each.name == entry.name and known.in_sight(each)]
    return next(iter((*here, *back)), None)


def _key(entry: Entry, person: Somebody | None, numbers: dict[str, str]) -> Key:
    if person:
        return ("person", person.id)
    number = entry.staff_number or numbers.get(entry.phone, "")
    if number:
        return ("number", number)
    return ("phone", entry.phone, entry.name) if entry.phone else ("name", entry.name, entry.place)


def _contradictions(group: Group) -> list[Fault]:
    """Return what the rows of one person say against each other, at both places."""
    found: list[Fault] = []
    first = group.entries[0]
    phoned = next((each for each in group.entries if each.phone), first)
    once: dict[Key, Entry] = {}
    for entry in group.entries:
        before = once.setdefault((entry.place, entry.role, entry.post if entry.role is None else ""), entry)
        if entry.name != first.name:
            found += _told(first, entry, Field.NAME, "工号或手机和第{row}行一样，姓名却不一样（{name}）；请核对")
        elif entry.phone and entry.phone != phoned.phone:
            found += _told(phoned, entry, Field.PHONE, "和第{row}行是同一个人（{name}），手机号却不一样；请核对")
        elif before is not entry:
            found += _told(before, entry, Field.NAME, "和第{row}行重复（{name}）；请删掉一行")
    return found


def _sharing_no_phone(groups: list[Group], known: Known, faults: list[Fault]) -> Iterable[Group]:
    """Two people never share a phone: people sign in by it."""
    sharing: dict[str, list[Entry]] = defaultdict(list)
    for group in groups:
        if group.phone:
            sharing[group.phone].append(next(each for each in group.entries if each.phone))
    for entries in sharing.values():
        for other in entries[1:]:
            faults += _told(entries[0], other, Field.PHONE, "手机号和第{row}行的{name}一样；每个人要用自己的手机号")
    handed_on = givers(groups)
    for group in groups:
        others = [each for each in holders(group, known) if each.id not in handed_on]
        faults += [fault_of(group.entries[0], _held(group.phone, each, known)) for each in others[:1]]
        yield group


def holders(group: Group, known: Known) -> list[Somebody]:
    """Return who has the phone today that somebody known is to have from now on."""
    if group.person is None or group.phone in ("", group.person.phone):
        return []
    return [each for each in known.phones.get(group.phone, []) if each is not group.person and not known.gone(each)]


def givers(groups: Iterable[Group]) -> set[int]:
    """Return who has another phone from now on: theirs may be handed on, as a grid's phone is when two change places."""
    return {group.person.id for group in groups if group.person and group.phone not in ("", group.person.phone)}


def _held(phone: str, other: Somebody, known: Known) -> CellError:
    if known.in_sight(other):
        return CellError(HELD, phone=phone, known=other.name, number=other.staff_number).at(Field.PHONE)
    return CellError("手机号{phone}已经有别人在用，请核对", phone=phone).at(Field.PHONE)


def _told(one: Entry, other: Entry, field_: Field, words: str) -> list[Fault]:
    """Return one fault at each of two places, each naming the other."""
    pairs = ((one, other), (other, one))
    return [fault_of(here, CellError(words, row=address(there.row), name=there.name).at(field_)) for here, there in pairs]
