"""What a board's converters read, as quantities.  Whole numbers: the board's floats have 32 bits."""

ADC_FULL = 65535
ADC_UV = 3300000

# The RP2040's own sensor: 0.706 V at 27 degrees Celsius, 1.721 mV less for each degree more.
_TEMPERATURE_27_UV = 706000
_TEMPERATURE_UV_PER_DEGREE = 1721

# A ratiometric sensor of 350 kPa: 10 % of the supply at 0, 90 % at its full range.
_PRESSURE_ZERO = ADC_FULL // 10
_PRESSURE_SPAN = ADC_FULL * 8 // 10
_PRESSURE_SPAN_PA = 350000

# A 100 g cell at 1 mV/V with the HX711's gain of 128: counts of a gram, and the volume of a gram of water.
_COUNTS_PER_KG = 21474836
_NL_PER_KG = 1002000000

_HX711_SIGN = 1 << 23


def battery_mv(raw):
    """Millivolts of the supply, which the Pico divides by three."""
    return raw * 3 * ADC_UV // (ADC_FULL * 1000)


def temperature_cc(raw):
    """Hundredths of a degree Celsius of the chip."""
    return 2700 - (raw * ADC_UV // ADC_FULL - _TEMPERATURE_27_UV) * 100 // _TEMPERATURE_UV_PER_DEGREE


def pressure_pa(raw):
    """Pascals; below 0 within the sensor's error."""
    return (raw - _PRESSURE_ZERO) * _PRESSURE_SPAN_PA // _PRESSURE_SPAN


def signed_24(raw):
    """The HX711's 24 bits as a number."""
    return raw - (_HX711_SIGN << 1) if raw & _HX711_SIGN else raw


def balance_nl(counts):
    """Nanolitres of water that weigh as many counts."""
    return counts * _NL_PER_KG // _COUNTS_PER_KG
