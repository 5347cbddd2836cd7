package dev.sotto.anonymization;

/**
 * What a recognizer claims about a stretch of a {@link NormalizedText}: never the stretch itself.
 *
 * @param type the kind of personal data
 * @param start offset of the first character in the normalized text
 * @param end offset after the last character in the normalized text, greater than {@code start}
 * @param score how sure the recognizer is, in [0, 1]
 * @param why what was seen, in words that hold no part of the text
 */
public record Finding(EntityType type, int start, int end, double score, String why) {
    public Finding {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException(
                    "span [%d, %d) of %s is empty or negative; a finding covers at least one character"
                            .formatted(start, end, type));
        }
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException(
                    "score of %s is %s but must be in [0, 1]; scale it".formatted(type, score));
        }
    }

    int length() {
        return end - start;
    }

    Finding within(int newStart, int newEnd) {
        return new Finding(type, newStart, newEnd, score, why + ", clipped");
    }

    Finding raised(double by, double highest, String reason) {
        return new Finding(type, start, end, Math.min(highest, score + by), why + ", " + reason);
    }
}
