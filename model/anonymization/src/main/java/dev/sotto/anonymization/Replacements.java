package dev.sotto.anonymization;

import java.util.HashMap;
import java.util.Map;

/** The replacements of one text: it remembers the numbers it gave to equal values. Not thread-safe. */
final class Replacements {
    private final Pseudonyms pseudonyms;
    private final Map<EntityType, Map<String, Integer>> numbers = new HashMap<>();

    Replacements(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /**
     * The text to put in an entity's place.
     *
     * @param normalized the entity's value in the normalized text
     * @param original the entity's value in the original text
     */
    String replace(Operator operator, EntityType type, String normalized, String original) {
        if (operator instanceof Operator.Replace replace) {
            return replace.numbered() ? "<" + type + "_" + number(type, normalized) + ">" : "<" + type + ">";
        }
        if (operator instanceof Operator.Mask mask) {
            return masked(original, mask.keepLast());
        }
        if (operator instanceof Operator.Hash hash) {
            return "<" + type + ":" + pseudonyms.of(type, type.canonical(normalized), hash.length()) + ">";
        }
        return operator instanceof Operator.Keep ? original : "";
    }

    private int number(EntityType type, String normalized) {
        Map<String, Integer> known = numbers.computeIfAbsent(type, t -> new HashMap<>());
        return known.computeIfAbsent(type.canonical(normalized), value -> known.size() + 1);
    }

    private static String masked(String original, int keepLast) {
        long telling = original.codePoints().filter(Character::isLetterOrDigit).count();
        long hidden = telling > 2L * keepLast ? telling - keepLast : telling;
        StringBuilder masked = new StringBuilder(original.length());
        long seen = 0;
        for (int at = 0; at < original.length(); ) {
            int codePoint = original.codePointAt(at);
            at += Character.charCount(codePoint);
            if (Character.isLetterOrDigit(codePoint) && seen++ < hidden) {
                masked.append('*');
            } else {
                masked.appendCodePoint(codePoint);
            }
        }
        return masked.toString();
    }
}
