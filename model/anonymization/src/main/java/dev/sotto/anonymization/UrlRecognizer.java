package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds URLs: with a scheme, with a host that starts with {@code www.}, and, for a context word to raise, bare hosts
 * under a well-known top-level domain. A URL ends at white space, at a quote or at the first character that is not
 * ASCII. Linear, because the search goes on after whatever it has walked over.
 */
final class UrlRecognizer implements EntityRecognizer {
    private static final int LONGEST_SCHEME = 12;
    private static final String NOT_IN_URL = "\"<>\\^`{|}";
    private static final String TRAILING = ".,;:!?'\")]*_~-";
    private static final Set<String> TOP_LEVEL =
            Set.of("com", "org", "net", "io", "cn", "edu", "gov", "info", "biz", "co", "me", "dev", "app", "de", "uk");

    @Override
    public List<Finding> find(NormalizedText text) {
        Scan scan = new Scan(text.value());
        scan.run();
        return scan.findings;
    }

    @Override
    public String name() {
        return "url";
    }

    /** One walk over a text; every step returns the offset at which the search goes on. */
    private static final class Scan {
        private final String text;
        private final List<Finding> findings = new ArrayList<>();
        private int floor;

        private Scan(String text) {
            this.text = text;
        }

        private void run() {
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                at = c == ':' ? scheme(at) : c == '.' ? host(at) : at + 1;
            }
        }

        private int scheme(int colon) {
            if (!text.startsWith("://", colon)) {
                return colon + 1;
            }
            int start = colon;
            while (start > floor && colon - start < LONGEST_SCHEME && Ascii.isLetterOrDigit(text.charAt(start - 1))) {
                start--;
            }
            if (start == colon) {
                return colon + 1;
            }
            int host = colon + 3;
            int end = end(host);
            if (end == host) {
                end = endOfForeignHost(host);
            }
            return end == host ? host : found(start, end, 1, "scheme and host");
        }

        /** A host without any ASCII, such as an internationalized name, up to what cannot be in a name. */
        private int endOfForeignHost(int host) {
            int end = host;
            while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '.')) {
                end++;
            }
            return end == host ? host : end(end);
        }

        private int host(int dot) {
            int start = dot;
            while (start > floor && isHost(text.charAt(start - 1))) {
                start--;
            }
            int walked = dot;
            while (walked < text.length() && (isHost(text.charAt(walked)) || text.charAt(walked) == '.')) {
                walked++;
            }
            int end = walked;
            while (end > dot && !Ascii.isLetterOrDigit(text.charAt(end - 1))) {
                end--;
            }
            if (start == dot || end == dot || Ascii.is(text, start - 1, '@') || Ascii.is(text, walked, '@')) {
                return walked;
            }
            boolean www = dot - start == 3 && text.regionMatches(true, start, "www", 0, 3);
            String topLevel = text.substring(text.lastIndexOf('.', end - 1) + 1, end);
            if (!www && (topLevel.length() > 4 || !TOP_LEVEL.contains(topLevel.toLowerCase(Locale.ROOT)))) {
                return walked;
            }
            boolean path = Ascii.is(text, end, '/') || Ascii.is(text, end, ':') || Ascii.is(text, end, '?');
            int pathEnd = path ? Math.max(end, end(end)) : end;
            double score = www ? 0.9 : pathEnd > end ? 0.6 : 0.35;
            return Math.max(walked, found(start, pathEnd, score, www ? "host starts with www" : "well-known domain"));
        }

        private int found(int start, int end, double score, String why) {
            findings.add(new Finding(EntityType.URL, start, end, score, why));
            floor = end;
            return end;
        }

        private int end(int from) {
            int end = from;
            while (end < text.length() && isInUrl(text.charAt(end))) {
                end++;
            }
            while (end > from && TRAILING.indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            return end;
        }
    }

    private static boolean isHost(char c) {
        return Ascii.isLetterOrDigit(c) || c == '-';
    }

    private static boolean isInUrl(char c) {
        return c > ' ' && c < 0x7F && NOT_IN_URL.indexOf(c) < 0;
    }
}
