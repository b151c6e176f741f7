"""Values that Python and C++ compute identically to the last bit, so that no data has to be stored.

Twin of formula.h. Every operation is exact or correctly rounded in IEEE double (no log, no sin),
and the result is rounded once to float32:

    hash32(i, salt)  = lowbias32(i + salt * 0x9E3779B9 mod 2^32)   32-bit integer hash by C. Wellons
    uniform          = hash32 / 2^32                               in [0, 1)
    weight           = (2 u - 1) * sqrt(6 / fan_in)                keeps activations near size 1
    pixel            = t^2 with t = max(0, 2 u - 1)                half black, as digits are mostly
    noise            = u(12 i) + ... + u(12 i + 11) - 6            nearly normal: mean 0, variance 1
"""

import numpy

GOLDEN_RATIO = 0x9E3779B9


def hash32(index, salt):
    """Hashes an array of indices. At least 1-D, since NumPy's scalars do not stay 32 bits wide."""
    offset = numpy.uint64((salt * GOLDEN_RATIO) & 0xFFFFFFFF)
    x = (numpy.atleast_1d(index).astype(numpy.uint64) + offset).astype(numpy.uint32)
    x = (x ^ (x >> 16)) * numpy.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * numpy.uint32(0x846CA68B)
    return x ^ (x >> 16)


def uniform(index, salt):
    return hash32(index, salt).astype(numpy.float64) / 4294967296.0


def weight(index, salt, fan_in):
    return ((2 * uniform(index, salt) - 1) * numpy.sqrt(6.0 / fan_in)).astype(numpy.float32)


def pixel(index, salt):
    t = numpy.maximum(0.0, 2 * uniform(index, salt) - 1)
    return (t * t).astype(numpy.float32)


def noise(index, salt):
    first = 12 * numpy.atleast_1d(index)
    total = sum(uniform(first + k, salt) for k in range(12))
    return (total - 6).astype(numpy.float32)
