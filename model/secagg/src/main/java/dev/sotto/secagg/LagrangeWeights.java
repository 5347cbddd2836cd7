package dev.sotto.secagg;

/**
 * The Lagrange coefficients at zero of places in GF(2^16). Places are public, so these alone in the field are computed
 * with tables of logarithms; nothing secret passes through here.
 */
final class LagrangeWeights {
    private static final int ORDER = (1 << Gf65536.BITS) - 1;
    private static final char[] LOG = new char[ORDER + 1];
    private static final char[] POWER = new char[ORDER];

    static {
        // The field's polynomial is primitive: the powers of x are all elements but zero.
        int power = 1;
        for (int exponent = 0; exponent < ORDER; exponent++) {
            POWER[exponent] = (char) power;
            LOG[power] = (char) exponent;
            power <<= 1;
            power ^= Gf65536.POLYNOMIAL & -(power >>> Gf65536.BITS);
        }
    }

    private LagrangeWeights() {}

    /** Returns one coefficient for each place, all of which differ and are not zero. */
    static int[] atZero(int[] places) {
        long all = 0;
        for (int place : places) {
            all += LOG[place];
        }
        int[] weights = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            long denominator = LOG[places[i]];
            for (int j = 0; j < places.length; j++) {
                if (j != i) {
                    denominator += LOG[places[i] ^ places[j]];
                }
            }
            weights[i] = POWER[(int) Math.floorMod(all - denominator, (long) ORDER)];
        }
        return weights;
    }
}
