package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.RejectedRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Parses raw records; what cannot be read becomes a dead letter without its value. */
final class ParseText extends ProcessFunction<RawRecord, TextMessage> {
    private static final long serialVersionUID = 1L;

    private final TextRule rule;
    private transient @Nullable TextParsers parsers;

    ParseText(TextRule rule) {
        this.rule = rule;
    }

    @Override
    public void open(OpenContext context) {
        parsers = new TextParsers(rule);
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<TextMessage> out) {
        try {
            out.collect(Objects.requireNonNull(parsers).parse(record));
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, Refused.withoutValue(record, e.rejection(), String.valueOf(e.getMessage())));
        }
    }
}
