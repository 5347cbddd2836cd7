package dev.sotto.coordination.protocol;

import dev.sotto.contracts.Rejection;

/** What the function of a site is told. */
public sealed interface SiteCommand extends Command {
    /**
     * A record of the site was refused further down.
     *
     * @param reason the fixed word
     * @param detail a sentence without secrets
     * @param value the record as it came
     */
    record Refused(Rejection reason, String detail, byte[] value) implements SiteCommand {}

    /**
     * The site did wrong in a way that no single record of it shows.
     *
     * @param reason a sentence without secrets
     */
    record Struck(String reason) implements SiteCommand {}
}
