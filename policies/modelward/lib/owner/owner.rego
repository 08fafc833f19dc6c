# METADATA
# title: The owner's list
# description: When the list of a key's owner applies (L4, L9).
package modelward.lib.owner

import data.modelward.lib.caller

# METADATA
# description: Whether the owner's list binds this caller.
binds if not _exempt

_exempt if caller.is_admin

_exempt if is_null(input.caller.user)

_exempt if is_string(input.caller.key.team_id)
