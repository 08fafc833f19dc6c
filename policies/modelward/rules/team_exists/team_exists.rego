# METADATA
# title: The key's team exists
# description: A key that names a team without a record is refused.
# custom:
#   spec: [L8, E2]
#   order: 600
#   status: 404
#   type: auth_error
#   layer: team
#   remedy: create_team
#   advice: "the key names a team that does not exist: ask the admin"
#   alike: true
package modelward.rules.team_exists

import data.modelward.lib.caller

# METADATA
# description: Refuses a key whose team has no record.
deny contains message if {
	not _found
	message := "this key's team does not exist; ask the proxy's admin to move the key"
}

_found if is_null(input.caller.key.team_id)

_found if input.caller.team.team_id == input.caller.key.team_id

_found if caller.has_no_key
