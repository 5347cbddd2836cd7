package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A policy at work: it finds personal data in a text and replaces it.
 *
 * <p>Immutable and thread-safe; a text's cost is linear in its length, whatever it holds. Any string is accepted, also
 * with unpaired surrogates. The same text, policy and key always give the same result.
 */
public final class Anonymizer {
    private final Policy policy;
    private final Set<String> allowed;
    private final List<EntityRecognizer> recognizers;
    private final Pseudonyms pseudonyms;

    private Anonymizer(Policy policy, Pseudonyms pseudonyms, List<EntityRecognizer> recognizers) {
        this.policy = policy;
        this.pseudonyms = pseudonyms;
        this.recognizers = recognizers;
        this.allowed = new HashSet<>();
        policy.allow()
                .forEach(
                        value -> allowed.add(comparable(NormalizedText.of(value).value())));
    }

    /**
     * An anonymizer with the recognizers of this module.
     *
     * @param hashKey the key of the hash operator, at least 16 random bytes, copied; may be empty if the policy hashes
     *     nothing
     * @throws IllegalArgumentException if the policy hashes and the key is too short
     */
    public static Anonymizer create(Policy policy, byte[] hashKey) {
        return create(policy, hashKey, List.of());
    }

    /**
     * An anonymizer with more recognizers, such as a model for names, beside this module's.
     *
     * @throws IllegalArgumentException if the policy hashes and the key is too short
     */
    public static Anonymizer create(Policy policy, byte[] hashKey, List<? extends EntityRecognizer> more) {
        byte[] key = policy.needsKey() || hashKey.length >= Pseudonyms.SHORTEST_KEY
                ? hashKey
                : new byte[Pseudonyms.SHORTEST_KEY];
        List<EntityRecognizer> recognizers = new ArrayList<>(List.of(
                new DenyListRecognizer(policy.deny()),
                new UrlRecognizer(),
                new EmailRecognizer(),
                new IbanRecognizer(),
                new CnIdCardRecognizer(),
                new CreditCardRecognizer(),
                new CnMobileRecognizer(),
                new PhoneRecognizer(policy.phoneRegions()),
                new IpRecognizer()));
        recognizers.addAll(more);
        return new Anonymizer(policy, new Pseudonyms(key), List.copyOf(recognizers));
    }

    /** Replaces what the policy says must not stay. */
    public AnonymizedText anonymize(String text) {
        NormalizedText normalized = NormalizedText.of(text);
        return replace(text, normalized, ConflictResolution.resolve(normalized, recognize(normalized)));
    }

    private List<RecognizedEntity> recognize(NormalizedText text) {
        List<RecognizedEntity> entities = new ArrayList<>();
        for (EntityRecognizer recognizer : recognizers) {
            for (Finding found : recognizer.find(text)) {
                Finding weighed = ContextWords.weigh(text, found);
                if (weighed.score() >= policy.rule(weighed.type()).threshold() && !isAllowed(text, weighed)) {
                    entities.add(new RecognizedEntity(weighed, recognizer.name()));
                }
            }
        }
        return entities;
    }

    private boolean isAllowed(NormalizedText text, Finding finding) {
        return !allowed.isEmpty()
                && allowed.contains(comparable(text.value().substring(finding.start(), finding.end())));
    }

    private static String comparable(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }

    private AnonymizedText replace(String text, NormalizedText normalized, List<RecognizedEntity> entities) {
        Replacements replacements = new Replacements(pseudonyms);
        StringBuilder output = new StringBuilder(text.length());
        List<RedactedEntity> redacted = new ArrayList<>(entities.size());
        int copied = 0;
        for (RecognizedEntity entity : entities) {
            Finding finding = entity.finding();
            Operator operator = policy.rule(finding.type()).operator();
            if (operator instanceof Operator.Keep) {
                continue;
            }
            int start = normalized.originalStart(finding.start());
            int end = normalized.originalEnd(finding.end());
            output.append(text, copied, start);
            int outputStart = output.length();
            output.append(replacements.replace(
                    operator,
                    finding.type(),
                    normalized.value().substring(finding.start(), finding.end()),
                    text.substring(start, end)));
            redacted.add(new RedactedEntity(
                    finding.type(),
                    start,
                    end,
                    outputStart,
                    output.length(),
                    entity.recognizer(),
                    finding.score(),
                    finding.why()));
            copied = end;
        }
        return new AnonymizedText(output.append(text, copied, text.length()).toString(), redacted);
    }
}
