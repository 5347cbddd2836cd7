package dev.sotto.anonymization;

/** The dotted form of an IPv4 address. */
final class Ipv4 {
    private Ipv4() {}

    /** Whether a token is four decimal octets from 0 to 255. */
    static boolean valid(String token) {
        int octets = 0;
        int start = 0;
        while (start <= token.length()) {
            int dot = token.indexOf('.', start);
            int end = dot < 0 ? token.length() : dot;
            if (end - start < 1 || end - start > 3 || !octet(token, start, end)) {
                return false;
            }
            octets++;
            start = end + 1;
        }
        return octets == 4;
    }

    private static boolean octet(String token, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(token.charAt(i))) {
                return false;
            }
            value = 10 * value + token.charAt(i) - '0';
        }
        return value <= 255;
    }
}
