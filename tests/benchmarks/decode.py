"""Telemetry decoded, in microseconds a sample: ours in blocks of 10, beside pymavlink in the same run.

pymavlink once with one sample a message (HIGHRES_IMU, as many numbers as our row) and once with its largest array
(DEBUG_FLOAT_ARRAY, five rows of 11 numbers).  Every side gets the same chunks, and gives the numbers out.

    python -m tests.benchmarks.decode
"""

import time
from collections.abc import Callable

from pymavlink.dialects.v20 import ardupilotmega as mavlink

from firmware_link import wire
from firmware_link.decode import Decoder
from tests.benchmarks import table

CHUNK = 4096  # bytes that a read of a serial port brings at most
LARGE = 65536  # what has piled up, or comes from a file
SAMPLES = 20_000
ROUNDS = 5


def ours(chunk_size: int) -> float:
    block = tuple((i * 1000, 10**9 + i, 10**9, 277_778, 101_325, 10**7, 3600, 990, 2150, 1, 1, 0) for i in range(10))
    stream = b"".join(
        wire.pack("telemetry", n & 0xFFFF, (n * 10, n * 10_000), block) for n in range(SAMPLES // len(block))
    )

    def decode(chunks: list[bytes]) -> int:
        decoder = Decoder()
        return sum(len(decoder.feed(chunk).samples(1, 0)) for chunk in chunks)

    return best(decode, stream, chunk_size)


def mavlink_stream(make: Callable[[int], mavlink.MAVLink_message], messages: int) -> bytes:
    sender = mavlink.MAVLink(None, srcSystem=1)
    return b"".join(bytes(make(n).pack(sender)) for n in range(messages))


def parsed(
    samples_a_message: int, numbers: Callable[[mavlink.MAVLink_message], object]
) -> Callable[[list[bytes]], int]:
    def parse(chunks: list[bytes]) -> int:
        receiver = mavlink.MAVLink(None)
        count = 0
        for chunk in chunks:
            for message in receiver.parse_buffer(chunk) or ():
                numbers(message)
                count += samples_a_message
        return count

    return parse


def single(chunk_size: int) -> float:
    def make(n: int) -> mavlink.MAVLink_message:
        return mavlink.MAVLink_highres_imu_message(n, *(1.5 + i for i in range(13)), 0)

    return best(parsed(1, lambda message: (message.time_usec, message.xacc)), mavlink_stream(make, SAMPLES), chunk_size)


def array(chunk_size: int) -> float:
    def make(n: int) -> mavlink.MAVLink_message:
        return mavlink.MAVLink_debug_float_array_message(n, b"pump", 0, [float(i) for i in range(58)])

    return best(parsed(5, lambda message: message.data), mavlink_stream(make, SAMPLES // 5), chunk_size)


def best(decode: Callable[[list[bytes]], int], stream: bytes, chunk_size: int) -> float:
    """Microseconds a sample, of the best of some rounds."""
    chunks = [stream[at : at + chunk_size] for at in range(0, len(stream), chunk_size)]
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = decode(chunks)
        times.append((time.perf_counter() - began) / count)
        assert count == SAMPLES
    return min(times) * 1e6


def main() -> None:
    table.head()
    for chunk_size in (CHUNK, LARGE):
        fast, of = ours(chunk_size), f"chunks of {chunk_size // 1024} KB"
        table.row(f"decode, {of}: one sample a message", fast, single(chunk_size), "us", "<= 0.5 us a sample, >= 40x")
        table.row(f"decode, {of}: array message", fast, array(chunk_size), "us", ">= 6x")


if __name__ == "__main__":
    main()
