package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** One subtask of the combiner, which polls what a test hands in. */
final class CombinerHarness extends OneInputStreamOperatorTestHarness<Verdict, Partial> {
    static final int PARTITIONS = 4;
    static final long RETENTION = 60_000;
    static final long IDLE = 500;

    private final ListFeed.Opener feeds;

    private CombinerHarness(CombinerSettings settings, ListFeed.Opener feeds, int parallelism, int subtask)
            throws Exception {
        super(new ChunkCombinerFactory(settings), 4, parallelism, subtask);
        this.feeds = feeds;
    }

    static CombinerHarness of(TestFederation federation, int parallelism, int subtask) throws Exception {
        ListFeed.Opener feeds = new ListFeed.Opener(PARTITIONS);
        CombinerSettings settings = new CombinerSettings(
                Carried.of(TaskDefinition.class, federation.task()),
                Carried.of(Trust.class, federation.trust()),
                feeds,
                new WindowTiming(
                        Duration.ofSeconds(5),
                        Duration.ofMillis(RETENTION),
                        Duration.ofMillis(IDLE),
                        Duration.ofMillis(IDLE)));
        return new CombinerHarness(settings, feeds, parallelism, subtask);
    }

    void chunk(RawRecord record) throws Exception {
        feeds.newest().add(record);
        pass(20);
    }

    /** Lets processing time pass, and polls. */
    void pass(long millis) throws Exception {
        setProcessingTime(getProcessingTime() + millis);
        settle();
    }

    private void settle() throws Exception {
        for (List<Mail> mails = getTaskMailbox().drain();
                !mails.isEmpty();
                mails = getTaskMailbox().drain()) {
            for (Mail mail : mails) {
                mail.run();
            }
        }
    }

    Map<Integer, Long> positions() {
        return feeds.newest().positions();
    }

    List<Integer> partitions() {
        return feeds.newest().partitions();
    }
}
