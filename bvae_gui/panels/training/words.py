"""What is said of a training."""

from __future__ import annotations

from bvae_gui.jobs import Job


def state_of(job: Job, *, is_stopping: bool = False) -> str:
    """Say in a few words what a job does."""
    epochs = job.epochs[-1].epochs if job.epochs else None
    done = f"epoch {job.epoch:,} of {epochs:,}" if epochs else ""
    match job.state:
        case "queued":
            return "Waits for its turn"
        case "running" if is_stopping:
            return "Stopping…"
        case "running" if job.started is None:
            return "Starting: the first start of TensorFlow takes some seconds"
        case "running":
            left = f", {duration(job.epochs[-1].seconds_left)} left" if job.epochs else ""
            where = " in the background" if job.background else ""
            return f"Training{where}: {done}{left}" if done else f"Training{where}"
        case "paused":
            return f"Paused after {done}" if done else "Paused"
        case "stopped":
            return f"Stopped after {done}" if done else "Not begun"
        case "failed":
            return f"Failed after {done}" if done else "Failed"
        case "done":
            return f"Done after {job.epoch:,} epochs" if job.epoch else "Trained before"


def figures_of(job: Job) -> str:
    """Give the latest figures, and what computes them."""
    parts: list[str] = []
    if job.epochs:
        last = job.epochs[-1]
        if last.held_out_objective is not None:
            parts.append(f"held-out objective {last.held_out_objective:.1f}")
        else:
            parts.append(f"objective {last.objective:.1f}")
        if job.state == "running":
            parts.append(f"{last.images_per_second:,.0f} images/s")
    if job.started is not None:
        parts.append(job.started.device)
    return " · ".join(parts)


def brief(job: Job, *, is_stopping: bool = False) -> str:
    """Say in one or two words what a job does, for a list."""
    match job.state:
        case "running" if is_stopping:
            return "stopping"
        case "running" if job.epochs:
            return f"{100 * job.epoch // job.epochs[-1].epochs} %"
        case "running":
            return "starting" if job.started is None else "0 %"
        case "queued":
            return "waits"
        case state:
            return state


def duration(seconds: float) -> str:
    """Return a duration as ``12 s``, ``3 min`` or ``2 h 7 min``."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
