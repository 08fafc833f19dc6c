"""The command line, where the parts of Modelward are put together."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from click.core import ParameterSource

from modelward import __version__, bundle, checking, compiler, config
from modelward.errors import ConfigError, ModelwardError, PolicyError, Problem, Refused
from modelward.options import ServeOptions, folder, opa_program

_CONFIG = click.argument("config_path", metavar="CONFIG", envvar="MODELWARD_CONFIG", type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Modelward: an LLM gateway whose access decisions are policy as code."""


@main.command()
@_CONFIG
@click.option(
    "-o", "--out", default="bundle", show_default=True, type=click.Path(path_type=Path), help="Bundle folder."
)
@click.option("--tar", is_flag=True, help="Write OUT.tar.gz too, the bundle for an OPA server.")
def build(config_path: Path, out: Path, tar: bool) -> None:
    """Compile CONFIG into an OPA bundle."""
    with _errors():
        read = config.read(config_path, os.environ, secrets="refuse")
        _show("warning", read.warnings)
        policies, opa = folder("policies"), opa_program()
        if opa:
            bundle.check_policies(policies, opa)
        sealed = bundle.seal(compiler.compile_catalog(read), policies)
        bundle.write(sealed, policies, out, opa=opa, tar=tar, packaged=folder("bundle"))
    click.echo(f"{out}: {sealed.revision}")


@main.command()
@_CONFIG
@click.option("--strict", is_flag=True, help="Exit with 1 where there are warnings.")
@click.option("--json", "as_json", is_flag=True, help="Print what is found as JSON.")
def check(config_path: Path, strict: bool, as_json: bool) -> None:
    """Say what is wrong with CONFIG and the policies: problems, warnings, and settings that mean nothing here."""
    checked = checking.check(config_path, os.environ)
    if as_json:
        click.echo(checked.json())
    else:
        for severity, found in checked.found.items():
            _show(severity, found)
    if checked.found["error"]:
        sys.exit(2)
    if not as_json:
        count = checked.deployments
        click.echo(f"{config_path}: {count} deployment{'s'[: count != 1]}, no problems")
    sys.exit(1 if strict and checked.found["warning"] else 0)


@main.command(context_settings={"auto_envvar_prefix": "MODELWARD"})
@_CONFIG
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=4000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option(
    "--engine", default="embedded", show_default=True, type=click.Choice(["embedded", "opa"]), help="Who decides."
)
@click.option("--opa-url", default="http://127.0.0.1:8181", show_default=True, help="The OPA server of `--engine opa`.")
@click.option("--database-url", default="sqlite:///modelward.db", help="SQLite or PostgreSQL, for keys and teams.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes that serve.")
def serve(config_path: Path, **options: Any) -> None:
    """Serve the models of CONFIG to those who may use them. Every option may be a variable, such as MODELWARD_PORT."""
    from modelward.serve import run  # noqa: PLC0415 - the server's imports take long, and the other commands need none of them

    with _errors():
        run(ServeOptions(config=config_path, **options))


@main.command()
@click.argument(
    "config_path", metavar="CONFIG", envvar="MODELWARD_CONFIG", required=False, type=click.Path(path_type=Path)
)
@click.option("--config", "config_option", type=click.Path(path_type=Path), help="The same as CONFIG.")
@click.option("--key", help="A key in clear text, by its SHA-256, or by its alias.")
@click.option(
    "--team",
    "team_id",
    metavar="ID",
    help="A key of this team without a list of its own; with --jwt, the team it asks for.",
)
@click.option("--user", "user_id", metavar="ID", help="A key of this user without a list of its own.")
@click.option("--jwt", "token", type=click.File("rb"), help="A file with a token, or with the JSON of its claims.")
@click.option("--customer", "customer_id", metavar="ID", help="The customer that the request names.")
@click.option("--model", "models", multiple=True, help="A model that the request names; may be given several times.")
@click.option("--route", default="/v1/chat/completions", show_default=True, help="A path, or `METHOD PATH`.")
@click.option("--decision-id", metavar="ID", help="A decision that was made, of the log in `--log`.")
@click.option("--log", type=click.File("rb"), help="The service's log; `-` is the standard input.")
@click.option(
    "--database-url",
    default="sqlite:///modelward.db",
    envvar="MODELWARD_DATABASE_URL",
    help="SQLite or PostgreSQL; only read.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def explain(
    context: click.Context,
    /,
    config_path: Path | None,
    config_option: Path | None,
    database_url: str,
    token: BinaryIO | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Say why a call is allowed or refused by CONFIG, and the smallest change that would allow it."""
    from modelward import explain_command as command  # noqa: PLC0415 - as for `serve`

    if config_option is not None and context.get_parameter_source("config_path") is ParameterSource.COMMANDLINE:
        raise click.UsageError("name the config once: as CONFIG or by `--config`")
    path = config_option or config_path
    if path is None:
        raise click.UsageError("Missing argument 'CONFIG'.")
    with _errors():
        try:
            report = command.run(path, database_url, command.asked(token.read() if token else None, **given))
        except Refused as error:
            raise click.UsageError(str(error)) from None
    click.echo(command.shown(report, as_json=as_json), nl=False)


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (ConfigError, PolicyError) as error:
        _show("error", error.problems)
        sys.exit(2)
    except ModelwardError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)


def _show(severity: str, problems: Iterable[Problem]) -> None:
    for each in problems:
        click.echo(f"{each.file}:{each.line}:{each.column}: {severity}: {each.message}", err=True)
