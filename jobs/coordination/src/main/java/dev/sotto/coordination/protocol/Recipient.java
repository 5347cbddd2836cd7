package dev.sotto.coordination.protocol;

import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;

/**
 * A function and the id of one of its instances.
 *
 * @param role which function
 * @param id the site, the task, or {@code task/round}
 */
public record Recipient(Role role, String id) {
    /** The five functions. */
    public enum Role {
        /** One a site: believes or refuses what a site writes. */
        SITE,
        /** One a task: takes it from block to block. */
        BLOCK,
        /** One a round: takes it from its opening to its result. */
        ROUND,
        /** One a task: writes the transcript. */
        TRANSCRIPT,
        /** One a task: keeps the privacy ledger. */
        LEDGER
    }

    /** The function of a site. */
    public static Recipient site(SiteId site) {
        return new Recipient(Role.SITE, site.value());
    }

    /** The function that takes a task from block to block. */
    public static Recipient block(TaskId task) {
        return new Recipient(Role.BLOCK, task.value());
    }

    /** The function of a round. */
    public static Recipient round(RoundId round) {
        return new Recipient(Role.ROUND, round.toString());
    }

    /** The function that writes a task's transcript. */
    public static Recipient transcript(TaskId task) {
        return new Recipient(Role.TRANSCRIPT, task.value());
    }

    /** The function that keeps a task's ledger. */
    public static Recipient ledger(TaskId task) {
        return new Recipient(Role.LEDGER, task.value());
    }
}
