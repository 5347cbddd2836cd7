package dev.sotto.anonymization;

import java.util.List;

/**
 * Something that finds personal data in a text: a scanner of this module, or a model plugged in from outside.
 *
 * <p>An implementation is thread-safe, takes time linear in the text, returns findings that do not overlap each other,
 * and puts no part of the text into {@link Finding#why()}.
 */
public interface EntityRecognizer {
    /** All findings in the text, in any order, also the doubtful ones: the policy's threshold decides later. */
    List<Finding> find(NormalizedText text);

    /** A short stable name, shown beside every entity that this recognizer found. */
    String name();
}
