"""A stand-in for MicroPython's ``rp2``: a PIO function's calls go to an assembler, its state machine is emulated."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import FunctionType, SimpleNamespace
from typing import Any

import adafruit_pioasm
from pioemu import ShiftRegister, State, emulate

_OPERANDS = {name: name for name in ("pins", "x", "y", "isr", "osr", "block", "noblock")}
_CONDITIONS = {"x_dec": "x--", "y_dec": "y--"}
_INSTRUCTIONS = ("jmp", "mov", "pull", "push", "set")
_FIFO_DEPTH = 4
_EDGES_MAX = 1000


class _Listing:
    """The calls of a PIO function as the assembler's text. Words it doesn't know are a NameError."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.words: dict[str, Any] = {
            **_OPERANDS,
            **_CONDITIONS,
            **{name: partial(self._instruction, name) for name in _INSTRUCTIONS},
            "label": lambda name: self._lines.append(f"{name}:"),
        }

    def _instruction(self, name: str, *operands: str | int) -> "_Listing":
        self._lines.append(f"{name} {', '.join(map(str, operands))}")
        return self

    def __getitem__(self, delay: int) -> None:
        self._lines[-1] += f" [{delay}]"

    def opcodes(self) -> list[int]:
        """The words that the board's instruction memory would hold."""
        return list(adafruit_pioasm.Program("\n".join(self._lines)).assembled)


def asm_pio(*, set_init: int) -> Callable[[FunctionType], list[int]]:
    """Turns a function into its opcodes; takes the one option whose meaning the state machine here knows."""

    def assemble(function: FunctionType) -> list[int]:
        listing = _Listing()
        FunctionType(function.__code__, listing.words)()
        return listing.opcodes()

    return assemble


class StateMachine:
    """One state machine and the pin it sets; time passes only in ``run``.

    An instruction from outside (``exec``) costs the program no cycle.
    """

    def __init__(self, machine_id: int, program: list[int], *, freq: int, set_base: int) -> None:
        self.edges_us: list[tuple[int, int]] = []  # when, and the level from then on
        self._program = program
        self._frequency_hz = freq
        self._pin = set_base
        self._active = False
        self._now = 0
        self._state = State(pin_directions=1 << set_base)

    def run(self, until_us: int) -> None:
        """Lets ``until_us`` come, counted from power-on; what falls due at that very time isn't done yet."""
        end = until_us * self._frequency_hz // 1_000_000
        while self._active and self._state.clock < end:
            self._advance(end)
            assert len(self.edges_us) < _EDGES_MAX, "the program does not end"
        self._now = end

    def _advance(self, end: int) -> None:
        before, after = self._state, self._after(self._program, self._state)
        tick = replace(before, clock=before.clock + 1)
        if after == tick:  # at rest: on an empty FIFO, or in a loop that does nothing
            after = replace(before, clock=end)
        elif before.x_register and after == replace(tick, x_register=before.x_register - 1):
            # A loop that only counts x down does so until x is 0: an hour of that is one step here.
            cycles = min(before.x_register, end - before.clock)
            after = replace(before, clock=before.clock + cycles, x_register=before.x_register - cycles)
        self._take(after, before.clock)

    def _after(self, program: list[int], state: State) -> State:
        steps = emulate(program, stop_when=lambda *_: False, initial_state=state, set_base=self._pin, set_count=1)
        return next(steps)[1]

    def _take(self, state: State, clock: int) -> None:
        level = state.pin_values >> self._pin & 1
        if level != self._state.pin_values >> self._pin & 1:
            self.edges_us.append((clock * 1_000_000 // self._frequency_hz, level))
        self._state = state

    def active(self, value: int) -> None:
        self._active = bool(value)
        self._state = replace(self._state, clock=max(self._state.clock, self._now))

    def restart(self) -> None:
        """From the program's first instruction, without what was left of a delay; x, y and the FIFOs stay."""
        self._state = replace(
            self._state,
            clock=self._now,
            program_counter=0,
            input_shift_register=ShiftRegister(0, 0),
            output_shift_register=ShiftRegister(self._state.output_shift_register.contents, 32),
        )

    def exec(self, instruction: str) -> None:
        listing = _Listing()
        exec(instruction, listing.words)
        after = self._after(listing.opcodes(), replace(self._state, program_counter=0))
        self._take(replace(after, clock=self._state.clock, program_counter=self._state.program_counter), self._now)

    def put(self, word: int) -> None:
        assert 0 <= word < 1 << 32
        fifo = self._state.transmit_fifo.copy()
        assert len(fifo) < _FIFO_DEPTH, "the board would wait here"
        fifo.append(word)
        self._state = replace(self._state, transmit_fifo=fifo)

    def get(self) -> int:
        fifo = self._state.receive_fifo.copy()
        word: int = fifo.popleft()
        self._state = replace(self._state, receive_fifo=fifo)
        return word


def rp2_for(machines: list[StateMachine]) -> SimpleNamespace:
    """What stepper.py takes from ``rp2``; each state machine that it makes is added to ``machines``."""

    def state_machine(*args: Any, **options: Any) -> StateMachine:
        machines.append(StateMachine(*args, **options))
        return machines[-1]

    return SimpleNamespace(asm_pio=asm_pio, PIO=SimpleNamespace(OUT_LOW=0), StateMachine=state_machine)


MACHINE = SimpleNamespace(Pin=int)
