package dev.sotto.coordination.protocol;

import dev.sotto.contracts.Rejection;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;

/** What the function of a site is told. */
public sealed interface SiteCommand extends Command {
    /**
     * A record of the site was refused further down.
     *
     * @param task the task it is of
     * @param reason the fixed word
     * @param detail a sentence without secrets
     * @param value the record as it came
     */
    record Refused(TaskId task, Rejection reason, String detail, byte[] value) implements SiteCommand {}

    /**
     * The site did wrong in a way that no single record of it shows.
     *
     * @param task in which task
     * @param reason a sentence without secrets
     */
    record Struck(TaskId task, String reason) implements SiteCommand {}

    /** The effect that strikes a site. */
    static Effect strike(SiteId site, TaskId task, String reason) {
        return new Effect.Tell(Recipient.site(site), new Struck(task, reason));
    }
}
