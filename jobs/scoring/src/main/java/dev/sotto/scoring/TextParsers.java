package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;

/** The parsers of both channels. Thread-safe. */
final class TextParsers {
    private final TextParser chat;
    private final TextParser finance;

    TextParsers(TextRule rule) {
        this.chat = new TextParser(Channel.CHAT, rule.maxCharacters(), rule.skew());
        this.finance = new TextParser(Channel.FINANCE, rule.maxCharacters(), rule.skew());
    }

    /**
     * Parses a record by its topic's channel.
     *
     * @throws RejectedRecordException as {@link TextParser#parse}
     */
    TextMessage parse(RawRecord record) throws RejectedRecordException {
        return switch (Channel.ofTopic(record.topic())) {
            case CHAT -> chat.parse(record);
            case FINANCE -> finance.parse(record);
        };
    }
}
