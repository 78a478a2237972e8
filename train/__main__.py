"""The command line of training: fit, evaluate, folds, promote, publish and what else there is."""

import argparse
import os
import sys
from dataclasses import fields, replace
from pathlib import Path

from recognizer.errors import RecognizerError
from recognizer.ink import use_one_thread

from .config import FOLD, TrainConfig
from .errors import TrainError
from .files import alone_in
from .report import BUNDLED, README


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked for, 1 when not, 130 when stopped."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (TrainError, RecognizerError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # a full disk, a folder that may not be written
        where = f" {error.filename}" if error.filename else ""
        print(f"Cannot write or read{where}: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        more = ": the same command goes on from here" if options.run in (_fit, _folds) else ""
        print(f"Stopped{more}.", file=sys.stderr)
        return 130
    return 0


def _fit(options: argparse.Namespace) -> None:
    # TensorFlow takes seconds to import; --help should not wait for it.
    from .baseline import fit_baseline
    from .feedback import load_feedback
    from .fit import train_and_evaluate

    config = _with_settings(TrainConfig(), options)
    if config.network == "baseline":
        if options.feedback:
            raise TrainError("The published baseline is trained on AHCD alone: no --feedback.")
        if config != TrainConfig(network="baseline", seed=config.seed, limit=config.limit):
            raise TrainError(
                "The published baseline is trained as its authors did: of the settings it takes "
                "--seed and --limit alone."
            )
    with alone_in(options.workdir):
        if config.network == "baseline":
            metrics = fit_baseline(config, options.workdir, options.data)
        else:
            feedback = load_feedback(options.feedback) if options.feedback else None
            metrics = train_and_evaluate(config, options.workdir, options.data, feedback)
    for name, value in metrics.items():
        print(f"{name}: {value}")


def _with_settings(config: TrainConfig, options: argparse.Namespace) -> TrainConfig:
    names = {setting.name for setting in fields(TrainConfig)}
    return replace(config, **{name: v for name, v in vars(options).items() if name in names})


def _folds(options: argparse.Namespace) -> None:
    from .folds import measure_fold

    measure_fold(_with_settings(FOLD, options), options.workdir, BUNDLED, options.data)


def _evaluate(options: argparse.Namespace) -> None:
    from .evaluate import evaluate_and_report

    evaluate_and_report(options.model, options.data, options.newhands, options.baseline)


def _promote(options: argparse.Namespace) -> None:
    from .publish import promote

    promote(options.workdir, BUNDLED, options.data, options.newhands, options.baseline)


def _publish(options: argparse.Namespace) -> None:
    from .hub import Target
    from .release import publish

    target = Target(
        options.repo_id,
        is_private=options.private,
        branch=options.revision,
        is_pull=options.create_pr,
    )
    publish(target, BUNDLED, README.parent, is_dry_run=options.dry_run, is_forced=options.force)


def _deploy_space(options: argparse.Namespace) -> None:
    from recognizer.hub import HubName

    from .hub import Target
    from .space import deploy

    target = Target(options.repo_id, "space", is_private=options.private)
    model = HubName.parse(options.model) if options.model else None
    deploy(target, README.parent, model, is_dry_run=options.dry_run)


def _templates(options: argparse.Namespace) -> None:
    from .pictures import draw_templates

    draw_templates(options.picture)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    fit = commands.add_parser("fit", help="train a network")
    fit.add_argument("--workdir", type=Path, required=True, help="where the run lives")
    fit.add_argument(
        "--feedback", metavar="OWNER/NAME|FOLDER", help="add the corrections that visitors gave"
    )
    _add_settings(fit, TrainConfig(), *(setting.name for setting in fields(TrainConfig)))
    folds = commands.add_parser("folds", help="measure a fifth of AHCD's writers as strangers")
    folds.add_argument("--workdir", type=Path, required=True, help="where all five folds live")
    _add_settings(folds, FOLD, "fold", "epochs")
    evaluate = commands.add_parser("evaluate", help="score a model, write figures, card and tables")
    evaluate.add_argument("--model", type=Path, default=BUNDLED, help="a model folder")
    promote = commands.add_parser("promote", help="ship a run, if it is better")
    promote.add_argument("--workdir", type=Path, required=True, help="the run to ship")
    for command in (evaluate, promote):
        command.add_argument("--newhands", type=Path, help="newhands_val.npz, to score it too")
        command.add_argument("--baseline", type=Path, help="a run of the baseline, to score too")
    forms = commands.add_parser("templates", help="draw every form of every letter")
    forms.add_argument("picture", type=Path, help="the PNG to write")
    forms.set_defaults(run=_templates)
    ours = ((fit, _fit), (folds, _folds), (evaluate, _evaluate), (promote, _promote))
    for command, run in ours:
        command.add_argument("--data", type=Path, help="AHCD's zip or a folder of its CSVs")
        command.set_defaults(run=run)
    _add_hub_commands(commands)
    return parser


def _add_settings(command: argparse.ArgumentParser, config: TrainConfig, *names: str) -> None:
    for setting in fields(config):
        if setting.name in names:
            usual = getattr(config, setting.name)
            command.add_argument(
                f"--{setting.name.replace('_', '-')}",
                type=type(usual),
                default=usual,
                help=f"{setting.metadata['help']} (default {usual})",
            )


def _add_hub_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    publish = commands.add_parser("publish", help="push the shipped model to the Hub")
    where = publish.add_mutually_exclusive_group()
    where.add_argument("--revision", metavar="BRANCH", help="push to this branch")
    where.add_argument("--create-pr", action="store_true", help="propose it as a pull request")
    publish.add_argument(
        "--force", action="store_true", help="also if it scores below, or lacks a figure"
    )
    space = commands.add_parser("deploy-space", help="make or update a Gradio Space")
    space.add_argument("--model", metavar="OWNER/NAME@REV", help="a model on the Hub to answer")
    for command, run, example in (
        (publish, _publish, "owner/harf"),
        (space, _deploy_space, "owner/harf-demo"),
    ):
        command.add_argument("--repo-id", required=True, help=f"such as {example}")
        command.add_argument("--private", action="store_true", help="if it has to be made")
        command.add_argument("--dry-run", action="store_true", help="only say what would be done")
        command.set_defaults(run=run)


if __name__ == "__main__":
    use_one_thread()
    # TensorFlow leaves oneDNN's convolutions out on processors without AVX-512; a step takes
    # half as long with them there too. It looks once, when it is imported.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    sys.exit(main())
