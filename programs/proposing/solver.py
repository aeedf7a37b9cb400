"""The solvers, from OR-tools: CP-SAT for a cohort as they usually are, HiGHS for very large ones.

The same problem gets the same answer: one worker, a fixed seed, and effort that is counted, not timed. CP-SAT proves
30 × 8 in a fraction of a second, HiGHS 1,000 × 100 in a fifth of the time that CP-SAT would take
(docs/decisions/0024-proposals.md). The library is heavy: it is imported where it is used, which is in the worker only.
"""

import time

from .greedy import solve as greedy
from .problem import Solution, worth
from .program import written

# CP-SAT is given programs up to so many columns, and so much work by its own deterministic clock.
SMALL = 4_000
EFFORT = 40.0
# A large program is given up after so long. The answer then may differ from machine to machine; the page says so.
PATIENCE = 1800.0


def solve(problem):
    """The best options for the problem, with the bound that is proven."""
    began = time.perf_counter()
    first = greedy(problem)
    if not problem.options:
        return Solution([], 0, 0, time.perf_counter() - began)
    program = written(problem)
    small = len(program.gains) <= SMALL
    taken, bound = (_cp_sat if small else _highs)(program, len(problem.options), first)
    value = worth(problem, taken)
    if value < first.value:
        taken, value = first.taken, first.value
    return Solution(taken, value, max(bound, value), time.perf_counter() - began)


def _cp_sat(program, options, first):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    columns = [model.new_int_var(0, bound, "") for bound in program.bounds]
    for numbers, factors, limit in program.rows:
        model.add(cp_model.LinearExpr.weighted_sum([columns[n] for n in numbers], factors) <= limit)
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, program.gains))
    taken = set(first.taken)
    for number in range(options):
        model.add_hint(columns[number], int(number in taken))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return first.taken, round(solver.best_objective_bound)
    found = [number for number in range(options) if solver.value(columns[number])]
    return found, round(solver.best_objective_bound)


def _highs(program, options, first):
    from datetime import timedelta

    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    columns = [model.add_integer_variable(lb=0, ub=bound) for bound in program.bounds]
    for numbers, factors, limit in program.rows:
        row = model.add_linear_constraint(ub=limit)
        for number, factor in zip(numbers, factors, strict=True):
            row.set_coefficient(columns[number], factor)
    for column, gain in zip(columns, program.gains, strict=True):
        model.objective.set_linear_coefficient(column, gain)
    model.objective.is_maximize = True
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=PATIENCE), relative_gap_tolerance=0.0, random_seed=1
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    bound = int(result.dual_bound() + 1e-4)
    if not result.has_primal_feasible_solution():
        return first.taken, bound
    found = result.variable_values(columns[:options])
    return [number for number, value in enumerate(found) if value > 0.5], bound
