"""Oscillations whose answer is known: damped cosines, modes driven by noise, and swing equations."""

from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.signal import lfilter

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.detection.oscillations import detect_oscillations
from tools.detection.schema.oscillations import DetectOscillationsArguments
from tools.limits import LimitTable
from tools.telemetry.schema.sensor import Sensor

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
OMEGA_0 = 2 * np.pi * 50


def frequency_sensor(name: str = "F1", **more) -> Sensor:
    return Sensor(name=name, quantity="frequency", unit="hz", **more)


def report(*held, seconds: float, grids=None, **arguments):
    end = NOON + timedelta(seconds=seconds)
    context = ToolContext(
        grids=grids, limits=LimitTable(limits=()), clock=Clock(end, end), telemetry=MemoryTelemetry(*held)
    )
    return detect_oscillations(context, DetectOscillationsArguments(start=NOON, end=end, **arguments))


def channels(values, rate_hz: float, unit: str = "hz", quantity: str = "frequency"):
    """One series for each row."""
    sensors = [Sensor(name=f"S{place}", quantity=quantity, unit=unit) for place in range(len(values))]
    return [series(sensor, NOON, 1 / rate_hz, value) for sensor, value in zip(sensors, values, strict=True)]


def driven(rng, seconds: float, rate_hz: float, frequency_hz: float, damping: float):
    """A mode of unit variance that white noise drives; frequency is the undamped one."""
    omega = 2 * np.pi * frequency_hz
    step = expm(np.array([[0, 1], [-(omega**2), -2 * damping * omega]]) / rate_hz)
    lead = int(30 / (damping * omega) * rate_hz)
    swing = lfilter([1.0], np.poly(step), rng.standard_normal(int(seconds * rate_hz) + lead))[lead:]
    return swing / swing.std()


class TwoAreas:
    """Two machines behind reactances on one line, in per unit of a common base.

    Attributes:
        h_s: Inertia constants.
        d: Damping, pu power a pu speed.
        tie: Power that the line carries at ninety degrees.
        transfer: Power that flows from the first to the second.
    """

    h_s = np.array([6.5, 6.2])
    d = np.array([4.0, 4.0])
    tie, transfer = 2.0, 0.6

    def derivative(self, _time, state):
        angle, speed = state[:2], state[2:]
        flow = self.tie * np.sin(angle[0] - angle[1])
        power = np.array([self.transfer - flow, flow - self.transfer])
        return np.concatenate([OMEGA_0 * speed, (power - self.d * speed) / (2 * self.h_s)])

    def equilibrium(self):
        return np.array([np.arcsin(self.transfer / self.tie), 0.0, 0.0, 0.0])

    def mode(self):
        """Frequency in Hz and damping ratio of the inter-area mode: the eigenvalue of the linearised system."""
        rest, slopes = self.equilibrium(), []
        for place in range(4):
            nudge = np.zeros(4)
            nudge[place] = 1e-6
            slopes.append((self.derivative(0, rest + nudge) - self.derivative(0, rest - nudge)) / 2e-6)
        values = np.linalg.eigvals(np.array(slopes).T)
        swing = values[np.argmax(values.imag)]
        return swing.imag / (2 * np.pi), -swing.real / abs(swing)

    def swing(self, seconds: float, rate_hz: float, push: float):
        """Frequencies in Hz after a small push of the first machine's speed."""
        start = self.equilibrium() + np.array([0, 0, push, -push])
        times = np.arange(0, seconds, 1 / rate_hz)
        found = solve_ivp(self.derivative, (0, seconds), start, t_eval=times, rtol=1e-9, atol=1e-12)
        return 50 * (1 + found.y[2:])


def loss_of_generation(seconds, rate_hz, at_s, kinetic_energy_mws, lost_mw):
    """Frequency after a loss, with governors of one time constant; the swing equation in MW, integrated."""
    regulation_mw_per_hz, lag_s = 2500.0, 8.0

    def derivative(time, state):
        deviation, governed = state
        loss = lost_mw if time >= at_s else 0.0
        return [
            50 * (governed - loss) / (2 * kinetic_energy_mws),
            (-regulation_mw_per_hz * deviation - governed) / lag_s,
        ]

    times = np.arange(0, seconds, 1 / rate_hz)
    found = solve_ivp(derivative, (0, seconds), [0, 0], t_eval=times, rtol=1e-8, atol=1e-10, max_step=0.2)
    return 50 + found.y[0]
