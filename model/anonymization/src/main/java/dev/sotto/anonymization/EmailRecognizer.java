package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds e-mail addresses by walking both ways from every at sign. Letters of alphabetic scripts belong to an address,
 * Chinese, Japanese and Korean characters end it. Linear, because no walk passes another at sign.
 */
final class EmailRecognizer implements EntityRecognizer {
    private static final String LOCAL_SIGNS = "._%+-'";

    /** Below it an at sign may as well be the second of a pair, and the part after it a local part. */
    private static final double WEAKEST_DOMAIN = 0.5;

    @Override
    public List<Finding> find(NormalizedText text) {
        List<Finding> findings = new ArrayList<>();
        String value = text.value();
        int floor = 0;
        for (int at = value.indexOf('@'); at >= 0; at = value.indexOf('@', at + 1)) {
            Finding finding = around(value, at, floor);
            if (finding != null) {
                findings.add(finding);
                floor = finding.score() < WEAKEST_DOMAIN ? floor : finding.end();
            }
        }
        return findings;
    }

    @Override
    public String name() {
        return "email";
    }

    private static @Nullable Finding around(String text, int at, int floor) {
        int start = at;
        while (start > floor && isLocal(text.charAt(start - 1))) {
            start--;
        }
        while (start < at && !isAddressLetterOrDigit(text.charAt(start))) {
            start++;
        }
        int end = at + 1;
        while (end < text.length() && isDomain(text.charAt(end))) {
            end++;
        }
        while (end > at + 1 && !isAddressLetterOrDigit(text.charAt(end - 1))) {
            end--;
        }
        if (start == at || end == at + 1) {
            return null;
        }
        int dot = end - 1;
        while (dot > at && text.charAt(dot) != '.') {
            dot--;
        }
        if (dot <= at + 1) {
            return new Finding(EntityType.EMAIL, start, end, 0.35, "local part and host without a top-level domain");
        }
        boolean named = end - dot > 2 && !Ascii.isDigit(text.charAt(end - 1));
        return new Finding(EntityType.EMAIL, start, end, named ? 0.95 : 0.6, "local part and domain");
    }

    private static boolean isLocal(char c) {
        return isAddressLetterOrDigit(c) || LOCAL_SIGNS.indexOf(c) >= 0;
    }

    private static boolean isDomain(char c) {
        return isAddressLetterOrDigit(c) || c == '.' || c == '-';
    }

    static boolean isAddressLetterOrDigit(char c) {
        return c < 0x80 ? Ascii.isLetterOrDigit(c) : c < 0x1100 && Character.isLetter(c);
    }
}
