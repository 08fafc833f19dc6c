# METADATA
# title: The organization exists
# description: A caller whose organization, or whose team's, has no record is refused.
# custom:
#   spec: [L6, L8]
#   differs: [L8]
#   order: 1000
#   type: auth_error
#   layer: org
#   remedy: create_organization
#   advice: "the organization has no record: ask the admin"
#   alike: true
package modelward.rules.org_exists

import data.modelward.lib.caller
import data.modelward.lib.token

# METADATA
# description: Refuses a caller whose organization has no record.
deny contains message if {
	not _found
	message := "the organization of this caller or of its team does not exist; ask the proxy's admin to mend it"
}

_found if {
	_found_of_key
	_found_of_token
	_found_of_team
}

_found_of_key if is_null(input.caller.key.organization_id)

_found_of_key if caller.has_no_key

_found_of_key if input.caller.organizations[input.caller.key.organization_id]

_found_of_token if not caller.is_token

_found_of_token if token.is_admin

_found_of_token if is_null(input.caller.token.organization_id)

_found_of_token if input.caller.organizations[input.caller.token.organization_id]

_found_of_team if is_null(input.caller.team)

_found_of_team if is_null(input.caller.team.organization_id)

_found_of_team if input.caller.organizations[input.caller.team.organization_id]
