# METADATA
# title: The owner's list
# description: When the lists of a caller's user apply - not with a team, and not to an admin (L4, L9, L11).
package modelward.lib.owner

import data.modelward.lib.caller

# METADATA
# description: Whether the owner's list binds this caller. An owner without a record has none (L8).
binds if not _has_no_list

# METADATA
# description: >-
#   Whether the caller needs a team of its owner, where the config demands one (L11). An owner without a record is an
#   owner too, and has no team.
needs_a_team if not _needs_none

_has_no_list if is_null(input.caller.user)

_has_no_list if _exempt

_needs_none if {
	is_null(input.caller.user)
	_names_no_owner
}

_needs_none if _exempt

_exempt if caller.is_admin

_exempt if is_string(input.caller.key.team_id)

_exempt if is_string(input.caller.team.team_id)

_names_no_owner if is_null(input.caller.key.user_id)

# That the user of a token has a record, is another rule's question.
_names_no_owner if caller.has_no_key
