"""Addresses of users."""

from typing import Annotated

from pydantic import Field

from modelward.admin.fields import Name, wrong


def by_id(sent: object) -> object:
    """What was sent, unless it names a user by its address alone: addresses are not looked up. Raises pydantic's
    error."""
    if isinstance(sent, dict) and sent.get("user_email") is not None and sent.get("user_id") is None:
        raise wrong("`user_id` is missing: no user is found by its address, send its `user_id`")
    return sent


UnusedAddress = Annotated[Name | None, Field(description="may stand beside `user_id`; neither looked up nor kept")]
