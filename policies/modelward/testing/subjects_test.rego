package modelward.testing_test

# METADATA
# description: A team without a list.
team(id) := {
	"team_id": id,
	"team_alias": null,
	"models": [],
	"model_aliases": {},
	"organization_id": null,
	"access_group_ids": [],
	"blocked": false,
	"metadata": {},
}

# METADATA
# description: A user without a list, role or team.
user(id) := {
	"user_id": id,
	"user_role": null,
	"models": [],
	"teams": [],
	"metadata": {},
}

# METADATA
# description: The scope of user `u1` in team `t1`, which holds `models`.
member(models) := {"user_id": "u1", "team_id": "t1", "role": "user", "allowed_models": models}

# METADATA
# description: A project without a list.
project(id) := {"project_id": id, "team_id": null, "models": [], "blocked": false, "metadata": {}}

# METADATA
# description: An organization whose list is `models`.
organization(id, models) := {"organization_id": id, "organization_alias": null, "models": models, "metadata": {}}

# METADATA
# description: A customer whose list is `models`.
customer(models) := {"user_id": "c1", "models": models, "blocked": false}

# METADATA
# description: A unified access group that holds `models` and is assigned to nobody.
access_group(id, models) := {"access_group_id": id, "access_model_names": models, "assigned_team_ids": [], "assigned_key_ids": []}
