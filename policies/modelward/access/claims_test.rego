package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

# Whatever a token claims is judged (R7, R8): a fact whose record refuses the call refuses it alone, and beside every
# other fact but those that come before it.

test_a_claimed_record_that_is_blocked_refuses_the_call_alone if {
	every fact, _ in _said {
		not _permits({fact}, _refusing_life[fact])
	}
}

test_a_claimed_record_that_is_blocked_refuses_the_call_beside_every_other_claim if {
	every fact, _ in _said {
		every other, _ in _said {
			_is_as_it_must_be(fact, other, _refusing_life[fact])
		}
	}
}

test_a_claimed_teams_list_refuses_the_call_beside_every_other_claim if {
	every fact in ["team_id", "team_id_default", "team_alias", "team_ids", "object_team"] {
		every other, _ in _said {
			_is_as_it_must_be(fact, other, {$"/caller/records/teams/{_id[fact]}/models": ["gpt-4o"]})
		}
	}
}

test_claims_whose_records_are_in_order_are_allowed_beside_each_other if {
	every fact, _ in _said {
		every other, _ in _said {
			_permits({fact, other}, {})
		}
	}
}

test_a_members_scope_binds_whichever_claim_names_the_user if {
	every user in ["user_id", "email", "object_user"] {
		every team in ["team_id", "team_id_default", "team_alias", "team_ids"] {
			scope := {"user_id": _id[user], "team_id": _id[team], "role": "user", "allowed_models": ["gpt-4o"]}
			not _permits({user, team}, {"/caller/records/members": [scope]})
		}
	}
}

test_the_list_of_the_user_binds_whichever_claim_names_it if {
	every user in ["user_id", "email", "object_user"] {
		not _permits({user}, {$"/caller/records/users/{_id[user]}/models": ["gpt-4o"]})
		not _permits({user}, {$"/caller/records/users/{_id[user]}/user_role": "proxy_admin_viewer"})
	}
}

_is_as_it_must_be(fact, other, refusing) if not _permits({fact, other}, refusing)

_is_as_it_must_be(fact, other, _) if other in _first[fact]

# By fact: those that come before it.
_first := {
	"object_team": set(),
	"team_id": {"object_team"},
	"team_alias": {"object_team", "team_id"},
	"team_ids": {"object_team", "team_id", "team_alias"},
	"team_id_default": {"object_team", "team_id", "team_alias", "team_ids"},
	"user_id": set(),
	"object_user": {"user_id", "object_team"},
	"email": {"user_id", "object_user"},
	"organization_id": set(),
}

_id := {
	"object_team": "t-object",
	"team_id": "t-claim",
	"team_alias": "t-alias",
	"team_ids": "t-list",
	"team_id_default": "t-default",
	"user_id": "u-claim",
	"object_user": "u-object",
	"email": "u@example.com",
	"organization_id": "o1",
}

# One place holds the object's id, so of two objects the one of a team is there, as its role is mapped first.
_said := {
	"object_team": {"/caller/token/roles": ["crew", "staff"], "/caller/token/object_id": _id.object_team},
	"team_id": {"/caller/token/team_id": _id.team_id},
	"team_alias": {"/caller/token/team_alias": "crew", "/caller/records/teams_of_alias": [_id.team_alias]},
	"team_ids": {"/caller/token/team_ids": [_id.team_ids]},
	"team_id_default": {"/caller/token/team_id_default": _id.team_id_default},
	"user_id": {"/caller/token/user_id": _id.user_id},
	"object_user": {"/caller/token/roles": ["staff"], "/caller/token/object_id": _id.object_user},
	"email": {"/caller/token/email": _id.email},
	"organization_id": {"/caller/token/organization_id": _id.organization_id},
}

_refusing_life[fact] := {$"/caller/records/teams/{_id[fact]}/blocked": true} if {
	some fact in ["team_id", "team_id_default", "team_alias", "team_ids", "object_team"]
}

_refusing_life[fact] := {$"/caller/records/users/{_id[fact]}/metadata": {"scim_active": false}} if {
	some fact in ["user_id", "email", "object_user"]
}

_refusing_life["organization_id"] := {"/caller/organizations/o1/models": ["gpt-4o"]}

_permits(facts, changes) if {
	said := object.union_n([_said[fact] | some fact in ["object_user", "object_team"]; fact in facts])
	others := object.union_n([_said[fact] | some fact in facts; not startswith(fact, "object_")])
	document := given.changed(given.changed(_saying_nothing, object.union(said, others)), changes)
	access.allow with input as document with data.catalog as _source
}

_saying_nothing := given.changed(given.token_call, {
	"/caller/token/user_id": null,
	"/caller/records/teams": {id: given.team(id) | some fact, id in _id; startswith(id, "t-")},
	"/caller/records/users": {id: given.user(id) | some fact, id in _id; startswith(id, "u")},
	"/caller/organizations": {"o1": {"organization_id": "o1", "organization_alias": null, "models": [], "metadata": {}}},
})

_source := given.catalog_with_tokens({
	"role_mappings": [
		{"role": "crew", "internal_role": "team"},
		{"role": "staff", "internal_role": "internal_user"},
	],
	"allow_unmapped": true,
})
