package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came in, raw text included; it lives between the parser and the anonymizer and goes no further.
 *
 * @param channel where it came from
 * @param id the message's id, unique in its channel
 * @param group the conversation (chat) or source (finance)
 * @param subject what the message is about; {@link TextParser#NO_SUBJECT} if it does not say
 * @param language BCP 47 tag, if given
 * @param time when it was said, in milliseconds of the epoch
 * @param text the raw text
 * @param record the record it was read from
 */
public record TextMessage(
        Channel channel,
        String id,
        String group,
        String subject,
        @Nullable String language,
        long time,
        String text,
        RawRecord record) {
    /** Where it stands and its length alone: every other field may hold personal data. */
    @Override
    public String toString() {
        return "TextMessage[%s, %d characters]".formatted(record, text.length());
    }
}
