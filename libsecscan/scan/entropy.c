/*
 * entropy.c: how evenly the bytes of a secret are spread. Bits a byte.
 * Without libm, so that the last bit is the same everywhere.
 */
#include "scan/filter.h"

/* n > 0. The fraction m in [1, 2) by log2(m) = 2 atanh((m - 1) / (m + 1)) / ln
 * 2; the argument is below 1/3, so that 16 terms are exact to a double. */
static double log_2(double n)
{
    double whole = 0, sum = 0, t, power;

    while (n >= 2) {
        n /= 2;
        whole++;
    }
    t = (n - 1) / (n + 1);
    power = t;
    for (int k = 1; k < 32; k += 2) {
        sum += power / k;
        power *= t * t;
    }
    return whole + sum * 2.8853900817779268;
}

double ss_entropy(ss_bytes s)
{
    uint32_t seen[256] = {0};
    double sum = 0;

    if (s.len == 0)
        return 0;
    for (size_t i = 0; i < s.len; i++)
        seen[s.data[i]]++;
    for (size_t c = 0; c < 256; c++) {
        if (seen[c] > 1)
            sum += seen[c] * log_2(seen[c]);
    }
    return log_2((double)s.len) - sum / (double)s.len;
}
