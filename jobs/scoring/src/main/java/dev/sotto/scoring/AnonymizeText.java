package dev.sotto.scoring;

import dev.sotto.anonymization.AnonymizedText;
import dev.sotto.anonymization.Anonymizer;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.Rejection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Takes personal data out of a message: the text and the subject are anonymized, the identifiers guarded. Nothing raw
 * goes further than this operator.
 */
final class AnonymizeText extends ProcessFunction<TextMessage, AnonymizedMessage> {
    private static final long serialVersionUID = 1L;

    private final AnonymizationRule rule;
    private transient @Nullable Anonymizer anonymizer;
    private transient @Nullable IdentifierGuard identifiers;
    private transient Counter entities = new SimpleCounter();

    AnonymizeText(AnonymizationRule rule) {
        this.rule = rule;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        byte[] key = rule.readKey();
        try {
            Anonymizer made = Anonymizer.create(rule.readPolicy(), key);
            anonymizer = made;
            identifiers = new IdentifierGuard(made, key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        entities = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("anonymizedEntities");
    }

    @Override
    public void processElement(TextMessage message, Context context, Collector<AnonymizedMessage> out) {
        AnonymizedMessage anonymized;
        try {
            anonymized = anonymize(message);
        } catch (RuntimeException e) {
            // A text that the anonymizer cannot digest must neither pass nor stop the job; the exception may quote it.
            context.output(
                    Refused.TAG,
                    Refused.withoutValue(
                            message.record(),
                            Rejection.INVALID_FIELD,
                            "the anonymizer failed with " + e.getClass().getSimpleName()));
            return;
        }
        entities.inc(anonymized.entities().size());
        out.collect(anonymized);
    }

    private AnonymizedMessage anonymize(TextMessage message) {
        Anonymizer opened = Objects.requireNonNull(anonymizer);
        IdentifierGuard guard = Objects.requireNonNull(identifiers);
        AnonymizedText text = opened.anonymize(message.text());
        List<RedactedSpan> spans = text.entities().stream()
                .map(entity -> new RedactedSpan(entity.type().name(), entity.outputStart(), entity.outputEnd()))
                .toList();
        return new AnonymizedMessage(
                message.channel(),
                guard.guard(message.id()),
                guard.guard(message.group()),
                opened.anonymize(message.subject()).text(),
                message.language(),
                message.time(),
                text.text(),
                spans,
                Coordinates.of(message.record()));
    }
}
