"""Who somebody is, as it is said: sealed at once."""

from chassis.http import Asked
from chassis.words import Short


class PersonIn(Asked):
    """In no list, no event and no trail."""

    name: Short
    number: Short
    phone: Short = ""
