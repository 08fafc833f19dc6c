"""`/project/...`: projects."""

from modelward.admin.errors import TAKEN
from modelward.admin.fields import Name, SomeNames
from modelward.admin.models import RecordFields, SpendingAnswer, example, names, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import Project
from modelward.store import Store


@reads(Project, "projects[]")
class NewProject(
    RecordFields, json_schema_extra=example(project_alias="search", team_id="litellm-dev", models=["gpt-4"])
):
    """A project to make; `project_id` may be chosen."""

    LASTING = frozenset({"team_id"})

    project_id: Name | None = None


class ProjectChange(NewProject, json_schema_extra=example(project_id="search", models=["gpt-4"])):
    """What to change of a project; what is not sent stays."""

    project_id: Name


ProjectNames = names("ProjectNames", "Projects.", project_ids=(SomeNames, ["search"]))


@shows(Project)
class ProjectAnswer(SpendingAnswer):
    """A project; budgets and limits that a client sent are beside these fields."""


class ProjectRoutes(RecordRoutes[Project]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/project", "projects", "project_id", ProjectAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.projects, now)
        says = "Make a project. An empty list of models sets no limit of its own."
        self.add("/new", self.new, NewProject, says=says, responses=TAKEN)
        self.add("/update", self.update, ProjectChange)
        says = "Delete projects, all or none. Their keys stay, and are refused until they name another (L8)."
        self.add("/delete", self.delete, ProjectNames, list[ProjectAnswer], says, methods=["DELETE"])
        self.add_info("A project.", "search")
        self.add_list("Every project, those of the config file first, then the newest.", list[ProjectAnswer])
