"""When a key ends."""

import pytest

from admin.client import Client


@pytest.mark.parametrize(("duration", "expires"), [
    ("30s", "2026-01-31T12:00:30Z"),
    ("30m", "2026-01-31T12:30:00Z"),
    ("30h", "2026-02-01T18:00:00Z"),
    ("30d", "2026-03-02T12:00:00Z"),
    ("1w", "2026-02-07T12:00:00Z"),
    ("1mo", "2026-02-28T12:00:00Z"),
    ("12mo", "2027-01-31T12:00:00Z"),
    ("0s", "2026-01-31T12:00:00Z"),
    ("3000mo", "2276-01-31T12:00:00Z"),
    ("999999999w", "9999-12-31T23:59:59Z"),
    ("999999999mo", "9999-12-31T23:59:59Z"),
    ("-1", None),
])  # fmt: skip
async def test_a_duration_counts_from_now(admin: Client, duration: str, expires: str | None) -> None:
    assert (await admin.made("/key/generate", duration=duration))["expires"] == expires


@pytest.mark.parametrize(("text", "expires"), [
    ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
    ("2030-01-01T02:00:00+02:00", "2030-01-01T00:00:00Z"),
    ("2030-01-01T00:00:00", "2030-01-01T00:00:00Z"),
    ("1999-12-31", "1999-12-31T00:00:00Z"),
    ("2262-04-12", "2262-04-12T00:00:00Z"),
    ("9999-12-31", "9999-12-31T00:00:00Z"),
    ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"),
])  # fmt: skip
async def test_a_time_without_a_zone_is_utc(admin: Client, text: str, expires: str) -> None:
    assert (await admin.made("/key/generate", expires=text))["expires"] == expires


@pytest.mark.parametrize("duration", ["", "30", "30y", "d", "-30d", "1.5h", "٣d", "1 d", "1D", "1000000000w"])
async def test_a_duration_that_is_none_is_refused(admin: Client, duration: str) -> None:
    await admin.refused("/key/generate", duration=duration)


@pytest.mark.parametrize("text", ["", "soon", "2030-13-01", "10000-01-01", "0001-01-01T00:00+23:00"])
async def test_a_time_that_is_none_is_refused(admin: Client, text: str) -> None:
    await admin.refused("/key/generate", expires=text)


async def test_a_duration_and_a_time_exclude_each_other(admin: Client) -> None:
    assert "`expires`" in await admin.refused("/key/generate", duration="1d", expires="2030-01-01")


@pytest.mark.parametrize("fields", [{"duration": "-1"}, {"duration": None}, {"expires": None}])
async def test_an_end_may_be_taken_away(admin: Client, fields: dict[str, object]) -> None:
    made = await admin.made("/key/generate", duration="30d")
    assert (await admin.made("/key/update", key=made["key"], **fields))["expires"] is None


async def test_an_end_stays_when_nothing_is_said(admin: Client) -> None:
    made = await admin.made("/key/generate", duration="30d")
    assert (await admin.made("/key/update", key=made["key"], models=["a"]))["expires"] == made["expires"]
