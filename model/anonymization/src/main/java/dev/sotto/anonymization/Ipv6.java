package dev.sotto.anonymization;

/** The text forms of an IPv6 address (RFC 4291, section 2.2), without a zone. */
final class Ipv6 {
    private static final int GROUPS = 8;

    private Ipv6() {}

    /** Whether a token is one of the forms. */
    static boolean valid(String token) {
        int gap = token.indexOf("::");
        if (gap < 0) {
            return groups(token) == GROUPS;
        }
        if (token.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int left = gap == 0 ? 0 : groups(token.substring(0, gap));
        int right = gap + 2 == token.length() ? 0 : groups(token.substring(gap + 2));
        return left >= 0 && right >= 0 && left + right > 0 && left + right < GROUPS;
    }

    /** How many 16-bit groups colon-separated hexadecimal fields stand for; negative if one of them is none. */
    private static int groups(String part) {
        int groups = 0;
        int start = 0;
        while (start <= part.length()) {
            int colon = part.indexOf(':', start);
            int end = colon < 0 ? part.length() : colon;
            if (colon < 0 && Ipv4.valid(part.substring(start))) {
                return groups + 2;
            }
            if (end - start < 1 || end - start > 4 || !hex(part, start, end)) {
                return Integer.MIN_VALUE;
            }
            groups++;
            start = end + 1;
        }
        return groups;
    }

    private static boolean hex(String part, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isHex(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
