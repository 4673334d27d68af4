"""The ways to write a text, as data/roles.toml names them: each takes a task and yields what could be said."""

from collections.abc import Callable, Mapping

import numpy as np

from generators.copy.frames import Candidate, compose, fill_section, says
from generators.copy.manners import Way
from generators.copy.passages import write_parts
from generators.copy.quiz import write_quiz
from generators.copy.style import load_style
from generators.copy.task import Task

SEVERAL = 8  #: a field that takes so many lines shows them side by side


def write_lines(task: Task, random: np.random.Generator) -> list[Candidate]:
    """Every filling of the manner's sections, and of those for lines that stand side by side or are very short."""
    manner, field = task.manner, task.field
    sections = [*manner.sections, *(manner.beside if field.max_items >= SEVERAL else ())]
    if field.one_within and task.aim <= field.one_within:
        sections = [*manner.within, *sections]
    filled = [one for section in sections for one in fill_section(section, task.sheet, random)]
    filled = filled or [one for section in manner.instead for one in fill_section(section, task.sheet, random)]
    telling = [one for one in filled if manner.tells and says(one.facts) and task.may_say(one.text)]
    return telling or filled


def write_sentences(task: Task, random: np.random.Generator) -> list[Candidate]:
    """A lead and its tails, as long as the field's room suggests; shorter where the row has not so much to say."""
    for shortest in (_shortest(task), 1):
        found = compose(task.sheet, random, shortest=shortest, longest=task.aim, wanted=task.most, size=task.size)
        if any(task.may_say(one.text) for one in found):
            return found
    return []


def _shortest(task: Task) -> int:
    """What a text of sentences takes of the field at least, in the field's own counting, where Han may count twice."""
    style = load_style(task.sheet.language)
    width = 1 if style.space else task.size("字")
    return min(int(task.aim * 0.55), style.enough * width)


def write_nothing(task: Task, random: np.random.Generator) -> list[Candidate]:
    """What follows another field comes with that field's texts."""
    del task, random
    return []


WAYS: Mapping[Way, Callable[[Task, np.random.Generator], list[Candidate]]] = {
    Way.LINES: write_lines,
    Way.SENTENCES: write_sentences,
    Way.PARTS: write_parts,
    Way.QUIZ: write_quiz,
    Way.FOLLOWS: write_nothing,
}
