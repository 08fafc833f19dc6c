"""What the key mapping routes answer: LiteLLM's fields, without the key's hash."""

from typing import Literal

from pydantic import BaseModel

from modelward.admin.record_answer import RecordAnswer


class KeyMappingAnswer(RecordAnswer):
    """A mapping. The key it leads to is not shown."""

    id: str
    jwt_issuer: None = None
    jwt_claim_name: str
    jwt_claim_value: str
    description: str | None
    is_active: Literal[True] = True
    created_by: str | None
    updated_by: str | None


class DeletedKeyMapping(BaseModel):
    """The mapping is no more."""

    status: Literal["success"] = "success"


class KeyMappingPage(BaseModel):
    """One page of mappings."""

    mappings: list[KeyMappingAnswer]
    total_count: int
    current_page: int
    total_pages: int
