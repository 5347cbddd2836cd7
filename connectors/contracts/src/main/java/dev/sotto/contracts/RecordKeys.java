package dev.sotto.contracts;

import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.charset.StandardCharsets;

/** The keys of records, as UTF-8. A key of a topic that Stateful Functions reads is the function's id. */
public final class RecordKeys {
    private RecordKeys() {}

    /** {@code fl.sites}: the site. */
    public static byte[] site(SiteId site) {
        return utf8(site.value());
    }

    /** {@code fl.rounds}: task and sequence, so that compaction keeps the whole transcript. */
    public static String transcript(TaskId task, long sequence) {
        return task.value() + "/" + sequence;
    }

    /** {@code fl.updates}: round and chunk. */
    public static byte[] update(RoundId round, ChunkIndex chunk) {
        return utf8(round + "/" + chunk.value());
    }

    /** {@code fl.manifests}: round and site. */
    public static byte[] manifest(RoundId round, SiteId site) {
        return utf8(round + "/" + site.value());
    }

    /** {@code fl.arrivals} and {@code fl.unmask}: the round. */
    public static byte[] round(RoundId round) {
        return utf8(round.toString());
    }

    /** {@code fl.models}: the task. */
    public static byte[] task(TaskId task) {
        return utf8(task.value());
    }

    /** {@code fl.models}: the task's rollbacks, which compaction must not drop for the sake of a later model. */
    public static byte[] rollback(TaskId task) {
        return utf8(task.value() + "/rollback");
    }

    /** {@code fl.ledger}: task, release and step. */
    public static String ledger(TaskId task, String release, String step) {
        return task.value() + "/" + release + "/" + step;
    }

    /** {@code analytics.released}: the task and the window's start, so that compaction keeps every window. */
    public static byte[] released(TaskId task, long windowStart) {
        return utf8(task.value() + "/" + windowStart);
    }

    /** {@code analytics.released}: the end of releases, and the start of the window that was not released. */
    public static byte[] releasesEnd(TaskId task, long windowStart) {
        return utf8(task.value() + "/end/" + windowStart);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
