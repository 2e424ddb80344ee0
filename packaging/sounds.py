"""Renew the three sounds in resources/sounds, which differ in rhythm and in pitch.

python packaging/sounds.py [FOLDER]
"""

import math
import struct
import sys
import wave
from pathlib import Path

_RATE = 22_050
_LOUDNESS = 0.35
_EDGE = 0.008  # seconds of fading at both ends of a tone, against clicks

_TONES: dict[str, list[tuple[float, float]]] = {
    "done": [(784.0, 0.09), (1047.0, 0.18)],
    "refused": [(233.0, 0.16), (0.0, 0.06), (233.0, 0.26)],
    "ignored": [(440.0, 0.05), (0.0, 0.04), (440.0, 0.05), (0.0, 0.04), (440.0, 0.05)],
}
"""For each sound the tones: hertz (0: silence) and seconds."""


def samples(tones: list[tuple[float, float]]) -> list[int]:
    """16-bit samples of a sequence of tones."""
    made: list[int] = []
    for hertz, seconds in tones:
        count = round(seconds * _RATE)
        for place in range(count):
            angle = 2 * math.pi * hertz * place / _RATE
            tone = 0.8 * math.sin(angle) + 0.2 * math.sin(3 * angle)
            edge = min(1.0, place / (_EDGE * _RATE), (count - 1 - place) / (_EDGE * _RATE))
            made.append(round(32_767 * _LOUDNESS * edge * tone))
    return made


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, tones in _TONES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(_RATE)
            values = samples(tones)
            file.writeframes(struct.pack(f"<{len(values)}h", *values))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "resources" / "sounds")
