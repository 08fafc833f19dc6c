"""Why a call is allowed or refused, and the smallest change that would allow it."""

from modelward.explain.callers import Callers
from modelward.explain.explainer import ExplainBy, Explainer, RequestOf
from modelward.explain.past import find
from modelward.explain.report import ROUTE, Logged, Question, Report, question
from modelward.explain.text import text
