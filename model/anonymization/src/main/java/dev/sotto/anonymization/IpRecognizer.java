package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds IPv4 addresses of four octets and IPv6 addresses in full or shortened form, also with an IPv4 tail. Tokens
 * longer than any address are passed over, which keeps the scan linear.
 */
final class IpRecognizer implements EntityRecognizer {
    private static final int LONGEST = 45;

    @Override
    public List<Finding> find(NormalizedText text) {
        List<Finding> findings = new ArrayList<>();
        String value = text.value();
        int at = 0;
        while (at < value.length()) {
            if (!isPart(value.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            int colons = 0;
            int dots = 0;
            while (end < value.length() && isPart(value.charAt(end))) {
                colons += value.charAt(end) == ':' ? 1 : 0;
                dots += value.charAt(end) == '.' ? 1 : 0;
                end++;
            }
            if (colons >= 2) {
                token6(value, at, end, findings);
            }
            if (dots >= 3) {
                tokens4(value, at, end, findings);
            }
            at = end;
        }
        return findings;
    }

    @Override
    public String name() {
        return "ip-address";
    }

    private static boolean isPart(char c) {
        return Ascii.isHex(c) || c == ':' || c == '.';
    }

    private static void token6(String text, int from, int to, List<Finding> findings) {
        int start = from;
        int end = to;
        while (end > start && (text.charAt(end - 1) == '.' || lonelyColon(text, end - 1, end - 2))) {
            end--;
        }
        while (start < end
                && (text.charAt(start) == '.'
                        || lonelyColon(text, start, start + 1)
                        || text.startsWith(":::", start))) {
            start++;
        }
        if (end - start < 2
                || end - start > LONGEST
                || Ascii.wordBefore(text, start)
                || Ascii.wordAt(text, end)
                || !Ipv6.valid(text.substring(start, end))) {
            return;
        }
        boolean loopback = end - start <= 4;
        findings.add(new Finding(EntityType.IP_ADDRESS, start, end, loopback ? 0.3 : 0.9, "IPv6 groups"));
    }

    private static boolean lonelyColon(String text, int at, int neighbour) {
        return text.charAt(at) == ':' && !Ascii.is(text, neighbour, ':');
    }

    private static void tokens4(String text, int from, int to, List<Finding> findings) {
        int at = from;
        while (at < to) {
            if (!Ascii.isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            while (end < to && (Ascii.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
                end++;
            }
            int trimmed = end;
            while (text.charAt(trimmed - 1) == '.') {
                trimmed--;
            }
            boolean alone = !Ascii.wordBefore(text, at) && !Ascii.wordAt(text, trimmed) && !covered(findings, at);
            if (alone && trimmed - at <= 15 && Ipv4.valid(text.substring(at, trimmed))) {
                findings.add(new Finding(EntityType.IP_ADDRESS, at, trimmed, 0.8, "four octets"));
            }
            at = end;
        }
    }

    private static boolean covered(List<Finding> findings, int at) {
        return !findings.isEmpty() && findings.get(findings.size() - 1).end() > at;
    }
}
