package dev.sotto.scoring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message without personal data: its text is anonymized and its identifiers are passed through {@link
 * IdentifierGuard}.
 *
 * @param channel where it came from
 * @param id the message's id
 * @param group the conversation (chat) or source (finance)
 * @param subject what the message is about
 * @param language BCP 47 tag, if given
 * @param time when it was said, in milliseconds of the epoch
 * @param text the anonymized text
 * @param entities what was replaced, in the order of the text
 * @param coordinates where the raw record stands
 */
public record AnonymizedMessage(
        Channel channel,
        String id,
        String group,
        String subject,
        @Nullable String language,
        long time,
        String text,
        List<RedactedSpan> entities,
        Coordinates coordinates) {}
