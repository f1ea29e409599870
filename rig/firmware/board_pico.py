"""The pump on a Raspberry Pi Pico: a step driver, an HX711 balance, a pressure sensor, and USB.

Without an encoder the rotor is taken to follow its pulses, so a stall can't be noticed; fit one to ENCODER_PIN.
"""

import gc
import select
import sys
import time

import machine
import micropython
from machine import ADC, Pin

from rig.firmware import readings
from rig.firmware.board import SLEEP_MAX_US, Board
from rig.firmware.button import Button
from rig.firmware.buzzer import Buzzer
from rig.firmware.chunks import Chunks
from rig.firmware.hx711 import Hx711
from rig.firmware.stepper import Stepper
from rig.firmware.ticks import Ticks

STEP_PIN = 2
BALANCE_DATA_PIN = 4
BALANCE_CLOCK_PIN = 5
BUZZER_PIN = 14
BUTTON_PIN = 15  # to ground: asks for an on-demand bolus
ENCODER_PIN = None  # or the number of the pin that sees the rotor's slots
STEPS_PER_SLOT = 100
PRESSURE_ADC = 26
SUPPLY_ADC = 29
TEMPERATURE_ADC = 4

# RP2040 datasheet 4.1.4, SIE_STATUS: a host has the bus, and hasn't suspended it.
_USB_STATUS = 0x50110050
_USB_CONNECTED = 1 << 16
_USB_SUSPENDED = 1 << 4

_TICK_BITS = 30
_READ_MAX = 512
_BUTTON_MS = 50  # a press is noticed within so long
_IDLE_US = 50000  # a rest long enough to tidy the heap in
_CAPABILITIES = 0b0011  # balance, pressure


class PicoBoard(Board):
    """Everything below the firmware."""

    capabilities = _CAPABILITIES

    def __init__(self):
        self.device_id = int.from_bytes(machine.unique_id()[:8], "little")
        self._ticks = Ticks(time.ticks_us(), _TICK_BITS)
        self._stepper = Stepper(0, STEP_PIN)
        data, clock = Pin(BALANCE_DATA_PIN, Pin.IN, Pin.PULL_UP), Pin(BALANCE_CLOCK_PIN, Pin.OUT, value=0)
        self._balance = Hx711(data, clock, machine.disable_irq, machine.enable_irq)
        self._pressure = ADC(PRESSURE_ADC)
        self._supply = ADC(SUPPLY_ADC)
        self._temperature = ADC(TEMPERATURE_ADC)
        self._buzzer = Buzzer(BUZZER_PIN)
        self._button = Button()
        self._told = 0  # presses that the firmware knows of
        self._edge_ms = time.ticks_ms()
        Pin(BUTTON_PIN, Pin.IN, Pin.PULL_UP).irq(self._on_button, Pin.IRQ_FALLING | Pin.IRQ_RISING)
        self._chunks = Chunks("pump")
        self._slots = 0
        if ENCODER_PIN is not None:
            Pin(ENCODER_PIN, Pin.IN, Pin.PULL_UP).irq(self._on_slot, Pin.IRQ_RISING)
        micropython.kbd_intr(-1)  # a 3 among the host's bytes is a 3
        self._host_in = select.poll()
        self._host_in.register(sys.stdin, select.POLLIN)
        self._host_out = select.poll()
        self._host_out.register(sys.stdout, select.POLLOUT)

    def _on_slot(self, pin):
        self._slots += 1

    def _on_button(self, pin):
        edge_ms = time.ticks_ms()
        self._button.edge(not pin.value(), time.ticks_diff(edge_ms, self._edge_ms))
        self._edge_ms = edge_ms

    def now(self):
        return self._ticks.extend(time.ticks_us())

    def step(self, count, start_us, end_us):
        self._stepper.move(count, max(start_us - self.now(), 0), end_us - start_us)

    def sense(self):
        rotor_steps = self._stepper.made() if ENCODER_PIN is None else self._slots * STEPS_PER_SLOT
        return (
            rotor_steps,
            readings.pressure_pa(self._pressure.read_u16()),
            self._balance.read_nl(self.now()),
            readings.battery_mv(self._supply.read_u16()),
            1000,  # on USB power there is no charge to count
            readings.temperature_cc(self._temperature.read_u16()),
        )

    def presses(self):
        self._told = self._button.presses
        return self._told

    def sound(self, priority):
        self._buzzer.sound(priority)

    def linked(self):
        return machine.mem32[_USB_STATUS] & (_USB_CONNECTED | _USB_SUSPENDED) == _USB_CONNECTED

    def load(self, region, offset, size):
        return self._chunks.load(region, offset, size)

    def store(self, region, offset, data):
        self._chunks.store(region, offset, data)

    def read(self):
        data = bytearray()
        while len(data) < _READ_MAX and self._host_in.poll(0):
            data.extend(sys.stdin.buffer.read(1))  # more at once would wait for more
        return data

    def write(self, data):
        if not self._host_out.poll(0):
            return False
        sys.stdout.buffer.write(data)
        return True

    def sleep_until(self, due_us):
        left_us = min(due_us - self.now(), SLEEP_MAX_US)
        if left_us > _IDLE_US:
            gc.collect()
            left_us = min(due_us - self.now(), SLEEP_MAX_US)
        if left_us >= 1000:
            left_ms = left_us // 1000
            while left_ms > 0 and self._told == self._button.presses:
                if self._host_in.poll(min(left_ms, _BUTTON_MS)):
                    break
                left_ms -= _BUTTON_MS
        elif left_us > 0:
            time.sleep_us(left_us)
