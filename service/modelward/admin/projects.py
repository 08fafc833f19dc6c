"""`/project/...`: projects."""

from modelward.admin.errors import TAKEN
from modelward.admin.fields import ClosedFields, Name, SomeNames, example
from modelward.admin.records import RecordFields, SpendingAnswer, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.config.words import litellm_words
from modelward.contract import Project
from modelward.store import Store


@reads
class ProjectFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Project
    WORDS = litellm_words().records["projects[]"]
    LASTING = frozenset({"team_id"})


class NewProject(
    ProjectFields, json_schema_extra=example(project_alias="search", team_id="litellm-dev", models=["gpt-4"])
):
    """A project to make; `project_id` may be chosen."""

    project_id: Name | None = None


class ProjectChange(ProjectFields, json_schema_extra=example(project_id="search", models=["gpt-4"])):
    """What to change of a project; what is not sent stays."""

    project_id: Name


class ProjectNames(ClosedFields, json_schema_extra=example(project_ids=["search"])):
    """Projects."""

    project_ids: SomeNames


@shows
class ProjectAnswer(SpendingAnswer):
    """A project; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Project


class ProjectRoutes(RecordRoutes[Project]):
    """The routes."""

    PREFIX, TAG, ID, EXAMPLE = "/project", "projects", "project_id", "search"
    ANSWER = ProjectAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.projects, now)
        says = "Make a project. An empty list of models sets no limit of its own."
        self.add("/new", self.new, NewProject, says=says, responses=TAKEN)
        self.add("/update", self.update, ProjectChange)
        says = "Delete projects, all or none. Their keys stay, and are refused until they name another (L8)."
        self.add("/delete", self.delete, ProjectNames, list[ProjectAnswer], says=says, method="DELETE")
        self.add_info("A project.")
        self.add_list("Every project, those of the config file first, then the newest.", list[ProjectAnswer])
