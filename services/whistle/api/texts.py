"""How long what people write may be."""

from typing import Annotated

from fastapi import Body
from pydantic import StringConstraints

Short = Annotated[str, StringConstraints(max_length=80)]
Long = Annotated[str, StringConstraints(max_length=4000)]
Reason = Annotated[str, Body(embed=True, max_length=1000)]
