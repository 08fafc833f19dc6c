# METADATA
# title: The owner's list
# description: When the lists of a caller's user apply - not with a team, and not to an admin (L4, L9, L11).
package modelward.lib.owner

import data.modelward.lib.caller

# METADATA
# description: Whether the owner's list binds this caller.
binds if not _exempt

_exempt if caller.is_admin

_exempt if is_null(input.caller.user)

_exempt if is_string(input.caller.key.team_id)

_exempt if is_string(input.caller.team.team_id)
